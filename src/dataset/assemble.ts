/**
 * Time-line + bank of utterances -> the two channels of a conversation. A time-line says who says which utterance
 * when and how loud; the utterances start and end with speech, so its times are the exact times of speech.
 *
 * The samples must be the same on every machine and Node version: only whole numbers, IEEE multiplication and rounding
 * have a say, never `Math.log` or `Math.cos`, whose last bits are up to the engine.
 */

import { Prng, seedOf } from '../core/prng.js';
import { otherSpeaker, type PerSpeaker, perSpeaker, type Speaker } from '../core/speaker.js';

/** Keys as in `timeline.json`. */
export interface Timeline {
  readonly conversation_id: string;
  /** Whole milliseconds. */
  readonly duration_s: number;
  /** Share of the other's voice in each channel, of full amplitude. */
  readonly crosstalk: number;
  readonly events: readonly SpokenEvent[];
}

export interface SpokenEvent {
  readonly speaker: Speaker;
  readonly start_s: number;
  /** Earlier than the utterance itself ends: it breaks off here. */
  readonly end_s: number;
  readonly role: 'turn' | 'continuation' | 'filler' | 'interruption' | 'attempt' | 'backchannel';
  /** The true fine label. */
  readonly label: string;
  readonly utterance: string;
  /** Factor on the amplitude. */
  readonly gain: number;
}

export interface Bank {
  readonly sampleRateHz: number;
  /** 16-bit samples by utterance id. */
  readonly utterances: ReadonlyMap<string, Int16Array>;
}

/** A voice that breaks off is not cut with a knife. */
const FADE_S = 0.04;

/**
 * RMS −60 dBFS: 32768 / 1000 over the standard deviation of a sum of four uniform bytes, which is
 * sqrt(4 · (256² − 1) / 12) = 147.8.
 */
const NOISE_GAIN = 0.2217;

/**
 * Both channels, 16-bit samples at the bank's rate, `duration_s` long.
 * @throws Error when an utterance is not in the bank or lies outside the conversation.
 */
export function assembleConversation(timeline: Timeline, bank: Bank): PerSpeaker<Int16Array> {
  const length = Math.round(timeline.duration_s * bank.sampleRateHz);
  const voices = perSpeaker(() => new Int32Array(length));
  for (const event of timeline.events) say(voices[event.speaker], event, bank);
  return perSpeaker((speaker) => {
    const prng = new Prng(seedOf(`noise ${timeline.conversation_id} ${speaker}`));
    return mix(voices[speaker], voices[otherSpeaker(speaker)], timeline.crosstalk, prng);
  });
}

function say(voice: Int32Array, event: SpokenEvent, { sampleRateHz, utterances }: Bank): void {
  const utterance = utterances.get(event.utterance);
  if (!utterance) throw new Error(`no utterance '${event.utterance}' in the bank`);
  const start = Math.round(event.start_s * sampleRateHz);
  const end = Math.round(event.end_s * sampleRateHz);
  const length = end - start;
  if (start < 0 || end > voice.length || length > utterance.length) {
    throw new Error(`'${event.utterance}' at ${event.start_s} s does not fit`);
  }
  const fade = length < utterance.length ? Math.round(FADE_S * sampleRateHz) : 0;
  for (let i = 0; i < length; i++) {
    const left = length - i;
    const gain = left < fade ? (event.gain * left) / fade : event.gain;
    voice[start + i]! += Math.round(utterance[i]! * gain);
  }
}

function mix(own: Int32Array, other: Int32Array, crosstalk: number, prng: Prng): Int16Array {
  const mixed = new Int16Array(own.length);
  for (let i = 0; i < mixed.length; i++) {
    const sample = own[i]! + Math.round(other[i]! * crosstalk) + noise(prng);
    mixed[i] = Math.max(-32768, Math.min(32767, sample));
  }
  return mixed;
}

/** Nearly normal, from whole numbers only. */
function noise(prng: Prng): number {
  const bits = prng.uint32();
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return Math.round((sum - 510) * NOISE_GAIN);
}
