import { describe, expect, it } from 'vitest';
import { repeatedWords } from '../../../src/models/asr/seam.js';

/** Settled words with `|` where the kept audio begins. */
function repeated(settled: string, heard: string): number {
  const [before = '', kept = ''] = settled.split('|');
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  return repeatedWords([...words(before), ...words(kept)], words(before).length, words(heard));
}

describe('words that repeat settled ones', () => {
  it('are those that were heard in the same audio before', () => {
    expect(repeated('| a b c', 'a b c d e')).toBe(3);
    expect(repeated('| a b c', 'a b c')).toBe(3);
    expect(repeated('|', 'a b')).toBe(0);
    expect(repeated('| a b', '')).toBe(0);
  });

  it('are found when the recogniser has changed, added or lost one of them', () => {
    expect(repeated('| a b c', 'a x c d')).toBe(3);
    expect(repeated('| a b c', 'u a b c d')).toBe(4);
    expect(repeated('| a b c', 'a c d')).toBe(2);
    expect(repeated('| i cannot go', 'i can not go there')).toBe(4);
  });

  it('are as many as are settled when it has changed all of them', () => {
    expect(repeated('| a b c', 'x y z w')).toBe(3);
    expect(repeated('| a b c', 'x')).toBe(1);
  });

  it('are not those that a speaker has really said again', () => {
    expect(repeated('| no', 'no no no')).toBe(1);
    expect(repeated('| no no', 'no no no')).toBe(2);
  });

  it('may come from before the kept audio, as n-grams of any length that was remembered', () => {
    expect(repeated('a b c |', 'c d')).toBe(1);
    expect(repeated('a b c |', 'b c d')).toBe(2);
    expect(repeated('a b c d e |', 'a b c d e f')).toBe(5);
    expect(repeated('on the | mat and', 'the mat and then')).toBe(3);
    // The longest repetition counts, not the first that fits.
    expect(repeated('a b b |', 'b b c')).toBe(2);
  });

  it('need not come from there', () => {
    expect(repeated('a b c |', 'd e')).toBe(0);
    expect(repeated('a b | c', 'c d')).toBe(1);
  });
});
