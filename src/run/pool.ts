/**
 * Conversations of a run streamed by worker processes. Whoever is free takes the next one, the longest first, so that
 * nobody waits for a long one at the end. A process that dies takes nothing with it: what it had under way is run once
 * more, each by itself, and only a conversation that ends a second process is given up.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { UserError } from '../core/errors.js';
import { failedRow } from './answer-form.js';
import type { FinishedConversation } from './conversation.js';
import {
  type FromWorker,
  STALLED_SIGNAL,
  type ToWorker,
  type WorkerFailure,
  type WorkerJob,
} from './worker-messages.js';

export interface PoolSettings {
  /** Module that a worker process runs. */
  readonly entry: URL;
  /** Processes at once, at least 1. */
  readonly workers: number;
  /** What all workers together may occupy, bytes; undefined = no limit. */
  readonly memoryBytes?: number | undefined;
  readonly signal: AbortSignal;
  onProgress(passS: number): void;
}

/**
 * @param ids in the order in which they are to be begun.
 * @param onFinished awaited before its worker is given more.
 * @throws UserError when a worker cannot work at all; whatever `onFinished` throws. No worker outlives this call.
 */
export async function runInPool(
  job: WorkerJob,
  ids: readonly string[],
  settings: PoolSettings,
  onFinished: (finished: FinishedConversation) => Promise<void>,
): Promise<void> {
  const pool = new Pool(job, settings, onFinished);
  const stop = () => pool.stop();
  settings.signal.addEventListener('abort', stop);
  try {
    await pool.run(ids);
  } finally {
    settings.signal.removeEventListener('abort', stop);
    pool.stop();
  }
}

/** How one worker ended. */
interface Ending {
  /** Conversations that it had begun and not finished. */
  readonly lost: readonly string[];
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

class Pool {
  readonly #job: WorkerJob;
  readonly #settings: PoolSettings;
  readonly #onFinished: (finished: FinishedConversation) => Promise<void>;
  readonly #children = new Map<ChildProcess, number>();
  readonly #firstReady: Promise<void>;
  #noteReady = (): void => {};
  #queue: string[] = [];
  #stopped = false;

