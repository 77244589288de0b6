/**
 * Does a model use the future? For random moments, everything both speakers say from that moment on is replaced by
 * noise, and whatever is seen of them after it, and the model is run again: what it decided before must not change by a
 * bit.
 *
 * The audio is replaced at the rate of the files, before any resampling, so the whole path is checked. A first rerun
 * of the unchanged conversation tells a model that sees the future from one that is merely not repeatable.
 */

import type { AudioSource, VideoSources } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { DiscriminativeModel, FloorDecision } from '../core/model.js';
import { Prng } from '../core/prng.js';
import { perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { STEPS_PER_SECOND, stepEndS } from '../core/time.js';
import type { ConversationTracks, FloorTrack, PassTrack } from '../core/tracks.js';
import type { VideoSource } from '../core/video.js';
import { type DriveOptions, driveConversation } from './drive.js';
import { conversationSteps } from './steps.js';

export interface CausalityOptions extends Omit<DriveOptions, 'onProgress'> {
  /** How many moments. Default 8. Every one costs a run of the conversation. */
  readonly cuts?: number | undefined;
  /** Of the moments and of the noise. Default 0. */
  readonly seed?: number | undefined;
  /** Called after every run: runs done, runs in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface CausalityReport {
  /** Steps of one pass. */
  readonly steps: number;
  /** The moments checked, ascending: the first step whose audio and video were replaced. */
  readonly cuts: readonly number[];
  /** The first changed decision that was found; checking stops there. Absent when none changed. */
  readonly violation?: CausalityViolation;
}

export interface CausalityViolation {
  /** Absent when the same conversation, run twice, gave two answers: `reset` forgets too little, or chance is not seeded. */
  readonly cutStep?: number;
  readonly subject: Speaker;
  readonly step: number;
  /** What the model answered at `step` with the true future, and with the other one. */
  readonly expected: FloorDecision;
  readonly got: FloorDecision;
}

/** @throws UserError when the conversation has fewer than 2 steps, and everything that `driveConversation` throws. */
export async function checkCausality(
  model: DiscriminativeModel,
  audio: AudioSource,
  options: CausalityOptions = {},
): Promise<CausalityReport> {
  const steps = conversationSteps(audio);
  if (steps < 2) throw new UserError(`causality cannot be checked on ${steps} steps: 2 are needed`);
  const seed = options.seed ?? 0;
  const cuts = randomCuts(steps, options.cuts ?? 8, seed);
  const runs = [undefined, ...cuts];
  const { video, stepDeadlineS, signal } = options;
  const drive = { stepDeadlineS, signal };

  const { tracks: expected } = await driveConversation(model, audio, { ...drive, video });
  for (const [run, cutStep] of runs.entries()) {
    options.onProgress?.(run + 1, runs.length + 1);
    const isChanged = cutStep !== undefined;
    const heard = isChanged ? replacedFrom(audio, cutStep, seed + cutStep) : audio;
    const seen = isChanged && video ? unseenFrom(video, cutStep, seed + cutStep) : video;
    const { tracks: got } = await driveConversation(model, heard, { ...drive, video: seen });
    const violation = firstChange(expected, got, cutStep ?? steps);
    if (violation) return { steps, cuts, violation: { ...violation, ...(cutStep === undefined ? {} : { cutStep }) } };
  }
  options.onProgress?.(runs.length + 1, runs.length + 1);
  return { steps, cuts };
}

/** Distinct steps after the first, ascending. */
function randomCuts(steps: number, count: number, seed: number): number[] {
  const prng = new Prng(seed);
  const cuts = new Set<number>();
  while (cuts.size < Math.min(count, steps - 1)) cuts.add(1 + prng.int(steps - 1));
  return [...cuts].sort((a, b) => a - b);
}

/** Amplitude of the noise, uniform: about -25 dBFS, as loud as speech. */
const NOISE_PEAK = 0.1;

/** The same audio up to the beginning of `cutStep`, noise on both channels from there on. */
function replacedFrom(audio: AudioSource, cutStep: number, seed: number): AudioSource {
  // The first sample whose moment is not before the cut, at rates whose steps are not whole samples.
  const cutSample = Math.ceil((cutStep * audio.sampleRateHz) / STEPS_PER_SECOND);
  return {
    ...audio,
    open: async () => {
      const reader = await audio.open();
      const noise = perSpeaker((speaker) => new Prng(2 * seed + speaker));
      let position = 0;
      return {
        read: async (into) => {
          const count = await reader.read(into);
          for (const speaker of SPEAKERS) {
            for (let i = Math.max(0, cutSample - position); i < count; i++) {
              into[speaker][i] = noise[speaker].between(-NOISE_PEAK, NOISE_PEAK);
            }
          }
          position += count;
          return count;
        },
        close: () => reader.close(),
      };
    },
  };
}

/** The same video as far as it was visible before step `cutStep`, noise in every frame after that. */
function unseenFrom(video: VideoSources, cutStep: number, seed: number): VideoSources {
  const cutS = stepEndS(cutStep - 1);
  const replaced = (source: VideoSource, speaker: Speaker): VideoSource => ({
    open: async (size) => {
      const reader = await source.open(size);
      const noise = new Prng(2 * seed + speaker);
      return {
        read: async (untilS) => {
          const frames = await reader.read(untilS);
          // What stays is copied: a buffer that it shares with later frames would hold the true future.
          return frames.map(({ timeS, rgb }) => ({ timeS, rgb: timeS <= cutS ? rgb.slice() : noisy(rgb, noise) }));
        },
        close: () => reader.close(),
      };
    },
  });
  return {
    ...(video[1] && { 1: replaced(video[1], 1) }),
    ...(video[2] && { 2: replaced(video[2], 2) }),
  };
}

function noisy(rgb: Uint8Array, noise: Prng): Uint8Array {
  return rgb.map(() => noise.int(256));
}

/** The earliest decision before step `end` that differs, speaker 1 first. */
function firstChange(
  expected: ConversationTracks,
  got: ConversationTracks,
  end: number,
): Omit<CausalityViolation, 'cutStep'> | undefined {
  const steps = perSpeaker((speaker) => firstDifference(expected[speaker], got[speaker]));
  const subject = steps[2] < steps[1] ? 2 : 1;
  const step = steps[subject];
  if (step >= end) return undefined;
  return { subject, step, expected: decisionAt(expected[subject], step), got: decisionAt(got[subject], step) };
}

/** Infinity when both are equal. */
function firstDifference(a: PassTrack, b: PassTrack): number {
  if (a.kind === 'probability' && b.kind === 'probability') {
    const step = a.pFloor.findIndex((p, i) => p !== b.pFloor[i]);
    return step === -1 ? Number.POSITIVE_INFINITY : step;
  }
  const floors = floorsOf(a);
  const others = floorsOf(b);
  if (a.kind !== b.kind || floors.length !== others.length) return 0;
  return Math.min(...floors.map((floor, k) => firstEdgeDifference(floor, others[k] as FloorTrack)));
}

function floorsOf(track: PassTrack): readonly FloorTrack[] {
  return track.kind === 'bits' ? track.floors : track.kind === 'bit' ? [track.floor] : [];
}

function firstEdgeDifference(a: FloorTrack, b: FloorTrack): number {
  for (let k = 0; k < Math.max(a.edges.length, b.edges.length); k++) {
    const ours = a.edges[k] ?? Number.POSITIVE_INFINITY;
    const theirs = b.edges[k] ?? Number.POSITIVE_INFINITY;
    if (ours !== theirs) return Math.min(ours, theirs);
  }
  return Number.POSITIVE_INFINITY;
}

function decisionAt(track: PassTrack, step: number): FloorDecision {
  if (track.kind === 'probability') return { pFloor: track.pFloor[step] as number };
  const bits = floorsOf(track).map((floor) => bitAt(floor, step));
  return track.kind === 'bits' ? bits : (bits[0] as 0 | 1);
}

function bitAt(floor: FloorTrack, step: number): 0 | 1 {
  return floor.edges.filter((edge) => edge <= step).length % 2 === 1 ? 1 : 0;
}
