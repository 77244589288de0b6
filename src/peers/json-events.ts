/** Servers that speak in JSON objects with a `type`, and the two shapes in which they complain. */

import { UserError } from '../core/errors.js';
import type { Message } from './connection.js';

export interface JsonEvent extends Readonly<Record<string, unknown>> {
  readonly type: string;
}

/** @throws UserError when the message is anything else. */
export function jsonEvent(message: Message): JsonEvent {
  const event = typeof message === 'string' ? parsed(message) : undefined;
  if (isRecord(event) && typeof event['type'] === 'string') return event as JsonEvent;
  const seen = typeof message === 'string' ? `'${message.slice(0, 80)}'` : `${message.length} bytes that are no text`;
  throw new UserError(`the server sent ${seen}, not a JSON event with a type`, {
    hint: 'does the URL lead to a server of this protocol?',
  });
}

/** `{error: 'text', code}` and `{error: {message, code, type}}` alike. */
export function serverError(event: Readonly<Record<string, unknown>>): UserError {
  const { error } = event;
  const nested = isRecord(error) ? error : { message: error };
  const text = textOf(nested['message']) ?? textOf(event['message']) ?? 'no reason given';
  const code = textOf(nested['code']) ?? textOf(event['code']) ?? textOf(nested['type']);
  const hint = code === undefined ? undefined : HINTS[code];
  return new UserError(`the server reported an error: ${text}${code === undefined ? '' : ` (${code})`}`, {
    ...(hint && { hint }),
  });
}

const HINTS: Readonly<Record<string, string>> = {
  session_expired:
    'the server ends sessions earlier than session_limit_s says: lower it, so that nothing is paid in vain',
  ref_audio_required: 'this model wants a voice to speak with: -o ref_audio=voice.wav',
  resource_exhausted: 'the server has no session left: run fewer conversations at once (-j)',
  insufficient_quota: 'the account of the key has nothing left',
};

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
