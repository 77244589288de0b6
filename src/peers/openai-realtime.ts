/**
 * OpenAI Realtime and whatever speaks like it: turn detection only, no response is ever made. A session hears one
 * channel; `speech_started` gives the floor, `speech_stopped` takes it.
 *
 * `audio_start_ms` of an event lies before the moment by the prefix padding, `audio_end_ms` before the silence that was
 * waited for is paid: neither is when the decision was made.
 */

import type { Message } from './connection.js';
import { jsonEvent, serverError } from './json-events.js';
import type { Line } from './line.js';
import { pcm16 } from './pcm.js';
import { FloorChanges, type Protocol, type Session } from './protocol.js';

export interface OpenAiSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `turn_detection` as it is sent, without what makes responses. */
  readonly turnDetection: Readonly<Record<string, unknown>>;
}

/** Hz. */
const SAMPLE_RATE = 24_000;

export function openAiRealtime(settings: OpenAiSettings): Protocol {
  return { inputSampleRate: SAMPLE_RATE, open: (line) => openSession(line, settings) };
}

async function openSession(line: Line, { url, headers, turnDetection }: OpenAiSettings): Promise<Session> {
  const floor = new FloorChanges();
  let isConfigured = false;
  const connection = await line.connect(url, headers, (message: Message) => {
    const event = jsonEvent(message);
    line.note(event);
    if (event.type === 'error') throw serverError(event);
    if (event.type === 'session.updated') isConfigured = true;
    if (event.type === 'input_audio_buffer.speech_started') floor.set(1);
    if (event.type === 'input_audio_buffer.speech_stopped') floor.set(0);
  });
  const send = (event: object) => connection.send(JSON.stringify(event));
  send({
    type: 'session.update',
    session: {
      type: 'realtime',
      output_modalities: ['text'],
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: SAMPLE_RATE },
          turn_detection: { ...turnDetection, create_response: false, interrupt_response: false },
        },
      },
    },
  });
  await line.waitFor(() => isConfigured, 'session.updated');
  return {
    hear: (samples) => send({ type: 'input_audio_buffer.append', audio: pcm16(samples).toString('base64') }),
    floor: () => floor.next(),
    afterEnd: 'nothing',
  };
}
