/**
 * The command line as a user runs it: the real binary in a folder of its own with a cache of its own; or, for what has
 * nothing to do with processes, the same commands within this process, which is a hundred times faster.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { type ConversationRow, conversationRowSchema, type RunHeader, runSchema } from '../../src/result/schema.js';

export const BINARY = fileURLToPath(new URL('../../bin/turnbench.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  /** Working folder of every command, removed after the tests of the file. */
  readonly folder: string;
  /** Run a command to its end. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** The same within this process: one at a time, and without signals. */
  inside(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** Start a command whose process the test wants to hold. */
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): Started;
}

export interface Started {
  readonly outcome: Promise<Outcome>;
  /** When this text has appeared on stderr. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Read no more of stdout, as `| head` does. */
  hangUp(): void;
}

/** One per test file: the bundled data set is assembled at most once. */
export function workplace(): Place {
  // Processes take their time on a busy machine; a hang is still found.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });
  const folder = mkdtempSync(join(tmpdir(), 'turnbench-e2e-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const environmentOf = (more: Readonly<Record<string, string>> = {}) => ({
    ...cleanEnvironment(),
    TURNBENCH_CACHE: join(folder, '.cache'),
    ...more,
  });
  const start: Place['start'] = (args, more) => {
    const env = environmentOf(more);
    const child = spawn(process.execPath, [BINARY, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    return follow(child);
  };
  return {
    folder,
    start,
    run: (args, more) => start(args, more).outcome,
    inside: (args, more) => runInside(args, folder, environmentOf(more)),
  };
}

async function runInside(args: readonly string[], folder: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const before = { env: process.env, folder: process.cwd(), listeners: process.stdout.listeners('error') };
  const { log, info, debug } = console;
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const written = (spy: typeof stdout) => spy.mock.calls.map(([piece]) => String(piece)).join('');
  process.env = env;
  process.chdir(folder);
  try {
    await main([process.execPath, BINARY, ...args]);
    return { code: Number(process.exitCode ?? 0), stdout: written(stdout), stderr: written(stderr) };
  } finally {
    process.exitCode = undefined;
    Object.assign(console, { log, info, debug });
    process.chdir(before.folder);
    process.env = before.env;
    for (const listener of process.stdout.listeners('error')) {
      if (!before.listeners.includes(listener)) process.stdout.off('error', listener as () => void);
    }
    stdout.mockRestore();
    stderr.mockRestore();
  }
}

/** Without the settings of whoever runs the tests, and of the job in which they run. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TURNBENCH|GITHUB)_/.test(name)));
}

function follow(child: ChildProcess): Started {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
  });
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });
  const outcome = new Promise<Outcome>((resolved, rejected) => {
    child.on('error', rejected);
    child.on('close', (code) => resolved({ code, stdout, stderr }));
  });
  const said = (text: string) =>
    new Promise<void>((resolved, rejected) => {
      const look = () => stderr.includes(text) && resolved();
      child.stderr?.on('data', look);
      child.on('close', () => rejected(new Error(`ended without saying '${text}': ${stderr}`)));
      look();
    });
  return { outcome, said, kill: (signal) => child.kill(signal), hangUp: () => child.stdout?.destroy() };
}

/** Everything in a run folder, checked against the published schemas. */
export interface RunFiles {
  readonly path: string;
  readonly header: RunHeader;
  readonly rows: readonly ConversationRow[];
  readonly files: readonly string[];
  read(file: string): string;
}

/** Rows without what differs between two equal runs. */
export function withoutTiming(run: RunFiles): unknown[] {
  return run.rows.map((row) => ({ ...row, timing: undefined }));
}

/** Run folders below `out`, by name: the oldest first. */
export function runFolders(out: string): RunFiles[] {
  return readdirSync(out)
    .sort()
    .map((name) => readRun(join(out, name)));
}

/** The only run folder below `out`. */
export function onlyRun(out: string): RunFiles {
  const runs = runFolders(out);
  if (runs.length !== 1) throw new Error(`expected one run in ${out}, found ${runs.map(({ path }) => path)}`);
  return runs[0]!;
}

function readRun(path: string): RunFiles {
  const read = (file: string): string => readFileSync(join(path, file), 'utf8');
  const lines = read('conversations.jsonl').split('\n');
  return {
    path: resolve(path),
    header: runSchema.parse(JSON.parse(read('run.json'))),
    rows: lines.filter((line) => line !== '').map((line) => conversationRowSchema.parse(JSON.parse(line))),
    files: readdirSync(path).sort(),
    read,
  };
}
