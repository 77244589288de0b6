/**
 * Conversations of a plan streamed in this process: one after the other, or side by side through lanes of a model that
 * offers them. Which lane runs what changes no number.
 */

import { setMaxListeners } from 'node:events';
import type { Awaitable } from '../core/awaitable.js';
import type { DiscriminativeModel } from '../core/model.js';
import { type ConversationSettings, type FinishedConversation, runConversation } from './conversation.js';
import type { EvaluationPlan } from './plan.js';

/** Gives ids away one by one, to whoever is free. */
export interface IdQueue {
  next(): Awaitable<string | undefined>;
}

export function queueOf(ids: readonly string[]): IdQueue {
  let at = 0;
  return { next: () => ids[at++] };
}

export interface LaneSettings extends ConversationSettings {
  /** Conversations at once, at least 1. */
  readonly lanes: number;
}

/**
 * @param onFinished awaited before the lane takes up its next conversation.
 * @throws whatever `onFinished` throws, and anything that is not the fault of a conversation; the other lanes are
 *   stopped first.
 */
export async function runInProcess(
  plan: Pick<EvaluationPlan, 'spec' | 'dataset' | 'model'>,
  queue: IdQueue,
  settings: LaneSettings,
  onFinished: (finished: FinishedConversation) => Promise<void>,
): Promise<void> {
  const failure = new AbortController();
  const signal = AbortSignal.any([settings.signal, failure.signal]);
  // Every lane listens.
  setMaxListeners(0, signal);
  const time = new SharedTime();
  const lane = async (model: DiscriminativeModel | null): Promise<void> => {
    for (let id = await queue.next(); id !== undefined; id = await queue.next()) {
      const began = time.begin();
      const answered = await runConversation(plan, model, id, { ...settings, signal });
      const shareS = time.end(began);
      if (answered === null) return;
      const { keep, ...finished } = answered;
      const shared = settings.lanes === 1 ? finished : withComputeS(finished, shareS);
      if (shared.row.status === 'ok') await keep?.(shared.row.timing.compute_s);
      await onFinished(shared);
    }
  };
  const lanes = lanesOf(plan.model, settings.lanes).map((model) =>
    lane(model).catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(lanes)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** How many conversations at once a plan is streamed with. Steps that are timed one by one must not wait for others. */
export function laneCount({ model, spec }: Pick<EvaluationPlan, 'model' | 'spec'>, asked: number | undefined): number {
  if (spec.realtime || !model?.lanes) return 1;
  return Math.min(asked ?? model.live?.conversationsAtOnce ?? model.lanes.atMost, model.lanes.atMost);
}

function lanesOf(model: DiscriminativeModel | null, count: number): (DiscriminativeModel | null)[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? model : (model?.lanes?.open() ?? model)));
}

/** Divides the time that passes among the conversations under way. */
class SharedTime {
  #active = 0;
  /** Seconds that a conversation under way from the first moment on would have been given. */
  #givenS = 0;
  #atMs = 0;

  /** @returns what to hand back to `end`. */
  begin(): number {
    this.#advance();
    this.#active++;
    return this.#givenS;
  }

  /** @returns the share of the conversation, s. */
  end(began: number): number {
    this.#advance();
    this.#active--;
    return this.#givenS - began;
  }

  #advance(): void {
    const nowMs = performance.now();
    if (this.#active > 0) this.#givenS += (nowMs - this.#atMs) / 1000 / this.#active;
    this.#atMs = nowMs;
  }
}

function withComputeS(finished: FinishedConversation, computeS: number): FinishedConversation {
  const { row } = finished;
  if (row.status === 'failed' || row.timing.kept) return finished;
  return { ...finished, row: { ...row, timing: { ...row.timing, compute_s: computeS } } };
}
