/** A model in another process, behind the model contract. */

import { z } from 'zod';
import { EXIT, UserError } from '../../core/errors.js';
import type { DiscriminativeModel, FloorDecision, WeightFile } from '../../core/model.js';
import { samplesPerStep } from '../../core/time.js';
import { checkModel } from '../check-model.js';
import { type Launch, ModelProcess } from './child.js';
import { encodeMessage, type Message, MOST_STEPS, PROTOCOL_VERSION, StepPacker } from './protocol.js';

export interface BridgeSettings extends Launch {
  /** What the model is told first, besides the version of the protocol. */
  readonly hello: object;
  /** How long it may take until it has introduced itself, s. */
  readonly loadDeadlineS: number;
}

/**
 * Start the process and let the model load.
 * @throws UserError when it cannot be started, fails to load, takes too long, or breaks the contract.
 */
export async function bridgeModel(settings: BridgeSettings): Promise<DiscriminativeModel> {
  const { process, facts } = await introduced(settings);
  try {
    checkModel(settings.name, { ...facts, reset() {}, step() {} });
  } catch (error) {
    await process.close();
    throw error;
  }
  return new BridgedModel(settings, process, facts);
}

/** An answer that took less is followed by a longer question, one that took more by a shorter one, ms. */
const QUICK_MS = 50;
const SLOW_MS = 200;

class BridgedModel implements DiscriminativeModel {
  readonly inputSampleRate: number;
  readonly thresholds?: readonly number[];
  readonly defaultThreshold?: number;
  readonly weights?: readonly WeightFile[];
  readonly #settings: BridgeSettings;
  readonly #facts: Facts;
  readonly #packer: StepPacker;
  #process: ModelProcess;
  /** Of the pass under way: the model has to be started again. */
  #failure: UserError | undefined;
  /** As many steps in a message as answers come quickly, so that neither messages nor a slow model cost much. */
  #steps = 1;

  constructor(settings: BridgeSettings, process: ModelProcess, facts: Facts) {
    this.#settings = settings;
    this.#process = process;
    this.#facts = facts;
    this.inputSampleRate = facts.inputSampleRate;
    if (facts.thresholds) this.thresholds = facts.thresholds;
    if (facts.defaultThreshold !== undefined) this.defaultThreshold = facts.defaultThreshold;
    if (facts.weights) this.weights = facts.weights;
    this.#packer = new StepPacker(samplesPerStep(facts.inputSampleRate), MOST_STEPS);
  }

