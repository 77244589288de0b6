import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isLocked, RunLock } from '../../src/result/run-lock.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();
const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const file = () => join(folder(), 'run.lock');

/** The lock of a process elsewhere, last touched so long ago by the clock of this machine. */
function lockFromElsewhere(silentMs: number, change: object = {}): void {
  writeFileSync(file(), JSON.stringify({ token: 'a', pid: 1, host: 'elsewhere', ...change }));
  touch(Date.now() - silentMs);
}

function touch(timeMs: number): void {
  utimesSync(file(), timeMs / 1000, timeMs / 1000);
}

/** Lets the watch of a silent holder come to its end. */
async function settled<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const finish = () => {
    done = true;
  };
  work.then(finish, finish);
  while (!done) {
    await vi.advanceTimersByTimeAsync(1_000);
    await new Promise((go) => setImmediate(go));
  }
  return work;
}

describe('the lock of a run', () => {
  it('is not given away while its holder lives on this machine, wherever the clock jumps', async () => {
    const held = await RunLock.take(folder());
    for (const jumpMs of [HOUR_MS, -2 * HOUR_MS, 100 * HOUR_MS]) {
      vi.setSystemTime(Date.now() + jumpMs);
      await expect(RunLock.take(folder())).rejects.toThrow(/process \d+ on .* is writing the run/);
      held.requireHeld();
    }
    await held.release();
    expect(await isLocked(folder())).toBe(false);
  });

  it.each([
    ['behind', HOUR_MS],
    ['ahead', -HOUR_MS],
  ])('is not taken from a living holder whose clock is far %s', async (_, silentMs) => {
    lockFromElsewhere(silentMs);
    const attempt = isLocked(folder());
    const beat = setInterval(() => touch(statSync(file()).mtimeMs + 5_000), 5_000);
    expect(await settled(attempt)).toBe(true);
    clearInterval(beat);
  });

  it.each([
    ['behind', HOUR_MS],
    ['ahead', -HOUR_MS],
  ])('is taken from a dead one whose clock was far %s', async (_, silentMs) => {
    lockFromElsewhere(silentMs);
    const lock = await settled(RunLock.take(folder()));
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
    await lock.release();
  });

  it('is not taken at once from a holder that was heard of a moment ago', async () => {
    lockFromElsewhere(30_000);
    expect(await isLocked(folder())).toBe(true);
  });

  it('is taken when the number of its process was given to another', async () => {
    lockFromElsewhere(0, { host: hostname(), pid: process.pid, started: '1' });
    expect(await isLocked(folder())).toBe(process.platform !== 'linux');
  });

  it('is taken when it was torn while it was written', async () => {
    writeFileSync(file(), '{"tok');
    expect(await isLocked(folder())).toBe(true);
    touch(Date.now() - 10_000);
    expect(await settled(isLocked(folder()))).toBe(false);
  });

  it('is lost, and nothing more is written, when another process has replaced it', async () => {
    const held = await RunLock.take(folder());
    lockFromElsewhere(0);
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.waitFor(() => expect(() => held.requireHeld()).toThrow('another process has taken over'));
    await held.release();
    expect(await isLocked(folder())).toBe(true);
  });
});
