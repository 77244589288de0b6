/**
 * Silero VAD as a floor model: P(floor) of the subject is P(speech) on the subject's channel.
 *
 * A chunk of 32 ms is answered on the step in which its last sample arrives, and that answer is held until the next
 * chunk is complete; before the first one it is 0. Silences and onsets can be required to last (`min_silence_s`,
 * `min_speech_s`) in audio time, which is how voice agents use it: `silero-vad-500ms` is the rule most of them ship.
 */

import { z } from 'zod';
import type { DiscriminativeModel, TimedComponent } from '../core/model.js';
import { Prng } from '../core/prng.js';
import { createSession, type OnnxSession } from '../onnx/session.js';
import { type Adapter, defineAdapter } from './adapter.js';
import { type ChannelDetector, pairedModel } from './paired.js';
import { SileroChunks } from './silero-chunks.js';
import { CHUNK, SILERO_INPUTS, SILERO_OUTPUTS, SILERO_RATE, SileroNetwork } from './silero-network.js';
import { Smoother } from './smoothing.js';
import { bundledWeights, weightFile } from './weights.js';

/** Silero VAD v6.2, as shipped in the package `@ricky0123/vad-web` 0.0.31. */
export const SILERO_WEIGHTS = {
  file: 'silero_vad_v6.onnx',
  sha256: '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
  licence: 'MIT',
};

export const sileroVad = sileroAdapter('silero-vad', 0);
export const sileroVad500ms = sileroAdapter('silero-vad-500ms', 0.5);

/** Conversations at once: 64 channels a call, where the time per channel stops falling. */
const LANES = 32;

function sileroAdapter(name: string, minSilenceS: number): Adapter {
  return defineAdapter({
    name,
    inputSampleRate: SILERO_RATE,
    latency: 'one answer per 32 ms chunk, heard when the step ends in which the chunk ends (up to 16 ms later)',
    weights: [SILERO_WEIGHTS],
    options: {
      threshold: z.number().gt(0).lt(1).default(0.5).meta({
        description: 'P(speech) above which the floor is held at the default operating point',
      }),
      min_silence_s: z.number().min(0).max(10).default(minSilenceS).meta({
        description: 'silence needed before the floor is released, in whole chunks of 0.032 s, rounded up',
        unit: 's',
      }),
      min_speech_s: z.number().min(0).max(10).default(0).meta({
        description: 'speech needed before the floor is taken, in whole chunks of 0.032 s, rounded up',
        unit: 's',
      }),
      model: z.string().min(1).optional().meta({ description: 'path of another Silero VAD ONNX file' }),
      threads: z.number().int().min(1).max(64).default(1).meta({
        description: 'threads per inference; more are slower for a network this small',
      }),
    },
    async load(options): Promise<DiscriminativeModel> {
      const path = options.model ?? (await bundledWeights(SILERO_WEIGHTS));
      const session = await createSession(path, {
        threads: options.threads,
        inputs: SILERO_INPUTS,
        outputs: SILERO_OUTPUTS,
      });
      const network = new SileroNetwork(session);
      const onset = chunksIn(options.min_speech_s);
      const release = chunksIn(options.min_silence_s);
      const about = {
        inputSampleRate: SILERO_RATE,
        defaultThreshold: options.threshold,
        weights: [await weightFile(path)],
      };
      const lane = () => {
        network.join();
        return pairedModel(about, (rows) => sileroDetector(network, rows, onset, release));
      };
      return {
        ...lane(),
        lanes: { atMost: LANES, open: lane },
        components: () => [chunkInference(session, 'one chunk of 512 samples (32 ms)')],
        close: () => session.release(),
      };
    },
  });
}

/** One chunk of one channel, with its context and the state of the chunk before it. */
export function chunkInference(session: OnnxSession, name: string): TimedComponent {
  const chunks = new SileroChunks(new SileroNetwork(session), 1);
  const prng = new Prng(0);
  // As loud as speech. What the network computes does not depend on what it hears.
  const channels = [Float32Array.from({ length: CHUNK }, () => prng.between(-0.1, 0.1))];
  return {
    kind: 'inference',
    name,
    audioS: CHUNK / SILERO_RATE,
    runsOn: session.runsOn,
    run: () => chunks.push(channels),
  };
}

/** Chunks that cover `seconds`, at least the newest one. Through samples, so that 0.512 s is 16 chunks and not 17. */
function chunksIn(seconds: number): number {
  return Math.max(1, Math.ceil(Math.round(seconds * SILERO_RATE) / CHUNK));
}

function sileroDetector(network: SileroNetwork, rows: number, onset: number, release: number): ChannelDetector {
  const chunks = new SileroChunks(network, rows);
  const held = new Float64Array(rows);
  const smoothers = Array.from(held, () => new Smoother(onset, release));
  let pass = 0;
  /** What was asked in a pass that was given up comes too late. */
  function answer(probabilities: Float32Array, asked: number): Float64Array {
    if (asked !== pass) return held;
    held.set(probabilities);
    for (let row = 0; row < rows; row++) smoothers[row]!.smooth(held, row);
    return held;
  }
  return {
    reset() {
      pass++;
      chunks.reset();
      held.fill(0);
      for (const smoother of smoothers) smoother.reset();
    },
    step(channels) {
      const asked = pass;
      return chunks.push(channels)?.then((probabilities) => answer(probabilities, asked)) ?? held;
    },
  };
}
