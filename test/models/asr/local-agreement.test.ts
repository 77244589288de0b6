import { describe, expect, it } from 'vitest';
import { LocalAgreement } from '../../../src/models/asr/local-agreement.js';
import { spread, type Transcript, type Word } from '../../../src/models/asr/words.js';

/** `a@1 b@1.5`: words of 0.5 s from those times on. */
function timed(text: string): Transcript {
  const words = text.split(' ').filter((word) => word !== '');
  return {
    isTimed: true,
    words: words.map((word) => {
      const [plain = '', at] = word.split('@');
      return { text: plain, startS: Number(at), endS: Number(at) + 0.5 };
    }),
  };
}

function plain(text: string, fromS: number, untilS: number): Transcript {
  return { isTimed: false, words: spread(text, fromS, untilS) };
}

function texts(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}

describe('LocalAgreement-2', () => {
  it('makes stable what two successive hypotheses agree on, and nothing else', () => {
    const agreement = new LocalAgreement();
    expect(texts(agreement.insert(timed('the@0 cat@0.5'), 1))).toBe('');
    expect(texts(agreement.tentative)).toBe('the cat');
    expect(texts(agreement.insert(timed('the@0 cat@0.5 sad@1'), 2))).toBe('the cat');
    expect(texts(agreement.insert(timed('the@0 cat@0.5 sat@1 on@1.5'), 3))).toBe('');
    expect(texts(agreement.tentative)).toBe('sat on');
    expect(texts(agreement.insert(timed('the@0 cat@0.5 sat@1 on@1.5 it.@2'), 4))).toBe('sat on');
    expect(texts(agreement.insert(timed('the@0 cat@0.5 sat@1 on@1.5 it.@2'), 5))).toBe('it.');
    expect(agreement.tentative).toEqual([]);
  });

  it('never takes a stable word back, nor says it twice when it is heard otherwise', () => {
    const agreement = new LocalAgreement();
    agreement.insert(timed('I@0 cannot@0.5'), 1);
    expect(texts(agreement.insert(timed('I@0 cannot@0.5'), 2))).toBe('I cannot');
    // Now it hears another word, then none, then two for one.
    agreement.insert(timed("i,@0 can't@0.5 go@1.2"), 3);
    expect(texts(agreement.insert(timed("I@0 can't@0.5 go@1.2"), 4))).toBe('go');
    agreement.insert(timed('I@0 go@1.2 now@2'), 5);
    expect(texts(agreement.insert(timed('I@0 can@0.5 not@0.7 go@1.2 now@2'), 6))).toBe('now');
  });

  it('wants texts equal to the letter, so that a sentence is over only when two hypotheses say so', () => {
    const agreement = new LocalAgreement();
    agreement.insert(timed('so.@0'), 1);
    expect(texts(agreement.insert(timed('so@0'), 2))).toBe('');
    expect(texts(agreement.insert(timed('so@0'), 3))).toBe('so');
  });

  it('holds back what a recogniser invents once in silence', () => {
    const agreement = new LocalAgreement();
    agreement.insert(timed(''), 1);
    expect(agreement.insert(timed('Thank@0 you.@0.5'), 2)).toEqual([]);
    expect(agreement.insert(timed(''), 3)).toEqual([]);
    expect(agreement.tentative).toEqual([]);
    expect(agreement.insert(timed('Bye.@2'), 4)).toEqual([]);
    expect(agreement.insert(timed('Okay.@3'), 5)).toEqual([]);
  });

  it('flushes what no further hypothesis will confirm', () => {
    const agreement = new LocalAgreement();
    agreement.insert(timed('one@0 two@0.5'), 1);
    expect(texts(agreement.flush())).toBe('one two');
    expect(agreement.flush()).toEqual([]);
    // Heard again in the same audio, it is not new.
    agreement.insert(timed('one@0 two@0.5 three@1'), 2);
    expect(texts(agreement.flush())).toBe('three');
  });

  it('drops words at the seam after a trim that a cut made the recogniser repeat', () => {
    const agreement = new LocalAgreement();
    for (const untilS of [2, 3]) agreement.insert(timed('a@0 b@0.5 c@1 d@1.5'), untilS);
    agreement.trim(1.5);
    expect(texts(agreement.kept)).toBe('d');
    // The kept audio begins at 1.5 s, with a rest of `c`.
    agreement.insert(timed('c@1.5 d@1.6 e@2'), 4);
    expect(texts(agreement.tentative)).toBe('e');
  });

  it('does not take a word for a repetition that was said long after the cut', () => {
    const agreement = new LocalAgreement();
    for (const untilS of [2, 3]) agreement.insert(timed('thank@0 you@0.5'), untilS);
    agreement.trim(1);
    agreement.insert(timed('thank@4 you@4.5'), 5);
    expect(texts(agreement.tentative)).toBe('thank you');
  });

  it('forgets everything when other audio follows', () => {
    const agreement = new LocalAgreement();
    for (const untilS of [1, 2]) agreement.insert(timed('yes@0'), untilS);
    agreement.restart();
    agreement.insert(timed('yes@10'), 11);
    expect(texts(agreement.tentative)).toBe('yes');
  });
});

describe('times', () => {
  it('stay where the recogniser heard the words, whatever silence lies between them', () => {
    //          0   1              60   61
    // speaker  one ............... two
    const agreement = new LocalAgreement();
    for (const untilS of [1, 2]) agreement.insert(timed('one@0'), untilS);
    agreement.insert(timed('one@0 two@60'), 61);
    const stable = agreement.insert(timed('one@0 two@60'), 62);
    expect(stable).toEqual([{ text: 'two', startS: 60, endS: 60.5 }]);
  });

  it('never go back behind a stable word', () => {
    const agreement = new LocalAgreement();
    for (const untilS of [1, 2]) agreement.insert(timed('one@0.3'), untilS);
    agreement.insert(timed('one@0.3 two@0.6'), 3);
    expect(agreement.tentative).toEqual([{ text: 'two', startS: 0.8, endS: 1.1 }]);
  });

  it('of a recogniser that has none are spread over what is left, so that settled words are not counted again', () => {
    // Evenly over all audio the same words would move with every request: `b` from 0.5–1 to 1.5–3.
    const agreement = new LocalAgreement();
    agreement.insert(plain('a b', 0, 1), 1);
    agreement.insert(plain('a b', 0, 2), 2);
    expect(agreement.kept).toEqual([
      { text: 'a', startS: 0, endS: 1 },
      { text: 'b', startS: 1, endS: 2 },
    ]);
    expect(agreement.insert(plain('a b', 0, 3), 3)).toEqual([]);
    expect(agreement.tentative).toEqual([]);
    agreement.insert(plain('a b c d e f', 0, 4), 4);
    expect(texts(agreement.tentative)).toBe('c d e f');
    expect(agreement.tentative[0]).toEqual({ text: 'c', startS: 2, endS: 2.5 });
    expect(agreement.tentative.at(-1)).toEqual({ text: 'f', startS: 3.5, endS: 4 });
  });
});
