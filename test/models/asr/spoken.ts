/**
 * Speech that can be recognised without a recogniser: a word is a constant level, and the level is its number in the
 * vocabulary. Who hears the samples knows the words and when they are, whatever piece of the audio it is.
 */

import type { Word } from '../../../src/models/asr/words.js';

export const SPOKEN_RATE = 16_000;

/** Where the levels of words begin, and how far apart they are. 16-bit audio keeps them apart. */
const LOWEST = 0.05;
const APART = 0.005;

export const VOCABULARY = Array.from({ length: 180 }, (_, i) => `w${i}`);

/** Less of a word than this is heard as something else, s. */
export const SHORTEST_S = 0.15;

export interface SpokenWord {
  readonly word: string;
  readonly startS: number;
  readonly endS: number;
}

export function speak(words: readonly SpokenWord[], durationS: number, vocabulary = VOCABULARY): Float32Array {
  const samples = new Float32Array(Math.round(durationS * SPOKEN_RATE));
  for (const { word, startS, endS } of words) {
    const level = LOWEST + APART * vocabulary.indexOf(word);
    samples.fill(level, Math.round(startS * SPOKEN_RATE), Math.round(endS * SPOKEN_RATE));
  }
  return samples;
}

/** Words one after the other, 0.3 s each and 0.1 s apart. */
export function sentence(words: readonly string[], startS: number): SpokenWord[] {
  return words.map((word, i) => ({ word, startS: startS + 0.4 * i, endS: startS + 0.4 * i + 0.3 }));
}

/** Times are s since the first sample. A piece of a word that is too short is heard as `eh`. */
export function hear(samples: Float32Array, vocabulary = VOCABULARY): Word[] {
  const words: Word[] = [];
  let start = 0;
  for (let i = 1; i <= samples.length; i++) {
    if (i < samples.length && Math.abs(samples[i]! - samples[i - 1]!) < APART / 2) continue;
    const level = samples[start]!;
    const [startS, endS] = [start / SPOKEN_RATE, i / SPOKEN_RATE];
    start = i;
    if (level < LOWEST / 2) continue;
    const text = endS - startS < SHORTEST_S ? 'eh' : vocabulary[Math.round((level - LOWEST) / APART)]!;
    words.push({ text, startS, endS });
  }
  return words;
}
