/**
 * From a detector that hears, and may see, single speakers to a model of the floor.
 *
 * Most detectors say the same about a channel whoever is the subject. Such a detector is written once over `rows`
 * channels that advance together: with one row it serves separate passes, with two it serves both passes at once, as
 * one batch where that pays. Answers are reused objects, so that hours of audio leave no garbage behind.
 */

import type { Awaitable } from '../core/awaitable.js';
import type { DiscriminativeModel, SeenFrames } from '../core/model.js';

/** What a row answers must not depend on how many rows there are, to the bit. */
export interface ChannelDetector {
  /** Back to silence. */
  reset(): void;
  /**
   * Advance every row by one step of 20 ms.
   * @param seen of every row, for a model that asks for `video`.
   * @returns P(floor) per row, in [0, 1]; valid until the next call. A promise only when there is something to wait for.
   */
  step(rows: readonly Float32Array[], seen?: readonly SeenFrames[]): Awaitable<ArrayLike<number>>;
}

/**
 * The subject's own channel decides; the other is not heard nor looked at.
 * @param about rate, threshold, video, weights and `close` of the model
 * @param makeDetector called for one row and for two
 */
export function pairedModel(
  about: Omit<DiscriminativeModel, 'reset' | 'step' | 'stepBoth' | 'thresholds'>,
  makeDetector: (rows: number) => ChannelDetector,
): DiscriminativeModel {
  const single = makeDetector(1);
  const double = makeDetector(2);
  const one: Float32Array[] = [];
  const two: Float32Array[] = [];
  const answer = { pFloor: 0 };
  const answers: [{ pFloor: number }, { pFloor: number }] = [{ pFloor: 0 }, { pFloor: 0 }];
  function ofOne(p: ArrayLike<number>) {
    answer.pFloor = p[0]!;
    return answer;
  }
  function ofBoth(p: ArrayLike<number>) {
    answers[0].pFloor = p[0]!;
    answers[1].pFloor = p[1]!;
    return answers;
  }
  return {
    ...about,
    reset() {
      single.reset();
      double.reset();
    },
    step(subject, _other, video) {
      one[0] = subject;
      const p = single.step(one, video && [video.subject]);
      return p instanceof Promise ? p.then(ofOne) : ofOne(p);
    },
    stepBoth(speaker1, speaker2, video) {
      two[0] = speaker1;
      two[1] = speaker2;
      const p = double.step(two, video && [video[1], video[2]]);
      return p instanceof Promise ? p.then(ofBoth) : ofBoth(p);
    },
  };
}
