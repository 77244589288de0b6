/**
 * Single user turns, so small that their policies are worked out by hand. `+` is a tone, everything else silence.
 *
 *            0    1    2    3    4    5 s
 *   en-1     |++++    ++++ .         |      1 pause 1.0–1.8, end 2.8–5.0
 *   de-1     |+++++++++    ++++      |      1 pause 2.0–2.6, end 3.6–5.0
 */

import { type Tree, wav } from './dataset-folder.js';
import { TINY_RATE, tones } from './tiny-world.js';

const EN = wav(
  [
    tones(
      [
        { startS: 0, endS: 1 },
        { startS: 1.8, endS: 2.8 },
      ],
      5,
    ),
  ],
  TINY_RATE,
);
const DE = tones(
  [
    { startS: 0, endS: 2 },
    { startS: 2.6, endS: 3.6 },
  ],
  5,
);

export const EN_ROW = {
  id: 'en-1',
  language: ' EN ',
  audio: 'audio/en-1.wav',
  silence_spans: [
    { start: 1, end: 1.8 },
    { start: 2.8, end: 5 },
  ],
  messages: [{ role: 'assistant', content: 'Hello?' }],
};

/** Stereo: the mean of its channels is half as loud. */
export const DE_ROW = {
  id: 'de-1',
  language: 'de',
  audio: 'audio/de-1.wav',
  silence_spans: [
    { start: 2, end: 2.6 },
    { start: 3.6, end: 5 },
  ],
};

/** @param rows in place of those of the two turns. */
export function userTurns(rows: readonly (object | string)[] = [EN_ROW, DE_ROW]): Tree {
  const lines = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  return {
    'dataset.json': { name: 'turns', version: '1.0.0' },
    'turns.jsonl': lines.map((line) => `${line}\n`).join(''),
    'audio/en-1.wav': EN,
    'audio/de-1.wav': wav([DE, DE.map(() => 0)], TINY_RATE),
  };
}
