/**
 * vLLM-Omni full duplex: the subject speaks to the model under test, which plays the other party and decides for itself
 * when to listen and when to speak. Its output is heard as by a client that plays it at once.
 *
 *   subject's floor   falls   when the model begins to speak while the subject is silent
 *                     rises   with the first decision to listen, and whenever the model yields: its response is
 *                             cancelled, it decides for barge-in, or what it had to say is over
 *
 * A model that begins to speak into the subject's speech has taken nothing: that is overlap, and is measured as such.
 */

import type { Message } from './connection.js';
import { isRecord, type JsonEvent, jsonEvent, serverError, textOf } from './json-events.js';
import type { Line } from './line.js';
import { pcm16, pcm16Seconds } from './pcm.js';
import { Playback } from './playback.js';
import { FloorChanges, type Protocol, type Session } from './protocol.js';
import { SpeechGate } from './speech-gate.js';

export interface DuplexSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Fields of the session beside audio formats, such as `model` and `ref_audio`. */
  readonly session: Readonly<Record<string, unknown>>;
  /** The subject is silent: below so much RMS, for so long. */
  readonly silence: { readonly rms: number; readonly s: number };
}

/** Hz. */
const SAMPLE_RATE = 16_000;
const OUTPUT_RATE = 24_000;
/** A response of which nothing is heard for so long is over, whether or not the server says so, s. */
const DRY_S = 0.5;
/** Between acknowledgements of what was played, s. */
const ACKNOWLEDGE_EVERY_S = 0.2;

export function vllmDuplex(settings: DuplexSettings): Protocol {
  return { inputSampleRate: SAMPLE_RATE, open: (line) => openSession(line, settings) };
}

async function openSession(line: Line, { url, headers, session, silence }: DuplexSettings): Promise<Session> {
  const subject = new SpeechGate(silence.rms, silence.s);
  const agent = new Agent(line, subject, (event) => send(event));
  const states = new Set<string>();
  const connection = await line.connect(url, headers, (message: Message) => {
    const event = jsonEvent(message);
    line.note(event);
    if (event.type === 'error') throw serverError(event);
    states.add(event.type);
    agent.onEvent(event);
  });
  const send = (event: object) => connection.send(JSON.stringify(event));
  // The client speaks first here.
  send({
    type: 'session.update',
    session: {
      modalities: ['audio', 'text'],
      input_audio_format: 'pcm16',
      output_audio_format: 'pcm16',
      turn_detection: null,
      playback_commit_policy: 'ack_only',
      extra_body: { auto_response: true, full_duplex: true, force_listen_count: 3 },
      ...session,
    },
  });
  await line.waitFor(() => states.has('session.created') && states.has('session.updated'), 'session.updated');
  return {
    hear(samples) {
      subject.hear(samples);
      send({
        type: 'input_audio_buffer.append',
        audio: pcm16(samples).toString('base64'),
        sample_rate_hz: SAMPLE_RATE,
        duration_ms: (samples.length * 1000) / SAMPLE_RATE,
        audio_end_ms: Math.round(line.sentS * 1000),
      });
    },
    floor: () => agent.floor(),
    afterEnd: 'silence',
    async close() {
      send({ type: 'session.close' });
    },
    agent: () => agent.heard,
  };
}

interface Response {
  readonly id: string;
  itemId: string | undefined;
  /** Where its audio begins in the playback, and how much has come, s. */
  startS: number | undefined;
  receivedS: number;
  acknowledgedS: number;
  isDone: boolean;
}

/** The model as its listener hears it. */
class Agent {
  readonly #line: Line;
  readonly #subject: SpeechGate;
  readonly #send: (event: object) => void;
  readonly #floor = new FloorChanges();
  readonly #playback = new Playback();
  #response: Response | undefined;
  /** The last response that was cut: what still comes of it is not played. */
  #cutId: string | undefined;
  #isSpeaking = false;
  #spokeS = 0;

  constructor(line: Line, subject: SpeechGate, send: (event: object) => void) {
    this.#line = line;
    this.#subject = subject;
    this.#send = send;
  }

  get heard(): Playback['intervals'] {
    return this.#playback.intervals;
  }

