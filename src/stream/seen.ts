/**
 * Who is seen, on the 20 ms clock: frames are dealt to the step by whose end their presentation time has passed. A
 * frame that is due at the very end of a step belongs to it; one from before the conversation, to the first step.
 *
 *   steps    |--0--|--1--|--2--|--3--|      frames of 30 per second, at 0, 33.3 and 66.7 ms:
 *   frames   a         b         c          step 0 is handed a, step 1 b, step 2 nothing, step 3 c
 */

import type { VideoSources } from '../core/conversation.js';
import type { SeenFrames, StepVideo } from '../core/model.js';
import { otherSpeaker, type PerSpeaker, perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { stepEndS } from '../core/time.js';
import type { VideoFrame, VideoReader, VideoSize } from '../core/video.js';

/** What a model asks to see, and of whom there is video. */
export interface Sight {
  readonly size: VideoSize;
  readonly sources: VideoSources;
}

/** Shared by all steps in which nothing new was to be seen. */
const NOTHING_NEW: readonly VideoFrame[] = [];

export class SeenFeed {
  /** Per speaker one entry per step of the block, replaced by `load`. All null for who is never seen. */
  readonly slots: PerSpeaker<readonly SeenFrames[]>;
  readonly #readers: Partial<PerSpeaker<VideoReader>>;
  readonly #slots: PerSpeaker<SeenFrames[]>;

  /** @param blockSteps most steps that are ever loaded at a time. */
  constructor(readers: Partial<PerSpeaker<VideoReader>>, blockSteps: number) {
    this.#readers = readers;
    this.#slots = perSpeaker(() => new Array<SeenFrames>(blockSteps).fill(null));
    this.slots = this.#slots;
  }

  /** What becomes visible in steps `[first, first + count)`, which follow those loaded before. */
  async load(first: number, count: number): Promise<void> {
    await Promise.all(SPEAKERS.map((speaker) => this.#loadSpeaker(speaker, first, count)));
  }

  async close(): Promise<void> {
    await Promise.all(SPEAKERS.map((speaker) => this.#readers[speaker]?.close()));
  }

  async #loadSpeaker(speaker: Speaker, first: number, count: number): Promise<void> {
    const reader = this.#readers[speaker];
    if (!reader) return;
    const frames = await reader.read(stepEndS(first + count - 1));
    let next = 0;
    for (let slot = 0; slot < count; slot++) {
      const start = next;
      while (next < frames.length && frames[next]!.timeS <= stepEndS(first + slot)) next++;
      this.#slots[speaker][slot] = next === start ? NOTHING_NEW : frames.slice(start, next);
    }
  }
}

/** What one pass is handed in one step of a block. */
export function stepVideo(slots: SeenFeed['slots'], subject: Speaker, slot: number): StepVideo {
  return { subject: slots[subject][slot]!, other: slots[otherSpeaker(subject)][slot]! };
}

/**
 * Start showing from the first step.
 * @throws UserError when a video cannot be opened; the other one is closed then.
 */
export async function openSight({ size, sources }: Sight, blockSteps: number): Promise<SeenFeed> {
  const readers: Partial<Record<Speaker, VideoReader>> = {};
  try {
    for (const speaker of SPEAKERS) {
      const source = sources[speaker];
      if (source) readers[speaker] = await source.open(size);
    }
    return new SeenFeed(readers, blockSteps);
  } catch (error) {
    await readers[1]?.close();
    throw error;
  }
}
