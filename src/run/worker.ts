/**
 * A worker process of a run: it opens the same data set, loads the same model, and streams the conversations that it
 * is given. What it finds goes to the run; it keeps nothing, so it can be lost at any moment.
 */

import { messageOf, UserError } from '../core/errors.js';
import type { Timeline } from '../core/timeline.js';
import { openDataset } from '../dataset/catalogue.js';
import { loadModel } from '../models/catalogue.js';
import { laneCount, runInProcess } from './in-process.js';
import { KeptAnswers } from './kept-answers.js';
import { liveFiles } from './live.js';
import { writePassFiles } from './pass-files.js';
import { watchOverProcess } from './watchdog.js';
import type { FromWorker, ToWorker, WorkerFailure, WorkerJob } from './worker-messages.js';

/**
 * Serve the process that started this one, until it says that nothing more comes, or goes away.
 * @param draw a pass for the tracks (SVG).
 */
export function serveRun(draw: (timeline: Timeline) => string): void {
  const queue = new Mailbox();
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'run') queue.put(message.id);
    else if (message.kind === 'finish') queue.close();
    else void work(message.job, queue, draw).catch(sendFailure).finally(leave);
  });
  // Without a run there is nobody to work for.
  process.on('disconnect', () => process.exit());
  // Ctrl-C reaches the whole group; the run decides what is to be done about it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('uncaughtException', (error) => void sendFailure(error).finally(() => process.exit(1)));
  process.on('unhandledRejection', (error) => void sendFailure(error).finally(() => process.exit(1)));
}

async function work(job: WorkerJob, queue: Mailbox, draw: (timeline: Timeline) => string): Promise<void> {
  const { spec } = job;
  const dataset = await openDataset(job.dataset);
  if (dataset.info.revision !== spec.dataset.revision) {
    throw new UserError(`the data set ${job.dataset} has changed since the run began`, { hint: 'start the run again' });
  }
  const model = await loadModel(spec.model.name, spec.model.options, undefined, job.loading);
  const lanes = laneCount({ model, spec }, job.lanes);
  const threshold = spec.threshold!;
  await send({ kind: 'ready', lanes, rssBytes: process.memoryUsage.rss() });
  await runInProcess(
    { spec, dataset, model },
    queue,
    {
      lanes,
      tracks: job.tracks,
      ...(job.tracks && { onTraces: (traces) => writePassFiles(job.runPath, traces, threshold, draw) }),
      ...(model.live && { keepLive: liveFiles(job.runPath) }),
      stepDeadlineS: job.stepDeadlineS,
      kept: job.keepsAnswers ? KeptAnswers.of(spec, model) : undefined,
      signal: new AbortController().signal,
      pulse: watchOverProcess(job.stepDeadlineS, job.parentPid),
      onProgress: (passS) => void send({ kind: 'progress', passS }),
    },
    (finished) => send({ kind: 'finished', finished, rssBytes: process.memoryUsage.rss() }),
  );
  await model.close?.();
}

/** Ids as they arrive. */
class Mailbox {
  readonly #ids: string[] = [];
  readonly #waiting: ((id: string | undefined) => void)[] = [];
  #closed = false;

  put(id: string): void {
    const taker = this.#waiting.shift();
    if (taker) taker(id);
    else this.#ids.push(id);
  }

  close(): void {
    this.#closed = true;
    for (const taker of this.#waiting.splice(0)) taker(undefined);
  }

  next(): Promise<string | undefined> {
    const id = this.#ids.shift();
    if (id !== undefined || this.#closed) return Promise.resolve(id);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send) return resolve();
    // A closed channel ends this process anyway.
    process.send(message, undefined, undefined, () => resolve());
  });
}

function sendFailure(error: unknown): Promise<void> {
  const failure: WorkerFailure = {
    message: messageOf(error),
    hint: error instanceof UserError ? error.hint : undefined,
    exitCode: error instanceof UserError ? error.exitCode : undefined,
    stack: error instanceof Error ? error.stack : undefined,
  };
  return send({ kind: 'failed', failure });
}

function leave(): void {
  if (process.connected) process.disconnect();
}
