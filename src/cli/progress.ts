/**
 * Progress of a run on stderr: a bar on a terminal, one line per finished conversation elsewhere, nothing when quiet.
 * The bar shows audio done, speed against real time and the time left.
 */

import { SingleBar } from 'cli-progress';
import { duration } from '../report/numbers.js';

export interface Progress {
  /** Pass-seconds of audio that the model has heard in this run, both passes added. */
  advance(doneS: number): void;
  /** A conversation is over: its line, when lines are shown. */
  line(text: string): void;
  stop(): void;
}

export function createProgress(label: string, totalS: number, quiet: boolean): Progress {
  if (quiet) return { advance: () => {}, line: () => {}, stop: () => {} };
  if (!process.stderr.isTTY) {
    return { advance: () => {}, line: (text) => process.stderr.write(`${text}\n`), stop: () => {} };
  }
  const startedMs = performance.now();
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${label} {bar} {percentage}% · {done} of {audio} · {speed} × real time · {left} left`,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
  });
  // `total` and `percentage` are names of the bar itself.
  const payload = (doneS: number): Record<string, string> => {
    const elapsedS = Math.max(1e-3, (performance.now() - startedMs) / 1000);
    const speed = doneS / 2 / elapsedS;
    return {
      done: duration(doneS / 2),
      audio: duration(totalS / 2),
      speed: speed.toFixed(speed < 10 ? 1 : 0),
      left: speed > 0 ? duration((totalS - doneS) / 2 / speed) : '…',
    };
  };
  bar.start(totalS, 0, payload(0));
  return {
    advance: (doneS) => bar.update(Math.min(doneS, totalS), payload(doneS)),
    line: () => {},
    stop: () => bar.stop(),
  };
}

/** A bar of bytes, on a terminal. */
export function createDownloadBar(
  label: string,
  totalBytes: number,
  quiet: boolean,
): Pick<Progress, 'advance' | 'stop'> {
  if (quiet || !process.stderr.isTTY) return { advance: () => {}, stop: () => {} };
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${label} {bar} {percentage}% · {done} of {size} MB · {left} left`,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
  });
  // What was there before is not what the connection does.
  let begun: { readonly bytes: number; readonly ms: number } | undefined;
  const payload = (bytes: number): Record<string, string> => {
    begun ??= { bytes, ms: performance.now() };
    const rate = (bytes - begun.bytes) / Math.max(1, performance.now() - begun.ms);
    const left = rate > 0 ? duration((totalBytes - bytes) / rate / 1000) : '…';
    return { done: (bytes / 1e6).toFixed(0), size: (totalBytes / 1e6).toFixed(0), left };
  };
  bar.start(Math.max(1, totalBytes), 0, { done: '0', size: (totalBytes / 1e6).toFixed(0), left: '…' });
  return { advance: (bytes) => bar.update(bytes, payload(bytes)), stop: () => bar.stop() };
}
