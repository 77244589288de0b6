/**
 * A recogniser on this machine, in any language: a program that is started once and then handed one piece of audio
 * after the other on its standard input. The messages are documented in docs/streaming-asr.md.
 */

import { basename, resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import type { WeightFile } from '../../core/model.js';
import { sha256File } from '../../io/hash.js';
import { ModelProcess } from '../bridge/child.js';
import { commandWords } from '../bridge/exec.js';
import { failureOf, within } from '../bridge/model.js';
import { encodeMessage, type Message, PROTOCOL_VERSION } from '../bridge/protocol.js';
import { programAt, statOf } from '../bridge/settings.js';
import { readAnswer } from './answer.js';
import { ASR_RATE } from './recogniser.js';
import type { Transcriber } from './transcriber.js';
import type { Transcript } from './words.js';

/** Long enough for weights that are downloaded on first use, s. */
const LOAD_DEADLINE_S = 600;

export interface ProgramSettings {
  /** A file, or a program and its arguments, separated by spaces. */
  readonly command: string;
  /** Folder in which it runs, and against which paths are resolved. */
  readonly folder: string;
  /** What it is told about the recogniser that is wanted. */
  readonly options: Readonly<Record<string, string | undefined>>;
  /** For one piece of audio, s. */
  readonly timeoutS: number;
}

/** @throws UserError when it cannot be started (exit 5 when it is missing), or is not ready in time. */
export async function startTranscriber(settings: ProgramSettings): Promise<Transcriber> {
  const files = commandWords(settings.command, settings.folder)
    .map((word) => resolve(settings.folder, word))
    .filter((path) => statOf(path)?.isFile());
  const weights: WeightFile[] = [];
  for (const path of files) weights.push({ file: basename(path), sha256: await sha256File(path) });
  const program = new TranscriberProgram(settings, weights);
  await program.ready();
  return program;
}

class TranscriberProgram implements Transcriber {
  readonly weights: readonly WeightFile[];
  readonly #settings: ProgramSettings;
  #process: ModelProcess | undefined;
  /** The piece of audio before: it takes one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: ProgramSettings, weights: readonly WeightFile[]) {
    this.#settings = settings;
    this.weights = weights;
  }

  async ready(): Promise<void> {
    if (this.#process && !this.#process.isBusy && !this.#process.hasFailed) return;
    await this.close();
    const process = launch(this.#settings);
    this.#process = process;
    process.send(encodeMessage('HELO', helloOf(this.#settings)));
    this.#expect('REDY', await this.#answer(LOAD_DEADLINE_S), 'HELO');
  }

  transcribe(samples: Float32Array, signal: AbortSignal): Promise<Transcript> {
    const wave = encodeMessage('WAVE', new Uint8Array(samples.slice().buffer));
    const asked = this.#last.then(async () => {
      signal.throwIfAborted();
      this.#process!.send(wave);
      const { payload } = this.#expect('TEXT', await this.#answer(this.#settings.timeoutS), 'WAVE');
      const transcript = readAnswer(payload.toString('utf8'), samples.length / ASR_RATE);
      if (typeof transcript === 'string') throw new UserError(`${this.#process!.name}: ${transcript}`);
      return transcript;
    });
    this.#last = asked.catch(() => {});
    return asked;
  }

  async close(): Promise<void> {
    if (this.#process?.isBusy) this.#process.kill();
    await this.#process?.close();
  }

  async #answer(limitS: number): Promise<Message> {
    const process = this.#process!;
    const message = await within(limitS, process.receive());
    if (message !== undefined) return message;
    process.kill();
    throw new UserError(`${process.name} did not answer within ${limitS} s`);
  }

  #expect(type: Message['type'], message: Message, question: string): Message {
    const { name } = this.#process!;
    if (message.type === 'FAIL') throw failureOf(message, `${name}: `);
    if (message.type === type) return message;
    throw new UserError(`${name} answered ${message.type} to ${question}, not ${type}`);
  }
}

function launch({ command, folder }: ProgramSettings): ModelProcess {
  const [program = '', ...args] = commandWords(command, folder);
  return new ModelProcess({
    name: `recogniser ${basename(program)}`,
    program: programAt(program, folder),
    args,
    folder,
    environment: process.env,
    channel: 'standard',
    missingHint: 'write -o program=./my-recogniser for a file, -o program=name for one on PATH',
  });
}

function helloOf({ options }: ProgramSettings): object {
  return { protocol: PROTOCOL_VERSION, purpose: 'transcribe', sample_rate: ASR_RATE, options };
}