  onEvent(event: JsonEvent): void {
    if (event.type === 'response.listen') this.#onListen(event);
    else if (event.type === 'response.created') this.#begin(responseId(event) ?? '');
    else if (event.type === 'response.speak') this.#takeFloor();
    else if (event.type === 'response.output_audio.delta' || event.type === 'response.audio.delta')
      this.#onAudio(event);
    else if (event.type === 'response.done') this.#onDone(event);
    else if (event.type === 'overlap.decision' && event['action'] === 'barge_in') this.#yieldFloor(true);
  }

  /** At the end of every step. */
  floor(): 0 | 1 {
    const nowS = this.#line.sentS;
    this.#acknowledge(nowS, false);
    const quietS = nowS - Math.max(this.#playback.endS, this.#spokeS);
    if (this.#isSpeaking && quietS >= (this.#response?.isDone ? 0 : DRY_S)) this.#yieldFloor(false);
    return this.#floor.next();
  }

  /** Older servers also send it for pieces shorter than their unit: those are no decisions. */
  #onListen(event: JsonEvent): void {
    const response = isRecord(event['response']) ? event['response'] : {};
    const metadata = isRecord(response['metadata']) ? response['metadata'] : {};
    if (metadata['buffering'] !== true && !this.#isSpeaking) this.#floor.set(1);
  }

  #begin(id: string): void {
    this.#response = { id, itemId: undefined, startS: undefined, receivedS: 0, acknowledgedS: 0, isDone: false };
  }

  #takeFloor(): void {
    this.#spokeS = this.#line.sentS;
    if (this.#isSpeaking) return;
    this.#isSpeaking = true;
    if (!this.#subject.isSpeech) this.#floor.set(0);
  }

  #onAudio(event: JsonEvent): void {
    const audio = textOf(event['delta']) ?? textOf(event['audio']) ?? '';
    const id = responseId(event) ?? this.#response?.id ?? '';
    if (id === this.#cutId) return;
    if (!this.#response || this.#response.id !== id) this.#begin(id);
    const response = this.#response!;
    const rate = typeof event['sample_rate_hz'] === 'number' ? event['sample_rate_hz'] : OUTPUT_RATE;
    const durationS = pcm16Seconds(audio, rate);
    if (durationS === 0) return;
    this.#takeFloor();
    response.startS ??= Math.max(this.#line.sentS, this.#playback.endS);
    response.itemId ??= textOf(event['item_id']);
    response.receivedS += durationS;
    this.#playback.add(this.#line.sentS, durationS);
  }

  #onDone(event: JsonEvent): void {
    const response = isRecord(event['response']) ? event['response'] : event;
    if (!this.#response || (responseId(event) ?? this.#response.id) !== this.#response.id) return;
    this.#response.isDone = true;
    const status = response['status'] ?? event['status'];
    if (status === 'cancelled' || status === 'failed') this.#yieldFloor(true);
  }

  /** @param isCut what has not been played yet never is. */
  #yieldFloor(isCut: boolean): void {
    const nowS = this.#line.sentS;
    this.#acknowledge(nowS, true, isCut);
    if (isCut) {
      this.#playback.cut(nowS);
      this.#cutId = this.#response?.id;
      this.#response = undefined;
    }
    this.#isSpeaking = false;
    this.#floor.set(1);
  }

  /** Tell the server how much was played, every now and then and at the end. */
  #acknowledge(nowS: number, isLast: boolean, truncate = false): void {
    const response = this.#response;
    if (response?.startS === undefined) return;
    const playedS = Math.max(0, Math.min(nowS - response.startS, response.receivedS));
    const isNews = playedS > response.acknowledgedS;
    if (!isNews || (!isLast && playedS - response.acknowledgedS < ACKNOWLEDGE_EVERY_S - 1e-9)) return;
    response.acknowledgedS = playedS;
    const played_ms = Math.round(playedS * 1000);
    const item = response.itemId === undefined ? {} : { item_id: response.itemId };
    const about = { response_id: response.id, ...item, played_ms, committed_ms: played_ms };
    this.#send({ type: 'playback.ack', ...about, ...(truncate && { truncate: true }) });
  }
}

function responseId(event: JsonEvent): string | undefined {
  const { response } = event;
  return textOf(event['response_id']) ?? (isRecord(response) ? textOf(response['id']) : undefined);
}
