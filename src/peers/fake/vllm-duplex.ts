/**
 * Stand-in for vLLM-Omni full duplex: it decides every second of audio, or by script at any moment, to listen or to
 * speak. What it says is a tone of two seconds, in pieces of one second.
 */

import { isRecord, jsonEvent, textOf } from '../json-events.js';
import { fromPcm16, pcm16 } from '../pcm.js';
import type { FakeProtocol, FakeSession, Stage } from './stage.js';

/** Hz. */
const INPUT_RATE = 16_000;
const OUTPUT_RATE = 24_000;
/** s. */
const UNIT_S = 1;
const REPLY_UNITS = 2;

/** Names of events have changed once; clients meet both. */
export type Generation = 'current' | 'pr-3907';

export function fakeVllmDuplex(generation: Generation = 'current'): FakeProtocol {
  return { path: '/v1/realtime', accept: (stage) => new Duplex(stage, generation) };
}

const AUDIO_EVENT = { current: 'response.output_audio', 'pr-3907': 'response.audio' } as const;

class Duplex implements FakeSession {
  readonly #stage: Stage;
  readonly #generation: Generation;
  #events = 0;
  #isBound = false;
  #responses = 0;
  /** Units that the response under way still has to say. */
  #unitsLeft = 0;
  #isSpeaking = false;
  /** Audio at which the next unit is due, s. */
  #nextUnitS = UNIT_S;
  #nextSpokenS = 0;
  #wantsToSpeak = false;

  constructor(stage: Stage, generation: Generation) {
    this.#stage = stage;
    this.#generation = generation;
  }

  onMessage(message: string | Uint8Array): void {
    const event = jsonEvent(message);
    if (event.type === 'session.update') this.#bind(event['session']);
    else if (!this.#isBound) this.#stage.say({ type: 'error', error: 'session.update comes first', code: 'not_bound' });
    else if (event.type === 'input_audio_buffer.append') this.#hear(String(event['audio'] ?? ''));
    else if (event.type === 'playback.ack') this.#say('playback.acknowledged', { response_id: event['response_id'] });
    else if (event.type === 'session.close') {
      this.#say('session.closed', { reason: 'client_closed' });
      this.#stage.close();
    }
  }

  #bind(session: unknown): void {
    const given = isRecord(session) ? session : {};
    if (/minicpm/i.test(textOf(given['model']) ?? '') && !textOf(given['ref_audio'])) {
      this.#stage.say({ type: 'error', error: 'a reference voice is required', code: 'ref_audio_required' });
      return;
    }
    if (given['turn_detection'] !== null) {
      this.#stage.say({ type: 'error', error: 'turn detection must be off', code: 'unsupported_turn_detection' });
      return;
    }
    if (!this.#isBound) {
      const capabilities = { implementation_level: 'stand-in', chunk_period_ms: UNIT_S * 1000 };
      const state = {
        id: 'duplex-stand-in',
        object: 'realtime.session',
        state: 'active',
        turn_state: 'idle',
        epoch: 0,
      };
      this.#say('session.created', { attachment_generation: 1, session: { ...state, turn_id: 0, capabilities } });
    }
    this.#isBound = true;
    this.#say('session.updated', { session: { state: 'active' } });
  }

  #hear(audio: string): void {
    for (const floor of this.#stage.hear(fromPcm16(Buffer.from(audio, 'base64')), INPUT_RATE)) this.#decide(floor);
    const nowS = this.#stage.heardS + 1e-9;
    if (this.#isSpeaking && nowS >= this.#nextSpokenS) this.#speakUnit();
    if (nowS < this.#nextUnitS) return;
    this.#nextUnitS += UNIT_S;
    if (this.#wantsToSpeak) this.#speak();
    else if (!this.#isSpeaking) {
      this.#say('response.listen', {
        epoch: 0,
        response: { status: 'listening', metadata: { reason: 'model_listen' } },
      });
    }
  }

  /** By script at once; by loudness the model comes to it with its next unit. */
  #decide(floor: 0 | 1): void {
    if (floor === 1) {
      this.#wantsToSpeak = false;
      if (this.#isSpeaking) this.#giveWay();
    } else if (this.#stage.isScripted) this.#speak();
    else this.#wantsToSpeak = true;
  }

  #speak(): void {
    this.#wantsToSpeak = false;
    if (this.#isSpeaking) return;
    this.#isSpeaking = true;
    this.#unitsLeft = REPLY_UNITS;
    this.#responses++;
    this.#say('response.created', { response: { id: this.#id, status: 'in_progress' } });
    this.#say('response.speak', { response_id: this.#id });
    this.#speakUnit();
  }

  #speakUnit(): void {
    if (this.#unitsLeft === 0) {
      this.#finish('completed');
      return;
    }
    this.#unitsLeft--;
    this.#nextSpokenS = this.#stage.heardS + UNIT_S;
    const key = this.#generation === 'current' ? 'delta' : 'audio';
    const about = { response_id: this.#id, item_id: `item-${this.#responses}` };
    this.#say(`${AUDIO_EVENT[this.#generation]}.delta`, { ...about, [key]: TONE });
    if (this.#unitsLeft === 0) this.#say(`${AUDIO_EVENT[this.#generation]}.done`, about);
  }

  #giveWay(): void {
    this.#say('overlap.decision', { action: 'barge_in', response_id: this.#id });
    this.#finish('cancelled', { reason: 'barge_in' });
  }

  #finish(status: 'completed' | 'cancelled', details?: object): void {
    this.#isSpeaking = false;
    this.#say('response.done', { response: { id: this.#id, status, ...(details && { status_details: details }) } });
  }

  get #id(): string {
    return `response-${this.#responses}`;
  }

  #say(type: string, more: object): void {
    this.#stage.say({ type, server_event_seq: ++this.#events, ...more });
  }
}

const TONE = pcm16(
  Float32Array.from({ length: OUTPUT_RATE * UNIT_S }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 220 * i) / OUTPUT_RATE)),
).toString('base64');
