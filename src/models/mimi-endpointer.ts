/**
 * Mimi endpointer (Udupa et al., ASRU 2025, arXiv 2506.07081): a two-stream LSTM over embeddings of Kyutai's Mimi codec
 * that answers who is speaking and who has just ended; P(floor) of the subject is P("user").
 *
 * Four steps of 20 ms make one codec frame. The network runs on the fourth, answers twice for it (25 Hz), and the later
 * answer is held until the next frame is complete; before the first it is 0. Inherent latency: 80 ms.
 *
 * The codec hears each channel on its own, so one run serves both passes; a single pass is the same run, of which one
 * answer is used. That makes passes equal to the bit however they are driven. Lanes share inferences; what a conversation
 * is answered does not depend on them, to the bit (tested at full size up to 20 on x86-64).
 */

import { z } from 'zod';
import { UserError } from '../core/errors.js';
import type { DiscriminativeModel, FloorDecision } from '../core/model.js';
import { samplesPerStep } from '../core/time.js';
import { defineAdapter } from './adapter.js';
import { mimiComponents } from './mimi/components.js';
import { CHUNK_SAMPLES, FRAMES_PER_CHUNK, MIMI_RATE } from './mimi/dimensions.js';
import { CLASSES } from './mimi/endpointer-dimensions.js';
import { mimiFolder } from './mimi/folder.js';
import { type MimiConversation, type MimiLane, MimiLanes, newConversation } from './mimi/lanes.js';
import { readManifest } from './mimi/manifest.js';
import { loadNetworks } from './mimi/stream.js';

/** What the authors run it at. */
const THRESHOLD = 0.1;

/** Conversations at once: half the time of one alone, for 16 MB each. With more the time falls little further. */
const LANES = 8;

export const mimiEndpointer = defineAdapter({
  name: 'mimi-endpointer',
  inputSampleRate: MIMI_RATE,
  latency: 'one answer per 80 ms codec frame, on the step that completes it, held in between',
  weights: [],
  options: {
    threshold: z.number().gt(0).lt(1).default(THRESHOLD).meta({
      description: 'P(floor) above which the floor is held at the default operating point',
    }),
    classes: z
      .string()
      .min(1)
      .default('user')
      .meta({
        description: `classes whose probabilities add up to P(floor), with commas: ${CLASSES.join(', ')}`,
      }),
    threads: z.number().int().min(1).max(64).default(1).meta({
      description: 'threads per inference; whole conversations in parallel use cores better',
    }),
    model: z.string().min(1).optional().meta({ description: "folder that 'models build' has written" }),
  },
  async load(options): Promise<DiscriminativeModel> {
    const classes = classIndices(options.classes);
    const folder = options.model ?? mimiFolder();
    const manifest = await readManifest(folder);
    const networks = await loadNetworks(folder, manifest, options.threads);
    const networkFiles = manifest.graphs.map(({ file, sha256 }) => ({ file, sha256 }));
    const { mimi, checkpoint } = manifest.sources;
    const lanes = new MimiLanes(networks);
    const open = () => endpointerModel(lanes.join(), classes, { defaultThreshold: options.threshold });
    return {
      ...open(),
      weights: [mimi, checkpoint, ...networkFiles],
      lanes: { atMost: LANES, open },
      components: () => mimiComponents(networks),
      close: () => networks.release(),
    };
  },
});

/** Samples of one step. */
const STEP = samplesPerStep(MIMI_RATE);

function endpointerModel(
  lane: MimiLane,
  floorClasses: readonly number[],
  about: Pick<DiscriminativeModel, 'defaultThreshold'>,
): DiscriminativeModel {
  let pass = newPass();
  return {
    ...about,
    inputSampleRate: MIMI_RATE,
    classes: CLASSES,
    reset() {
      // An inference that nobody waits for any more answers into what is left behind.
      pass = newPass();
    },
    step(subject, other) {
      return push(subject, other)?.then(([decision]) => decision) ?? pass.held[0];
    },
    stepBoth(speaker1, speaker2) {
      return push(speaker1, speaker2) ?? pass.held;
    },
  };

  /** @returns decisions with either channel as subject when this step completes a codec frame */
  function push(first: Float32Array, second: Float32Array): Promise<Pass['held']> | undefined {
    const { audio } = pass.conversation;
    audio.set(first, pass.filled);
    audio.set(second, CHUNK_SAMPLES + pass.filled);
    pass.filled += STEP;
    if (pass.filled < CHUNK_SAMPLES) return undefined;
    pass.filled = 0;
    return infer(pass);
  }

  async function infer(current: Pass): Promise<Pass['held']> {
    await lane.next(current.conversation);
    const { probabilities } = current.conversation;
    current.held = [decision(probabilities, 0), decision(probabilities, 1)];
    return current.held;
  }

  /** Of the later of the two frames. */
  function decision(probabilities: Float32Array, row: number): FloorDecision {
    const at = (row * FRAMES_PER_CHUNK + FRAMES_PER_CHUNK - 1) * CLASSES.length;
    const all = probabilities.subarray(at, at + CLASSES.length);
    const pFloor = floorClasses.reduce((sum, index) => sum + all[index]!, 0);
    return { pFloor: Math.min(pFloor, 1), classes: all };
  }
}

/** What is kept from step to step. */
interface Pass {
  readonly conversation: MimiConversation;
  /** Samples of the current frame so far. */
  filled: number;
  /** The latest answer. */
  held: readonly [FloorDecision, FloorDecision];
}

function newPass(): Pass {
  return { conversation: newConversation(), filled: 0, held: SILENCE };
}

/** Before the first answer. */
const SILENCE: readonly [FloorDecision, FloorDecision] = [{ pFloor: 0 }, { pFloor: 0 }];

/** `user,user_end` → indices in the order of the logits. */
function classIndices(text: string): readonly number[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  return names.map((name) => {
    const index = (CLASSES as readonly string[]).indexOf(name);
    if (index >= 0) return index;
    throw new UserError(`options of mimi-endpointer: there is no class '${name}'`, {
      hint: `classes are ${CLASSES.join(', ')}`,
    });
  });
}
