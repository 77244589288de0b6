import { expect, it } from 'vitest';
import { bareText, endsSentence, spread } from '../../../src/models/asr/words.js';

it('spreads the words of a text evenly over a span', () => {
  expect(spread(' so  be it ', 1, 4)).toEqual([
    { text: 'so', startS: 1, endS: 2 },
    { text: 'be', startS: 2, endS: 3 },
    { text: 'it', startS: 3, endS: 4 },
  ]);
  expect(spread('  ', 0, 4)).toEqual([]);
});

it('takes every character of a script without spaces as a word, with its punctuation', () => {
  expect(spread('好的。OK 行', 0, 4).map(({ text }) => text)).toEqual(['好', '的。', 'OK', '行']);
});

it('knows a word again in other case and punctuation, and keeps what is nothing else', () => {
  expect(bareText('“Hello,')).toBe(bareText('hello'));
  expect(bareText('—')).toBe('—');
});

it('sees the end of a sentence at its mark, but not at dots of hesitation or a comma', () => {
  for (const text of ['done.', 'really?', 'no!', 'so.”', '好。', 'いい？']) expect(endsSentence(text), text).toBe(true);
  for (const text of ['well...', 'well…', 'and,', 'word', '3.5']) expect(endsSentence(text), text).toBe(false);
});
