/**
 * Conversations of six seconds, so small that their scores are counted by hand. `+` is a tone of 0.3 full scale,
 * everything else is digital silence.
 *
 *              0     1     2     3     4     5     6 s
 *   speaker 1  |  ++turn++ ++turn++     ++interrupts++   0.5–1.5, 1.9–2.5, 4.0–5.5
 *   speaker 2  |     +bc+          ++turn++++             1.0–1.3, 3.0–4.5
 *
 * Gold: EOT at 2.5 and 5.5 (speaker 1) and 4.5 (speaker 2); pause 1.5–1.9 of speaker 1; INT of speaker 1 at 4.0; the
 * backchannel 1.0–1.3 of speaker 2 is an INT negative.
 */

import type { Interval } from '../../src/core/gold.js';
import { type Tree, wav } from './dataset-folder.js';
import { BACKCHANNEL, INTERRUPTION } from './gold.js';

export const TINY_RATE = 8000;
export const TINY_DURATION_S = 6;

const SPEECH = {
  1: [
    { startS: 0.5, endS: 1.5, label: 'Normal Turn' },
    { startS: 1.9, endS: 2.5, label: 'Normal Turn' },
    { startS: 4, endS: 5.5, label: INTERRUPTION },
  ],
  2: [
    { startS: 1, endS: 1.3, label: BACKCHANNEL },
    { startS: 3, endS: 4.5, label: 'Normal Turn' },
  ],
} as const;

/** Samples of a channel, in [-32768, 32767]. */
export function tones(spans: readonly Interval[], durationS = TINY_DURATION_S): number[] {
  return Array.from({ length: durationS * TINY_RATE }, (_, i) => {
    const timeS = i / TINY_RATE;
    const sounds = spans.some(({ startS, endS }) => timeS >= startS && timeS < endS);
    return sounds ? Math.round(0.3 * 32767 * Math.sin(2 * Math.PI * 200 * timeS)) : 0;
  });
}

const CHANNELS = { 1: wav([tones(SPEECH[1])], TINY_RATE), 2: wav([tones(SPEECH[2])], TINY_RATE) };

/** One annotator's marks of a speaker, as on disk. */
export function tinyTrack(speaker: 1 | 2): { start_s: number; end_s: number; label: string }[] {
  return SPEECH[speaker].map(({ startS, endS, label }) => ({ start_s: startS, end_s: endS, label }));
}

export const TINY_ANNOTATIONS = { speaker_1: { a: tinyTrack(1) }, speaker_2: { a: tinyTrack(2) } };

/** A data set of such conversations, all alike. */
export function tinyDataset(...ids: readonly string[]): Tree {
  const files = ids.flatMap((id) => [
    [`${id}/speaker_1_audio.wav`, CHANNELS[1]],
    [`${id}/speaker_2_audio.wav`, CHANNELS[2]],
    [`${id}/annotations.json`, TINY_ANNOTATIONS],
    [`${id}/metadata.json`, { conversation_type: Number(id) % 2 === 1 ? 'odd' : 'even' }],
  ]);
  return { 'dataset.json': { name: 'tiny', version: '1.0.0' }, ...Object.fromEntries(files) };
}

/** Source of a model module whose `step(subject, other)` is the given body; it may use `state`, new in each pass. */
export function modelSource(step: string, more = ''): string {
  return `export function loadModel(options) {
  let state = {};
  return {
    inputSampleRate: ${TINY_RATE},
    reset() { state = {}; },
    step(subject, other) { ${step} },
    ${more}
  };
}
`;
}

/** A body for `modelSource`: the floor is held with a probability that grows with the loudness of the subject. */
export const LOUDNESS = `
  let sum = 0;
  for (const x of subject) sum += x * x;
  const rms = Math.sqrt(sum / subject.length);
  return { pFloor: rms / (rms + 0.01) };
`;
