/**
 * A model's process: started, spoken to, listened to, ended. What it prints goes to standard error, never among the
 * messages. It keeps this process alive only while an answer is waited for, so that a model that nobody closes ends
 * with its harness.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { EXIT, messageOf, UserError } from '../../core/errors.js';
import { guardProcessGroup } from './guard.js';
import { type Message, MessageReader } from './protocol.js';

export interface Launch {
  /** For messages: `Python model predict.py`. */
  readonly name: string;
  /** Program, absolute or to be found on PATH. */
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where messages go: standard input and output, or file descriptor 3 for both, which leaves those to the model. */
  readonly channel: 'standard' | 'descriptor-3';
  /** What to do when the program cannot be started. */
  readonly missingHint: string;
}

/** How long a process may take to end by itself after its channel was closed, ms. */
const PATIENCE_MS = 2000;
/** Output of a process that ended may arrive after the news of its end, ms. */
const LAST_WORDS_MS = 200;

interface Waiting {
  resolve(message: Message): void;
  reject(error: UserError): void;
}

export class ModelProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #input: Socket;
  readonly #output: Socket;
  readonly #reader = new MessageReader();
  readonly #log = new LogTail();
  #onEnd = (): void => {};
  readonly #ended = new Promise<void>((resolve) => {
    this.#onEnd = resolve;
  });
  #failure: UserError | undefined;
  #waiting: Waiting | undefined;

  /** @throws UserError when the program is none. Whatever else goes wrong is the failure of the next `receive`. */
  constructor(launch: Launch) {
    const onChannel = launch.channel === 'descriptor-3';
    this.name = launch.name;
    this.#child = start(launch);
    const { stdin, stdout, stderr, stdio, pid } = this.#child;
    this.#input = (onChannel ? stdio[3] : stdin) as Socket;
    this.#output = (onChannel ? stdio[3] : stdout) as Socket;
    for (const prints of onChannel ? [stdout, stderr] : [stderr]) this.#log.follow(prints as Socket);
    this.#output.on('data', (piece: Buffer) => this.#hear(piece));
    this.#output.on('end', () => this.#letGo());
    // A broken pipe says less than the end of the process, which follows.
    for (const pipe of [this.#input, this.#output]) pipe.on('error', () => {});
    this.#child.on('error', (error) => this.#fail(startFailure(launch, error)));
    if (pid !== undefined) {
      const endGuard = guardProcessGroup(pid);
      this.#child.on('exit', (code, signal) => {
        killGroup(pid);
        endGuard();
        this.#exited(code, signal);
      });
    }
    for (const handle of [...stdio, this.#child]) (handle as { unref?(): void } | null)?.unref?.();
  }

  /** A request was sent and not answered: whoever waited has given up. */
  get isBusy(): boolean {
    return this.#waiting !== undefined;
  }

  /** It has ended, or never started, or was killed for what it sent. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  send(message: Buffer): void {
    if (this.#failure === undefined) this.#input.write(message);
  }

  /**
   * The next message; one at a time.
   * @throws UserError when the process could not be started, has ended, or sends what is no message.
   */
  receive(): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.ref();
      this.#deliver();
    });
  }

  /** At once, with every process it started. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    if (!killGroup(pid)) this.#child.kill('SIGKILL');
  }

  /** Let it end by itself, or else kill it. */
  async close(): Promise<void> {
    if (this.isBusy) this.kill();
    this.#input.end();
    this.#child.ref();
    const timer = setTimeout(() => this.kill(), PATIENCE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  #hear(piece: Buffer): void {
    this.#reader.push(piece);
    this.#deliver();
  }

  #deliver(): void {
    if (!this.#waiting) return;
    try {
      const message = this.#reader.next();
      if (message) this.#settle(({ resolve }) => resolve(message));
      else if (this.#failure) this.#settle(({ reject }) => reject(this.#failure as UserError));
    } catch (error) {
      const { message, hint = '' } = error as UserError;
      this.#fail(new UserError(`${this.name}: ${message}`, { hint }));
      this.kill();
    }
  }

  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#child.unref();
    if (waiting) how(waiting);
  }

  /** The first failure is the cause of all later ones. */
  #fail(failure: UserError): void {
    this.#failure ??= failure;
    this.#onEnd();
    this.#settle(({ reject }) => reject(this.#failure as UserError));
  }

  /** It will say no more. Mostly it is ending, and its end says why. */
  #letGo(): void {
    setTimeout(() => {
      this.#fail(new UserError(`the process of ${this.name} closed its channel`));
      this.kill();
    }, PATIENCE_MS).unref();
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
    const guess = signal === 'SIGKILL' ? 'perhaps memory ran out' : undefined;
    const tell = () => {
      const words = this.#log.lastLine();
      const hint = words === undefined ? guess : `its last words: ${words}`;
      this.#fail(new UserError(`the process of ${this.name} ${how}`, hint === undefined ? {} : { hint }));
    };
    const timer = setTimeout(tell, LAST_WORDS_MS);
    this.#child.once('close', () => {
      clearTimeout(timer);
      tell();
    });
  }
}

function start(launch: Launch): ChildProcess {
  const { program, args, folder, environment, channel } = launch;
  try {
    return spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: channel === 'descriptor-3' ? ['ignore', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
      // A process group of its own: Ctrl-C is for the harness, which ends the model when it has saved its work.
      detached: true,
    });
  } catch (error) {
    throw startFailure(launch, error as NodeJS.ErrnoException);
  }
}

/** @returns whether there was any process in it. */
function killGroup(groupId: number): boolean {
  try {
    return process.kill(-groupId, 'SIGKILL');
  } catch {
    return false;
  }
}

const START_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'it may not be executed',
};

function startFailure({ name, program, missingHint }: Launch, error: NodeJS.ErrnoException): UserError {
  const reason = START_FAILURES[error.code ?? ''] ?? messageOf(error);
  const exitCode = error.code === 'ENOENT' ? EXIT.prerequisite : EXIT.usage;
  return new UserError(`${name} cannot be started: ${program}: ${reason}`, {
    hint: missingHint,
    exitCode,
    cause: error,
  });
}

/** Characters kept of what a process printed. */
const KEPT = 2000;

/** Passes on what a process prints and remembers the end of it. */
class LogTail {
  #tail = '';

  follow(stream: Socket): void {
    stream.on('data', (piece: Buffer) => {
      process.stderr.write(piece);
      this.#tail = (this.#tail + piece.toString('utf8')).slice(-KEPT);
    });
    stream.on('error', () => {});
  }

  /** The last line that says something. */
  lastLine(): string | undefined {
    const lines = this.#tail.split('\n').map((line) => line.trim());
    return lines.findLast((line) => line !== '')?.slice(0, 200);
  }
}