  async ready(): Promise<void> {
    if (!this.#failure && !this.#process.isBusy && !this.#process.hasFailed) return;
    // Gone before another one wants its memory.
    this.#process.kill();
    await this.#process.close();
    const { process, facts } = await introduced(this.#settings);
    this.#process = process;
    this.#failure = undefined;
    if (JSON.stringify(facts) === JSON.stringify(this.#facts)) return;
    this.#failure = new UserError(`${this.#settings.name} introduced itself differently when it was started again`);
    throw this.#failure;
  }

  async reset(): Promise<void> {
    if (this.#failure) throw this.#failure;
    this.#process.send(encodeMessage('RSET'));
    const answer = await this.#receive();
    if (answer.type !== 'REDY') throw this.#refuse(`it answered ${answer.type} to RSET`);
  }

  async step(subject: Float32Array, other: Float32Array): Promise<FloorDecision> {
    return (await this.#answers(subject, other, 1))[0]!;
  }

  async stepMany(subject: Float32Array, other: Float32Array): Promise<readonly FloorDecision[]> {
    const startMs = performance.now();
    const steps = Math.min(this.#steps, subject.length / samplesPerStep(this.inputSampleRate));
    const answers = await this.#answers(subject, other, steps);
    const tookMs = performance.now() - startMs;
    if (tookMs < QUICK_MS) this.#steps = Math.min(MOST_STEPS, 2 * this.#steps);
    else if (tookMs > SLOW_MS) this.#steps = Math.max(1, this.#steps >> 1);
    return answers;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  /** All answers, or those before a failure, which is then that of the next question. */
  async #answers(subject: Float32Array, other: Float32Array, steps: number): Promise<FloorDecision[]> {
    if (this.#failure) throw this.#failure;
    this.#process.send(this.#packer.pack(subject, other, steps));
    const answers: FloorDecision[] = [];
    while (answers.length < steps) {
      try {
        this.#decode(await this.#receive(), answers, steps);
      } catch (error) {
        if (answers.length === 0) throw error;
        return answers;
      }
    }
    return answers;
  }

  #decode({ type, payload }: Message, into: FloorDecision[], steps: number): void {
    if (type !== 'BITS' && type !== 'PROB') throw this.#refuse(`it answered ${type} to STEP`);
    const width = type === 'PROB' ? Float64Array.BYTES_PER_ELEMENT : (this.thresholds?.length ?? 1);
    const count = payload.length / width;
    if (!(Number.isInteger(count) && count > 0 && into.length + count <= steps)) {
      const due = `${steps - into.length} answers of ${width} bytes`;
      throw this.#refuse(`it answered ${payload.length} bytes of ${type} where up to ${due} were due`);
    }
    for (let at = 0; at < payload.length; at += width) {
      into.push(type === 'PROB' ? { pFloor: payload.readDoubleLE(at) } : this.#bits(payload, at));
    }
  }

  /** What is neither 0 nor 1 is found by whoever records it. */
  #bits(payload: Buffer, at: number): FloorDecision {
    const { order } = this.#facts;
    return (order ? order.map((index) => payload[at + index]) : payload[at]) as FloorDecision;
  }

  async #receive(): Promise<Message> {
    try {
      const message = await this.#process.receive();
      if (message.type === 'FAIL') throw failureOf(message);
      return message;
    } catch (error) {
      this.#failure = error as UserError;
      throw error;
    }
  }

  #refuse(problem: string): UserError {
    this.#failure = new UserError(`${this.#settings.name} broke the protocol: ${problem}`);
    return this.#failure;
  }
}

/** What a model says of itself. */
interface Facts {
  readonly inputSampleRate: number;
  /** Ascending, as the contract wants them. */
  readonly thresholds?: readonly number[];
  /** Where the bit of each of those is found among the bits of an answer. */
  readonly order?: readonly number[];
  readonly defaultThreshold?: number;
  readonly weights?: readonly WeightFile[];
}

const introductionSchema = z.strictObject({
  input_sample_rate: z.number(),
  thresholds: z.array(z.number()).nullish(),
  default_threshold: z.number().nullish(),
  weights: z.array(z.strictObject({ file: z.string(), sha256: z.string() })).nullish(),
});

async function introduced(settings: BridgeSettings): Promise<{ process: ModelProcess; facts: Facts }> {
  const process = new ModelProcess(settings);
  process.send(encodeMessage('HELO', { protocol: PROTOCOL_VERSION, ...settings.hello }));
  try {
    const message = await within(settings.loadDeadlineS, process.receive());
    if (message === undefined) {
      throw new UserError(`${settings.name} was not ready within ${settings.loadDeadlineS} s`, {
        hint: 'if it only loads slowly, allow more with -o load_deadline_s=…',
      });
    }
    return { process, facts: factsOf(message, settings.name) };
  } catch (error) {
    process.kill();
    throw error;
  }
}

function factsOf(message: Message, name: string): Facts {
  if (message.type === 'FAIL') throw failureOf(message, `${name}: `);
  const parsed = message.type === 'MODL' ? introductionSchema.safeParse(parseJson(message.payload)) : undefined;
  if (!parsed?.success) {
    const issue = parsed?.error.issues[0];
    const problem = issue ? `MODL: ${issue.path.join('.') || 'the document'}: ${issue.message}` : message.type;
    throw new UserError(`${name} did not introduce itself: ${problem}`, {
      hint: 'the answer to HELO is MODL with JSON such as {"input_sample_rate": 16000}',
    });
  }
  const { input_sample_rate: inputSampleRate, thresholds, default_threshold: defaultThreshold, weights } = parsed.data;
  // Modules list thresholds in any order.
  const order = thresholds?.map((_, i) => i).sort((a, b) => thresholds[a]! - thresholds[b]!);
  return {
    inputSampleRate,
    ...(thresholds && thresholds.length > 0 && order && { thresholds: order.map((i) => thresholds[i]!), order }),
    ...(typeof defaultThreshold === 'number' && { defaultThreshold }),
    ...(weights && { weights }),
  };
}

const failureSchema = z.object({
  message: z.string(),
  hint: z.string().nullish(),
  /** Something has to be installed first. */
  missing: z.boolean().nullish(),
});

export function failureOf({ payload }: Message, prefix = ''): UserError {
  const { success, data } = failureSchema.safeParse(parseJson(payload));
  if (!success) return new UserError(`${prefix}FAIL with ${JSON.stringify(payload.toString('utf8', 0, 200))}`);
  const { message, hint, missing } = data;
  return new UserError(`${prefix}${message}`, {
    ...(hint && { hint }),
    ...(missing && { exitCode: EXIT.prerequisite }),
  });
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Undefined when it takes longer. */
export async function within<T>(limitS: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitS * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
