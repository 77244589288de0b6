/**
 * Everything a model heard and answered in a conversation, kept for looking at it. Memory grows with the length of the
 * audio, so only runs that write tracks pay for it.
 */

import type { Awaitable } from '../core/awaitable.js';
import type { DiscriminativeModel, FloorDecision, ProbableFloor, SeenFrames } from '../core/model.js';
import type { PerSpeaker } from '../core/speaker.js';

/** What one pass heard and answered. */
export interface PassTrace {
  /** Hz: the rate of the model. */
  readonly sampleRateHz: number;
  readonly subject: Float32Array;
  readonly other: Float32Array;
  /** Columns of `probabilities`. `floor` alone for models that name no classes. */
  readonly classes: readonly string[];
  /** `[steps, classes]`; zeros before the first answer. */
  readonly probabilities: Float32Array;
  /** One per step; the bit for models that answer bits. */
  readonly pFloor: Float64Array;
}

export interface TracedModel extends DiscriminativeModel {
  /** Of the passes since the last call, with speaker 1 as subject first. Forgets them. */
  takeTraces(): readonly PassTrace[];
}

/** The same model, remembering. Answers are those of the model, to the bit and to the promise. */
export function traced(model: DiscriminativeModel): TracedModel {
  const classes = model.classes ?? ['floor'];
  let passes: PassRecord[] = [];
  let current: PassRecord[] = [];
  const { thresholds, defaultThreshold, video, weights } = model;
  return {
    inputSampleRate: model.inputSampleRate,
    classes,
    ...(thresholds && { thresholds }),
    ...(defaultThreshold !== undefined && { defaultThreshold }),
    ...(video && { video }),
    ...(weights && { weights }),
    ...(model.ready && { ready: () => model.ready?.() }),
    ...(model.close && { close: () => model.close?.() }),
    reset() {
      current = [];
      return model.reset();
    },
    step(subject, other, seen) {
      hear([[subject, other]]);
      return answered(model.step(subject, other, seen), (decision) => [decision]);
    },
    ...(model.stepBoth && {
      stepBoth(speaker1: Float32Array, speaker2: Float32Array, seen?: PerSpeaker<SeenFrames>) {
        hear([
          [speaker1, speaker2],
          [speaker2, speaker1],
        ]);
        return answered(model.stepBoth!(speaker1, speaker2, seen), (decisions) => decisions);
      },
    }),
    takeTraces() {
      const traces = passes.map((pass) => pass.finish(model.inputSampleRate, classes));
      passes = [];
      return traces;
    },
  };

  function hear(channels: readonly (readonly [Float32Array, Float32Array])[]): void {
    if (current.length === 0) {
      current = channels.map(() => new PassRecord(classes.length));
      passes.push(...current);
    }
    for (const [i, [subject, other]] of channels.entries()) current[i]!.hear(subject, other);
  }

  function answered<T>(answer: Awaitable<T>, decisionsOf: (answer: T) => readonly FloorDecision[]): Awaitable<T> {
    const note = (settled: T) => {
      const decisions = decisionsOf(settled);
      for (const [i, pass] of current.entries()) pass.answer(decisions?.[i]);
      return settled;
    };
    return answer instanceof Promise ? answer.then(note) : note(answer);
  }
}

class PassRecord {
  readonly #subject: Float32Array[] = [];
  readonly #other: Float32Array[] = [];
  readonly #rows: Float32Array[] = [];
  readonly #pFloor: number[] = [];
  readonly #classes: number;

  constructor(classes: number) {
    this.#classes = classes;
  }

  hear(subject: Float32Array, other: Float32Array): void {
    this.#subject.push(subject.slice());
    this.#other.push(other.slice());
  }

  /** @param decision checked later, by whoever records it: what breaks the contract is kept as zeros here. */
  answer(decision: FloorDecision | undefined): void {
    this.#pFloor.push(pFloorOf(decision));
    const last = this.#rows.at(-1);
    const row = rowOf(decision, this.#classes);
    // Held answers are the same row; most are.
    this.#rows.push(last && row.every((value, i) => value === last[i]) ? last : row);
  }

  finish(sampleRateHz: number, classes: readonly string[]): PassTrace {
    return {
      sampleRateHz,
      subject: joined(this.#subject),
      other: joined(this.#other),
      classes,
      probabilities: joined(this.#rows),
      pFloor: Float64Array.from(this.#pFloor),
    };
  }
}

function rowOf(decision: FloorDecision | undefined, classes: number): Float32Array {
  const row = new Float32Array(classes);
  const given = typeof decision === 'object' ? (decision as Partial<ProbableFloor> | null)?.classes : undefined;
  if (given?.length === classes) row.set(given);
  else if (classes === 1) row[0] = pFloorOf(decision);
  return row;
}

function pFloorOf(decision: FloorDecision | undefined): number {
  if (typeof decision === 'number') return decision;
  if (Array.isArray(decision)) return decision[0] ?? 0;
  return (decision as ProbableFloor | null | undefined)?.pFloor ?? 0;
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