  constructor(job: WorkerJob, settings: PoolSettings, onFinished: (finished: FinishedConversation) => Promise<void>) {
    this.#job = job;
    this.#settings = settings;
    this.#onFinished = onFinished;
    this.#firstReady = new Promise((resolve) => {
      this.#noteReady = resolve;
    });
  }

  async run(ids: readonly string[]): Promise<void> {
    this.#queue = [...ids];
    const suspects: string[] = [];
    const slots = Array.from({ length: Math.min(this.#settings.workers, ids.length) }, async (_, slot) => {
      // How large a process is, the first one shows.
      if (slot > 0 && this.#settings.memoryBytes !== undefined) await this.#firstReady;
      // A slot opens another process as long as there is work: one that died or grew too large is replaced.
      while (this.#queue.length > 0 && !this.#stopped && this.#hasRoom(slot)) {
        suspects.push(...(await this.#serve(this.#job, this.#queue)).lost);
      }
    });
    await this.#allOf(slots);
    for (const id of ids) {
      if (this.#stopped) return;
      if (suspects.includes(id)) await this.#runAlone(id);
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const child of this.#children.keys()) child.kill('SIGKILL');
  }

  /** The first slot always works: a budget that is too small for one process is no budget. */
  #hasRoom(slot: number): boolean {
    const { memoryBytes } = this.#settings;
    if (slot === 0 || memoryBytes === undefined) return true;
    const sizes = [...this.#children.values()];
    const used = sizes.reduce((sum, size) => sum + size, 0);
    return used + Math.max(0, ...sizes) <= memoryBytes;
  }

  async #runAlone(id: string): Promise<void> {
    const ending = await this.#serve({ ...this.#job, lanes: 1 }, [id]);
    if (ending.lost.length > 0 && !this.#stopped) {
      await this.#onFinished({ durationS: 0, row: failedRow(id, lostBecause(ending, this.#job.stepDeadlineS)) });
    }
  }

  /** Waits for all; the first failure stops the others. */
  async #allOf(work: readonly Promise<void>[]): Promise<void> {
    const guarded = work.map((one) =>
      one.catch((error: unknown) => {
        this.stop();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(guarded)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** One process from its start to its end. */
  #serve(job: WorkerJob, queue: string[]): Promise<Ending> {
    const child = fork(this.#settings.entry, [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] });
    // Until it tells its own size, it counts as the largest one.
    this.#children.set(child, Math.max(0, ...this.#children.values()));
    const underWay = new Set<string>();
    let isReady = false;
    let failure: unknown;
    let finishing = Promise.resolve();
    let hasBegun = false;
    const give = () => {
      // Whatever its size, it streams one: else a share that no process fits in would keep them starting for ever.
      const takesNone = this.#stopped || (hasBegun && this.#isTooLarge(child));
      const id = takesNone ? undefined : queue.shift();
      hasBegun = true;
      if (id !== undefined) underWay.add(id);
      if (id !== undefined || underWay.size === 0)
        tell(child, id === undefined ? { kind: 'finish' } : { kind: 'run', id });
    };
    const fail = (error: unknown) => {
      failure ??= error;
      child.kill('SIGKILL');
    };
    child.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') {
        isReady = true;
        this.#children.set(child, message.rssBytes);
        this.#noteReady();
        for (let lane = 0; lane < message.lanes; lane++) give();
      } else if (message.kind === 'progress') this.#settings.onProgress(message.passS);
      else if (message.kind === 'failed') fail(errorOf(message.failure));
      else {
        this.#children.set(child, message.rssBytes);
        const { finished } = message;
        finishing = finishing
          .then(() => this.#onFinished(finished))
          .then(() => {
            underWay.delete(finished.row.conversation_id);
            give();
          })
          .catch(fail);
      }
    });
    tell(child, { kind: 'start', job });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      // Not `exit`: what it said last may come after that.
      child.on('close', (code, signal) => {
        this.#children.delete(child);
        this.#noteReady();
        if (!isReady && !this.#stopped) failure ??= neverReady(signal, code);
        void finishing.then(() => {
          if (failure !== undefined) reject(failure);
          else resolve({ lost: [...underWay], code, signal });
        });
      });
    });
  }

  /** A process that has outgrown its share ends after what it has under way, and another takes its place. */
  #isTooLarge(child: ChildProcess): boolean {
    const { memoryBytes = Number.POSITIVE_INFINITY } = this.#settings;
    return (this.#children.get(child) ?? 0) > memoryBytes / this.#children.size;
  }
}

function neverReady(signal: NodeJS.Signals | null, code: number | null): UserError {
  return new UserError(`a worker process ${endedHow(signal, code)} while it loaded the model`, {
    hint: 'run with -j 1 to see more',
  });
}

function endedHow(signal: NodeJS.Signals | null, code: number | null): string {
  return signal ? `was ended by ${signal}` : `exited with code ${code}`;
}

function tell(child: ChildProcess, message: ToWorker): void {
  // A process that has just ended is seen by its exit.
  if (child.connected) child.send(message, () => {});
}

function lostBecause({ signal, code }: Ending, stepDeadlineS: number): UserError {
  if (signal === STALLED_SIGNAL) {
    return new UserError(`the model did not return from a step within ${stepDeadlineS} s`, {
      hint: 'raise --step-deadline if that is its normal pace',
    });
  }
  return new UserError(`the process that streamed it ${endedHow(signal, code)}`, {
    hint: 'native code of the model crashed, or memory ran out: run this conversation alone with -j 1 to see more',
  });
}

function errorOf({ message, hint, exitCode, stack }: WorkerFailure): Error {
  if (exitCode !== undefined) return new UserError(message, { exitCode, ...(hint === undefined ? {} : { hint }) });
  return Object.assign(new Error(message), { stack });
}
