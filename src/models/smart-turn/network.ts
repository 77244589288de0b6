/**
 * A Smart Turn ONNX file, in either of its published forms:
 *
 *     input_features [1, 80, 800]  → logits [1, 1]        pipecat-ai/smart-turn-v3: log-mel features in
 *     audio          [1, 128000]   → probability [1, 1]   re-exports with the features inside: newest sample last
 *
 * Both answer P(the turn is complete); "logits" has been through the sigmoid. int8 and fp32 files look the same.
 */

import { basename } from 'node:path';
import { messageOf, UserError } from '../../core/errors.js';
import { FRAMES, MELS, WHISPER_WINDOW } from '../../dsp/whisper-features.js';
import { createSession, type OnnxSession } from '../../onnx/session.js';

export type TurnInput = 'input_features' | 'audio';

export interface TurnNetwork {
  readonly input: TurnInput;
  /** What `evaluate` reads: `[80, 800]` features or 128 000 samples. */
  readonly numbers: Float32Array;
  /** P(complete) of what is in `numbers`. One at a time. */
  evaluate(): Promise<number>;
  release(): Promise<void>;
}

const FORMS: Readonly<Record<TurnInput, { readonly shape: readonly number[]; readonly output: string }>> = {
  input_features: { shape: [1, MELS, FRAMES], output: 'logits' },
  audio: { shape: [1, WHISPER_WINDOW], output: 'probability' },
};

/**
 * Load a file and try it on silence.
 * @throws UserError when it is missing, no ONNX model, or not a Smart Turn network of these forms.
 */
export async function openTurnNetwork(path: string, threads: number): Promise<TurnNetwork> {
  const session = await createSession(path, { threads });
  try {
    const network = networkOf(path, session);
    await network.evaluate().catch((error: unknown) => {
      if (error instanceof UserError) throw error;
      const { shape } = FORMS[network.input];
      throw new UserError(`${path} does not take ${network.input} [${shape}]: ${firstLine(error)}`, {
        hint: OTHER_NETWORK,
        cause: error,
      });
    });
    return network;
  } catch (error) {
    await session.release();
    throw error;
  }
}

const OTHER_NETWORK = 'is it a Smart Turn v3 network? those have 80 × 800 features or 8 s of audio at 16 kHz as input';

function networkOf(path: string, session: OnnxSession): TurnNetwork {
  const input = inputOf(path, session);
  const { shape, output } = FORMS[input];
  const numbers = new Float32Array(shape.reduce((product, size) => product * size));
  const feeds = { [input]: session.tensor(numbers, shape) };
  return {
    input,
    numbers,
    async evaluate() {
      const { data } = (await session.run(feeds))[output]!;
      const p = data[0];
      if (data.length === 1 && typeof p === 'number' && p >= 0 && p <= 1) return p;
      const found = data.length === 1 ? String(p) : `${data.length} numbers`;
      throw new UserError(`${basename(path)} answered ${found} as ${output}, not one probability`, {
        hint: 'published networks end with a sigmoid; was this one exported without it?',
      });
    },
    release: () => session.release(),
  };
}

function inputOf(path: string, { inputNames, outputNames }: OnnxSession): TurnInput {
  const [name, ...others] = inputNames;
  if ((name === 'input_features' || name === 'audio') && others.length === 0) {
    if (outputNames.includes(FORMS[name].output)) return name;
  }
  const forms = Object.entries(FORMS).map(([input, form]) => `${input} → ${form.output}`);
  throw new UserError(
    `${path} has the inputs ${inputNames.join(', ')} and the outputs ${outputNames.join(', ')}; expected ${forms.join(' or ')}`,
    { hint: inputNames.includes('pixel_values') ? 'this is the network with video' : OTHER_NETWORK },
  );
}

function firstLine(error: unknown): string | undefined {
  return messageOf(error).split('\n')[0];
}
