/**
 * One writer per run folder. The lock is a file that says who holds it, touched every few seconds while the holder
 * lives. A holder that is gone (its process ended on this machine, or nothing was heard of it for a minute) is
 * replaced, so that a killed run goes on without help from a person.
 *
 * Clocks are not trusted: they jump, and those of two machines differ. Of a process on this machine the system knows
 * whether it lives; any other holder is watched for longer than it stays silent before it counts as gone.
 */

import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../core/errors.js';
import { fileFailure } from '../io/failures.js';

const FILE = 'run.lock';
const TOUCH_EVERY_MS = 5_000;
/** Much longer than a machine under load forgets to touch the file. */
const GONE_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 500;
/** A lock that does not say whose it is was torn while it was written. */
const TORN_AFTER_MS = 5_000;
const WATCH_MS = TOUCH_EVERY_MS + 2_000;

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system counts, where it tells: numbers of processes are used again. */
  readonly started?: string | undefined;
}

export class RunLock {
  readonly #path: string;
  readonly #text: string;
  readonly #timer: NodeJS.Timeout;
  #lost = false;
  #released = false;

  private constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
    this.#timer = setInterval(() => this.#touch(), TOUCH_EVERY_MS).unref();
  }

  /** @throws UserError when another process writes this run. */
  static async take(folder: string): Promise<RunLock> {
    const path = join(folder, FILE);
    const { pid } = process;
    const holder: Holder = { token: randomUUID(), pid, host: hostname(), started: await startOf(pid) };
    const text = JSON.stringify(holder);
    try {
      while (!(await writeNew(path, text))) {
        const gone = await requireGone(path);
        // Another process may have found out the same, and be faster.
        if (gone === (await textOf(path))) await rm(path, { force: true });
      }
    } catch (error) {
      throw fileFailure(error, 'write', path);
    }
    return new RunLock(path, text);
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
    this.#released = true;
    if ((await textOf(this.#path)) === this.#text) await rm(this.#path, { force: true }).catch(() => {});
  }

  async #touch(): Promise<void> {
    const now = new Date();
    // That it cannot be read, as when too many files are open, tells nothing about who holds it.
    const text = await readFile(this.#path, 'utf8').catch((error) =>
      error.code === 'ENOENT' ? undefined : this.#text,
    );
    if (this.#released) return;
    if (text !== this.#text) this.#lost = true;
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
    await wait(LOOK_EVERY_MS);
  }
}

/** @returns false when there is such a file; one that cannot be written whole is not left behind. */
async function writeNew(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (!file) return false;
  try {
    await file.writeFile(text);
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

/**
 * @returns the lock of a holder that is gone; undefined when there is none.
 * @throws UserError while the holder lives.
 */
async function requireGone(path: string): Promise<string | undefined> {
  const seen = await sightOf(path);
  if (seen === undefined) return undefined;
  const holder = holderOf(seen.text);
  const silentMs = Date.now() - seen.touchedMs;
  const state = holder?.host === hostname() ? await stateOf(holder) : 'unknown';
  if (state === 'ended') return seen.text;
  // In the future as in the past: then the clocks disagree, and tell nothing.
  const isSilent = Math.abs(silentMs) > (holder ? GONE_AFTER_MS : TORN_AFTER_MS);
  if (state === 'unknown' && isSilent && !(await isTouched(path, seen))) return seen.text;
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
  const silentS = Math.max(0, Math.round(silentMs / 1000));
  throw new UserError(`${who} is writing the run ${dirname(path)}, last heard of ${silentS} s ago`, {
    hint:
      state === 'runs'
        ? 'let it finish or end it'
        : `let it finish or end it; after ${GONE_AFTER_MS / 1000} s of silence it counts as gone`,
  });
}

interface Sight {
  readonly text: string;
  readonly touchedMs: number;
}

/** Read before it is asked for its time: a network file system then looks it up anew. */
async function sightOf(path: string): Promise<Sight | undefined> {
  const text = await textOf(path);
  const stats = await stat(path).catch(() => undefined);
  return text === undefined || stats === undefined ? undefined : { text, touchedMs: stats.mtimeMs };
}

/** Whether somebody touches the file in the time in which a holder that lives does. */
async function isTouched(path: string, before: Sight): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  const now = await sightOf(path);
  return now !== undefined && (now.text !== before.text || now.touchedMs !== before.touchedMs);
}

/** Of a process on this machine; `unknown` where its number may have been given to another. */
async function stateOf({ pid, started }: Holder): Promise<'runs' | 'ended' | 'unknown'> {
  if (!isAlive(pid)) return 'ended';
  const startedNow = await startOf(pid);
  if (started === undefined || startedNow === undefined) return 'unknown';
  return startedNow === started ? 'runs' : 'ended';
}

/** Ticks from the start of the system to that of a process; undefined where the system does not tell (only Linux does). */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await textOf(`/proc/${pid}/stat`);
  // The name of the program, in brackets, may hold anything; the 20th number behind it is the start (proc(5)).
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
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
