/**
 * Where nobody speaks there is nothing to recognise: a detector saves requests, keeps recognisers from hearing words in
 * silence, and tells when no further hypothesis can confirm what is tentative.
 */

import type { Awaitable } from '../../core/awaitable.js';
import type { DiscriminativeModel, FloorDecision, ProbableFloor } from '../../core/model.js';
import { energyVad } from '../energy-vad.js';
import { sileroVad } from '../silero-vad.js';

export const SILENCE_DETECTORS = ['silero', 'energy', 'none'] as const;

/** Of one model: it serves one row and two rows of channels, which advance apart. */
export interface SilenceDetector {
  readonly model: DiscriminativeModel | undefined;
  /** @returns whether each row has speech in this step, or seems to: undefined when nobody listens. */
  step(rows: readonly Float32Array[]): Awaitable<readonly (boolean | undefined)[]>;
}

/** @param threshold of the detector; undefined = its own. */
export async function silenceDetector(
  kind: (typeof SILENCE_DETECTORS)[number],
  threshold: number | undefined,
): Promise<SilenceDetector> {
  if (kind === 'none') return { model: undefined, step: (rows) => rows.map(() => undefined) };
  const options = threshold === undefined ? {} : { threshold };
  const model = await (kind === 'silero' ? sileroVad : energyVad).loadModel(options);
  const { defaultThreshold = 0.5 } = model;
  const isSpeech = (answer: FloorDecision) => (answer as ProbableFloor).pFloor > defaultThreshold;
  const step = (rows: readonly Float32Array[]): Awaitable<readonly FloorDecision[]> => {
    const [first, second] = rows as [Float32Array, Float32Array?];
    if (second) return model.stepBoth!(first, second);
    const answer = model.step(first, first);
    return answer instanceof Promise ? answer.then((decision) => [decision]) : [answer];
  };
  return {
    model,
    step(rows) {
      const answers = step(rows);
      return answers instanceof Promise ? answers.then((all) => all.map(isSpeech)) : answers.map(isSpeech);
    },
  };
}
