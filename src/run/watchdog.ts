/**
 * Ends a process that has stopped turning: a model that never returns from `step`, in JavaScript or in native code,
 * cannot be interrupted from its own thread. The watch lives on another thread, and also sees when the parent is gone.
 */

import { Worker } from 'node:worker_threads';
import { STALLED_SIGNAL } from './worker-messages.js';

/** The event loop counts as a sign of life: a promise that takes long has a deadline of its own. */
const BEAT_MS = 500;

const WATCH = `
  const { workerData: { pulse, limitMs, beatMs, signal, parentPid } } = require('node:worker_threads');
  let last = pulse[0];
  let stillMs = 0;
  setInterval(() => {
    stillMs = pulse[0] === last ? stillMs + beatMs : 0;
    last = pulse[0];
    if (stillMs > limitMs) process.kill(process.pid, signal);
    if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL');
  }, beatMs);
`;

/**
 * @param limitS how long nothing may move before the process is ended with `STALLED_SIGNAL`.
 * @param parentPid of the process without which there is no sense in going on: it may be gone already.
 * @returns what to hand to whoever makes steps: its first entry grows with each.
 */
export function watchOverProcess(limitS: number, parentPid: number): Int32Array {
  const pulse = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const beat = () => {
    pulse[0]!++;
  };
  setInterval(beat, BEAT_MS / 2).unref();
  const workerData = { pulse, limitMs: limitS * 1000, beatMs: BEAT_MS, signal: STALLED_SIGNAL, parentPid };
  new Worker(WATCH, { eval: true, workerData }).unref();
  return pulse;
}
