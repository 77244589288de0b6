/** What becomes of the answers of a pass: checked, recorded, thresholded, turned into events. */

import type { SpeakerEvents } from '../core/events.js';
import type { DiscriminativeModel, FloorDecision } from '../core/model.js';
import { STEPS_PER_SECOND, samplesPerStep } from '../core/time.js';
import { eventsOf } from '../decide/floor.js';
import { floorsAt, LevelWalk } from '../decide/levels.js';
import { TrackRecorder } from '../stream/recorder.js';
import type { Timed } from './measure.js';
import type { TimedPart } from './timing.js';

/** As in `eval`, at one threshold. */
export class Decisions {
  readonly #walk: LevelWalk;
  readonly #recorder: TrackRecorder;

  /** @param steps how many answers there will be. */
  constructor(model: DiscriminativeModel, steps: number) {
    this.#walk = new LevelWalk([model.defaultThreshold ?? 0.5], steps);
    this.#recorder = new TrackRecorder(1, steps, model.thresholds, this.#walk);
  }

  add(answer: FloorDecision): void {
    this.#recorder.add(answer);
  }

  /** After the last answer. */
  finish(): SpeakerEvents {
    const track = this.#recorder.finish();
    if (track.kind === 'bit') return eventsOf(track.floor);
    const { thresholds } = this.#walk.track;
    return eventsOf((track.kind === 'bits' ? track.floors : floorsAt(this.#walk.track, thresholds))[0]!);
  }
}

/**
 * A second of answers that change their mind five times, in the form in which the model answers.
 * @throws whatever the model throws on its first step.
 */
export async function decisionPart(model: DiscriminativeModel): Promise<TimedPart & Timed> {
  const silence = new Float32Array(samplesPerStep(model.inputSampleRate));
  await model.reset();
  const unseen = { subject: null, other: null };
  const first = await model.step(silence, silence, model.video && unseen);
  const answers = Array.from({ length: STEPS_PER_SECOND }, (_, step) => inFormOf(first, step % 20 < 10));
  return {
    kind: 'decision',
    name: 'one second: 50 answers checked, thresholded, turned into events',
    audioS: 1,
    run() {
      const decisions = new Decisions(model, answers.length);
      for (const answer of answers) decisions.add(answer);
      return decisions.finish();
    },
  };
}

function inFormOf(decision: FloorDecision, held: boolean): FloorDecision {
  const bit = held ? 1 : 0;
  if (typeof decision === 'number') return bit;
  return Array.isArray(decision) ? decision.map(() => bit) : { pFloor: held ? 0.9 : 0.1 };
}
