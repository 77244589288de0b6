/**
 * One writer per run folder. The lock is a file that says who holds it, touched every few seconds while the holder
 * lives. A holder that is gone (its process ended on this machine, or nothing was heard of it for a minute) is
 * replaced, so that a killed run goes on without help from a person.
 */

import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { UserError } from '../core/errors.js';
import { fileFailure } from '../io/failures.js';

const FILE = 'run.lock';
const TOUCH_EVERY_MS = 5_000;
/** Much longer than a machine under load forgets to touch the file. */
const GONE_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 500;

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

export class RunLock {
  readonly #path: string;
  readonly #text: string;
  readonly #timer: NodeJS.Timeout;
  #lost = false;

  private constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
    this.#timer = setInterval(() => this.#touch(), TOUCH_EVERY_MS).unref();
  }

  /** @throws UserError when another process writes this run. */
  static async take(folder: string): Promise<RunLock> {
    const path = join(folder, FILE);
    const text = JSON.stringify({ token: randomUUID(), pid: process.pid, host: hostname() } satisfies Holder);
    for (;;) {
      try {
        await writeFile(path, text, { flag: 'wx' });
        return new RunLock(path, text);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileFailure(error, 'write', path);
      }
      await requireGone(path);
      await rm(path, { force: true });
    }
  }

  /** @throws UserError when another process has taken over, as after this one was suspended for long. */
  requireHeld(): void {
    if (!this.#lost) return;
    throw new UserError(`another process has taken over the run ${dirname(this.#path)}`, {
      hint: 'let that one finish',
    });
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    if ((await textOf(this.#path)) === this.#text) await rm(this.#path, { force: true }).catch(() => {});
  }

  async #touch(): Promise<void> {
    const now = new Date();
    if ((await textOf(this.#path)) !== this.#text) this.#lost = true;
    else await utimes(this.#path, now, now).catch(() => {});
  }
}

/** Whether a living process writes this run. */
export async function isLocked(folder: string): Promise<boolean> {
  return requireGone(join(folder, FILE)).then(
    () => false,
    () => true,
  );
}

/** Wait for a holder to end, or to be silent for so long that it counts as gone. One that lives on is not waited for. */
export async function untilFree(folder: string): Promise<void> {
  const untilMs = performance.now() + GONE_AFTER_MS + TOUCH_EVERY_MS;
  while (performance.now() < untilMs && (await isLocked(folder))) {
    await setTimeout(LOOK_EVERY_MS);
  }
}

/** @throws UserError unless the holder is gone. */
async function requireGone(path: string): Promise<void> {
  const text = await textOf(path);
  const touchedMs = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  if (text === undefined || touchedMs === undefined) return;
  const holder = holderOf(text);
  const silentS = Math.round((Date.now() - touchedMs) / 1000);
  if (silentS * 1000 > GONE_AFTER_MS || (holder?.host === hostname() && !isAlive(holder.pid))) return;
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
  throw new UserError(`${who} is writing the run ${dirname(path)}, last heard of ${Math.max(0, silentS)} s ago`, {
    hint: `let it finish or end it; after ${GONE_AFTER_MS / 1000} s of silence it counts as gone`,
  });
}

function holderOf(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // Torn while it was written.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
