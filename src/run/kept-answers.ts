/**
 * What a built-in network has answered to a conversation, kept so that scoring it at other thresholds, or against
 * other gold, runs no inference. Kept under everything the answers depend on: audio files, model, options, weights,
 * the code of this program, processor. Models from outside are never kept, because what their module imports is not
 * known; nor are those that ask a server, which may change.
 */

import { readdirSync, statSync } from 'node:fs';
import { arch, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AudioSource } from '../core/conversation.js';
import type { DiscriminativeModel } from '../core/model.js';
import type { PerSpeaker } from '../core/speaker.js';
import { cacheFolder } from '../io/cache.js';
import { canonicalJson, sha256Text } from '../io/hash.js';
import { KeptFiles } from '../io/kept-files.js';
import { packageVersion } from '../result/environment.js';
import type { RunSpec } from '../result/schema.js';

export interface Answers {
  /** P(floor) per step of 20 ms. */
  readonly pFloor: PerSpeaker<Float64Array>;
  /** What it took to answer, both passes, s. */
  readonly computeS: number;
}

export function keptAnswersFolder(): KeptFiles {
  return new KeptFiles(join(cacheFolder(), 'answers'));
}

/** Of the program, as it is installed: a version that is being worked on changes without a new number. */
const CODE = once(() => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const files = ['audio', 'core', 'dsp', 'models', 'onnx', 'stream'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  );
  const states = files.sort().map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [file, size, mtimeMs];
  });
  return sha256Text(JSON.stringify([packageVersion(), states]));
});

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export class KeptAnswers {
  readonly #files = keptAnswersFolder();
  readonly #model: RunSpec['model'];
  readonly #machine = `${arch()} ${cpus()[0]?.model.trim()}`;

  private constructor(model: RunSpec['model']) {
    this.#model = model;
  }

  /** Undefined where nothing is kept: for models from or with outside, and for those that cost no more than reading. */
  static of({ model, realtime }: RunSpec, loaded: DiscriminativeModel | null): KeptAnswers | undefined {
    const isOutside = model.code_sha256 !== null || loaded?.asksOutside;
    return isOutside || model.weights.length === 0 || realtime ? undefined : new KeptAnswers(model);
  }

  async get(audio: AudioSource, steps: number): Promise<Answers | undefined> {
    const key = this.#keyOf(audio);
    const content = key && (await this.#files.get(key));
    if (!content || content.length !== Float64Array.BYTES_PER_ELEMENT * (2 * steps + 1)) return undefined;
    // A copy, because numbers must begin at a multiple of their size.
    const numbers = new Float64Array(Uint8Array.from(content).buffer);
    return {
      computeS: numbers[0]!,
      pFloor: { 1: numbers.subarray(1, 1 + steps), 2: numbers.subarray(1 + steps) },
    };
  }

  async put(audio: AudioSource, { pFloor, computeS }: Answers): Promise<void> {
    const key = this.#keyOf(audio);
    if (!key) return;
    await this.#files.put(
      key,
      [Float64Array.of(computeS), pFloor[1], pFloor[2]].map(
        ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
      ),
    );
  }

  #keyOf(audio: AudioSource): string | undefined {
    const identity = audio.identity?.();
    if (identity === undefined) return undefined;
    return sha256Text(canonicalJson({ identity, model: this.#model, machine: this.#machine, code: CODE() }));
  }
}
