/** Stand-in for OpenAI Realtime as far as turn detection goes. */

import { isRecord, jsonEvent } from '../json-events.js';
import { fromPcm16 } from '../pcm.js';
import type { FakeProtocol, FakeSession, Stage } from './stage.js';

/** As `server_vad` by default: what it reports as start lies before the moment by this much. */
const PREFIX_PADDING_MS = 300;
/** Hz. */
const SAMPLE_RATE = 24_000;

export const fakeOpenAiRealtime: FakeProtocol = { path: '/v1/realtime', accept };

function accept(stage: Stage): FakeSession {
  let item = 0;
  let events = 0;
  const say = (type: string, more: object) => stage.say({ type, event_id: `event_${++events}`, ...more });
  const refuse = (code: string, message: string) =>
    say('error', { error: { type: 'invalid_request_error', code, message, param: null, event_id: null } });
  const announce = (floor: 0 | 1) => {
    const nowMs = Math.round(stage.heardS * 1000);
    if (floor === 1) {
      const audio_start_ms = Math.max(0, nowMs - PREFIX_PADDING_MS);
      say('input_audio_buffer.speech_started', { audio_start_ms, item_id: `item_${++item}` });
      return;
    }
    say('input_audio_buffer.speech_stopped', { audio_end_ms: nowMs, item_id: `item_${item}` });
    say('input_audio_buffer.committed', { previous_item_id: null, item_id: `item_${item}` });
    say('conversation.item.added', { item: { id: `item_${item}`, type: 'message', role: 'user' } });
  };
  say('session.created', { session: { type: 'realtime', object: 'realtime.session' } });
  return {
    onMessage(message) {
      const event = jsonEvent(message);
      if (event.type === 'session.update') {
        const problem = sessionProblem(event['session']);
        if (problem) refuse('invalid_value', problem);
        else say('session.updated', { session: event['session'] });
      } else if (event.type === 'input_audio_buffer.append') {
        const audio = fromPcm16(Buffer.from(String(event['audio']), 'base64'));
        for (const floor of stage.hear(audio, SAMPLE_RATE)) announce(floor);
      } else refuse('invalid_value', `'${event.type}' is not supported here`);
    },
  };
}

function sessionProblem(session: unknown): string | undefined {
  if (!isRecord(session) || session['type'] !== 'realtime') return "session.type must be 'realtime'";
  const { audio } = session;
  const input = isRecord(audio) ? audio['input'] : undefined;
  const format = isRecord(input) ? input['format'] : undefined;
  if (!isRecord(format) || format['type'] !== 'audio/pcm' || format['rate'] !== SAMPLE_RATE) {
    return `session.audio.input.format must be audio/pcm at ${SAMPLE_RATE}`;
  }
  const detection = isRecord(input) ? input['turn_detection'] : undefined;
  const types = ['server_vad', 'semantic_vad'];
  return isRecord(detection) && types.includes(String(detection['type'])) ? undefined : 'turn_detection is missing';
}
