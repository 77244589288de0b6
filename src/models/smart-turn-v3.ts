/**
 * Smart Turn v3 (pipecat-ai) as a floor model: Silero VAD decides when to ask, a Whisper encoder with a small head says
 * whether the turn is complete. `smart-turn/gate.ts` defines when it is asked and what P(floor) is at every moment,
 * `smart-turn/policies.ts` the two published sets of constants.
 *
 * The subject's channel alone is heard. P(floor) is held between evaluations, so one pass can be read at every
 * threshold; where that is exact is said in `smart-turn/gate.ts`.
 */

import { z } from 'zod';
import type { DiscriminativeModel } from '../core/model.js';
import { createSession } from '../onnx/session.js';
import { defineAdapter } from './adapter.js';
import { pairedModel } from './paired.js';
import { SILERO_INPUTS, SILERO_OUTPUTS, SILERO_RATE, SileroChunks } from './silero-chunks.js';
import { SILERO_WEIGHTS } from './silero-vad.js';
import { audioEvaluator } from './smart-turn/audio-evaluator.js';
import { turnDetector } from './smart-turn/detector.js';
import { openTurnNetwork } from './smart-turn/network.js';
import { gateOptions, gateSettings } from './smart-turn/policies.js';
import { DEFAULT_VERSION, fetchedNetwork, SMART_TURN, VERSIONS } from './smart-turn/published.js';
import { bundledWeights, weightFile } from './weights.js';

export const smartTurnV3 = defineAdapter({
  name: SMART_TURN,
  inputSampleRate: SILERO_RATE,
  latency: 'speech and silence are believed after vad_start_s and vad_stop_s, in chunks of 32 ms; then held',
  weights: [SILERO_WEIGHTS],
  options: {
    ...gateOptions,
    version: z.enum(VERSIONS).default(DEFAULT_VERSION).meta({
      description: "which published network, of those that 'models pull' has fetched; cpu is int8, gpu is fp32",
    }),
    model: z.string().min(1).optional().meta({
      description: 'path of another Smart Turn ONNX file, with features or with audio as input',
    }),
    vad_model: z.string().min(1).optional().meta({ description: 'path of another Silero VAD ONNX file' }),
    threads: z.number().int().min(1).max(64).default(1).meta({
      description: 'threads per evaluation; whole conversations in parallel use cores better',
    }),
  },
  async load(options): Promise<DiscriminativeModel> {
    const settings = gateSettings(options);
    const vadPath = options.vad_model ?? (await bundledWeights(SILERO_WEIGHTS));
    const path = options.model ?? fetchedNetwork(options.version);
    const network = await openTurnNetwork(path, options.threads);
    const vad = await createSession(vadPath, { inputs: SILERO_INPUTS, outputs: SILERO_OUTPUTS });
    return pairedModel(
      {
        inputSampleRate: SILERO_RATE,
        defaultThreshold: 1 - settings.completionThreshold,
        weights: [await weightFile(path), await weightFile(vadPath)],
        async close() {
          await network.release();
          await vad.release();
        },
      },
      (rows) => turnDetector(new SileroChunks(vad, rows), audioEvaluator(network, rows), rows, settings),
    );
  },
});
