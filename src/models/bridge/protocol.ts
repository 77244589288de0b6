/**
 * What the harness and a model in another process say to each other. The reference for authors, with every field, is
 * docs/other-languages.md.
 *
 * A message is four ASCII letters, the length of its payload (u32) and the payload; all numbers are little-endian.
 *
 *   harness  HELO json   RSET        STEP f32[n][2][S]              S = samples of a step: first subject, then other
 *   model    MODL json   REDY        BITS u8[n] | u8[n][T]          T = its thresholds
 *                                    PROB f64[n]
 *            FAIL json instead of any answer, or after the answers to the first steps of a STEP
 *
 * A recogniser (models/asr/program.ts) is told so in HELO and speaks less:
 *
 *   harness  HELO json   WAVE f32[samples]
 *   program  REDY        TEXT json, or FAIL json
 */

import { UserError } from '../../core/errors.js';

export const PROTOCOL_VERSION = 1;

/** In a STEP message: one second. */
export const MOST_STEPS = 50;

const HEADER_BYTES = 8;

export type HarnessMessage = 'HELO' | 'RSET' | 'STEP' | 'WAVE';
export type ModelMessage = (typeof MODEL_MESSAGES)[number];

const MODEL_MESSAGES = ['MODL', 'REDY', 'BITS', 'PROB', 'TEXT', 'FAIL'] as const;

/** The longest answer, with thousands of thresholds, is far shorter: a longer one is a model that prints. */
const LONGEST_PAYLOAD_BYTES = 1 << 26;

export interface Message {
  readonly type: ModelMessage;
  readonly payload: Buffer;
}

export function encodeMessage(type: HarnessMessage | ModelMessage, payload: Uint8Array | object = NOTHING): Buffer {
  const bytes = payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload));
  return Buffer.concat([header(type, bytes.length), bytes]);
}

const NOTHING = new Uint8Array(0);

function header(type: string, payloadBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(type, 'latin1');
  bytes.writeUInt32LE(payloadBytes, 4);
  return bytes;
}

/** Makes STEP messages in one buffer, which may be reused as soon as a message has been answered. */
export class StepPacker {
  readonly #stepSamples: number;
  readonly #message: Buffer;
  readonly #samples: Float32Array;

  constructor(stepSamples: number, mostSteps: number) {
    this.#stepSamples = stepSamples;
    const bytes = new ArrayBuffer(HEADER_BYTES + mostSteps * 2 * stepSamples * Float32Array.BYTES_PER_ELEMENT);
    this.#message = Buffer.from(bytes);
    this.#samples = new Float32Array(bytes, HEADER_BYTES);
  }

  /** @param subject samples of at least `steps` steps, as is `other`. */
  pack(subject: Float32Array, other: Float32Array, steps: number): Buffer {
    const size = this.#stepSamples;
    for (let step = 0; step < steps; step++) {
      const from = step * size;
      this.#samples.set(subject.subarray(from, from + size), 2 * from);
      this.#samples.set(other.subarray(from, from + size), 2 * from + size);
    }
    const payloadBytes = steps * 2 * size * Float32Array.BYTES_PER_ELEMENT;
    header('STEP', payloadBytes).copy(this.#message);
    return this.#message.subarray(0, HEADER_BYTES + payloadBytes);
  }
}

/** Finds messages in bytes that come in any pieces. */
export class MessageReader {
  #bytes: Buffer = Buffer.alloc(0);

  push(piece: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece]);
  }

  /**
   * The next message, when it is complete.
   * @throws UserError when the bytes are no message of a model.
   */
  next(): Message | undefined {
    const bytes = this.#bytes;
    if (bytes.length < HEADER_BYTES) return undefined;
    const type = MODEL_MESSAGES.find((known) => known === bytes.toString('latin1', 0, 4));
    const length = bytes.readUInt32LE(4);
    if (type === undefined || length > LONGEST_PAYLOAD_BYTES) failForNoise(bytes);
    const end = HEADER_BYTES + length;
    if (bytes.length < end) return undefined;
    this.#bytes = bytes.subarray(end);
    return { type, payload: bytes.subarray(HEADER_BYTES, end) };
  }
}

function failForNoise(bytes: Buffer): never {
  const seen = JSON.stringify(bytes.toString('latin1', 0, 40));
  throw new UserError(`it sent ${seen} where a message of the protocol was due`, {
    hint: "what a model prints goes to its standard error; 'turnbench stream --help' lists the messages",
  });
}
