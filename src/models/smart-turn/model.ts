/**
 * What all Smart Turn models are: Silero VAD decides when to ask (`gate.ts`), a network says whether the turn is complete.
 * The subject's channel, and its video, alone are heard and seen. P(floor) is held between evaluations, so one pass can be
 * read at every threshold; where that is exact is said in `gate.ts`.
 */

import { z } from 'zod';
import type { DiscriminativeModel } from '../../core/model.js';
import { createSession } from '../../onnx/session.js';
import { pairedModel } from '../paired.js';
import { SileroChunks } from '../silero-chunks.js';
import { SILERO_INPUTS, SILERO_OUTPUTS, SILERO_RATE, SileroNetwork } from '../silero-network.js';
import { SILERO_WEIGHTS } from '../silero-vad.js';
import { bundledWeights, weightFile } from '../weights.js';
import { turnComponents } from './components.js';
import { turnDetector } from './detector.js';
import { turnEvaluator } from './evaluator.js';
import { type ExpectedForms, openTurnNetwork } from './network.js';
import { type gateOptions, gateSettings } from './policies.js';

/** Facts of every adapter. */
export const TURN_FACTS = {
  inputSampleRate: SILERO_RATE,
  latency: 'speech and silence are believed after vad_start_s and vad_stop_s, in chunks of 32 ms; then held',
  weights: [SILERO_WEIGHTS],
};

/** Options of every adapter, beside those of the gate. */
export const networkOptions = {
  vad_model: z.string().min(1).optional().meta({ description: 'path of another Silero VAD ONNX file' }),
  threads: z.number().int().min(1).max(64).default(1).meta({
    description: 'threads per evaluation; whole conversations in parallel use cores better',
  }),
};

type TurnOptions = z.output<z.ZodObject<typeof gateOptions & typeof networkOptions>>;

/**
 * @param path of the network
 * @throws UserError as `openTurnNetwork`, and when the VAD is missing or another network.
 */
export async function openTurnModel(
  options: TurnOptions,
  path: string,
  expected: ExpectedForms,
  about: Pick<DiscriminativeModel, 'video'> = {},
): Promise<DiscriminativeModel> {
  const settings = gateSettings(options);
  const vadPath = options.vad_model ?? (await bundledWeights(SILERO_WEIGHTS));
  const vad = await createSession(vadPath, { inputs: SILERO_INPUTS, outputs: SILERO_OUTPUTS });
  const network = await openTurnNetwork(path, expected, options.threads).catch(async (error) => {
    await vad.release();
    throw error;
  });
  const detector = new SileroNetwork(vad);
  return pairedModel(
    {
      ...about,
      inputSampleRate: SILERO_RATE,
      defaultThreshold: 1 - settings.completionThreshold,
      weights: [await weightFile(path), await weightFile(vadPath)],
      components: () => turnComponents(network, vad, settings),
      async close() {
        await network.release();
        await vad.release();
      },
    },
    (rows) => turnDetector(new SileroChunks(detector, rows), turnEvaluator(network, rows), rows, settings),
  );
}
