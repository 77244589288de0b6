/**
 * WhisperLiveKit's `/asr`: the server recognises and decides by itself which words are stable (`lines`) and which are not
 * yet (`buffer_transcription`). It tells so by the clock, so it is driven at the pace of real time like any live system,
 * and its words count at the audio position that had been sent when they arrived. Its own times are used for nothing.
 *
 * Without `mode=diff` every message has all lines; with it a snapshot has, and what follows changes the lines: some
 * leave at the front, and the last ones are replaced.
 */

import { UserError } from '../../core/errors.js';
import type { Message } from '../../peers/connection.js';
import { isRecord, serverError } from '../../peers/json-events.js';
import type { Line } from '../../peers/line.js';
import { pcm16 } from '../../peers/pcm.js';
import type { Protocol, Session } from '../../peers/protocol.js';
import { EndpointRule, type EndpointSettings } from './endpoint.js';
import { ASR_RATE } from './recogniser.js';
import { spread, type Word } from './words.js';

export interface WhisperLiveKitSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly endpoint: EndpointSettings;
}

/** Steps that are sent together: 100 ms. */
const MESSAGE_STEPS = 5;

export function whisperLiveKit(settings: WhisperLiveKitSettings): Protocol {
  return { inputSampleRate: ASR_RATE, open: (line) => openSession(line, settings) };
}

async function openSession(line: Line, { url, headers, endpoint }: WhisperLiveKitSettings): Promise<Session> {
  const rule = new EndpointRule(endpoint);
  const text = new LiveText();
  let isConfigured = false;
  let isOver = false;
  let steps: Buffer[] = [];
  const onMessage = (message: Message) => {
    const update = recordOf(message);
    line.note(update);
    if (update['type'] === 'config') isConfigured = acceptsPcm(update);
    else if (update['type'] === 'ready_to_stop') isOver = true;
    else rule.hear(text.update(update), text.tentative);
  };
  const connection = await line.connect(url, headers, onMessage, (error) => {
    if (!isOver) line.fail(error);
  });
  await line.waitFor(() => isConfigured, 'its configuration');
  const flush = () => {
    if (steps.length > 0) connection.send(Buffer.concat(steps));
    steps = [];
  };
  return {
    hear(samples) {
      steps.push(pcm16(samples));
      if (steps.length === MESSAGE_STEPS) flush();
    },
    floor: () => (rule.step(text.tentative.length === 0) > 0.5 ? 1 : 0),
    end() {
      flush();
      connection.send(new Uint8Array(0));
    },
    afterEnd: 'nothing',
    isDone: () => isOver,
  };
}

/** Compressed audio is what a server wants that was not started for plain samples. */
function acceptsPcm(config: Readonly<Record<string, unknown>>): true {
  if (config['useAudioWorklet'] !== false) return true;
  throw new UserError('the server wants compressed audio, as a browser sends it', {
    hint: 'start WhisperLiveKit with --pcm-input',
  });
}

/** What the server says was said. */
export class LiveText {
  #lines: string[] = [];
  /** Words of lines that have left at the front. */
  #gone = 0;
  #known = 0;
  #seq: number | undefined;
  #tentative: readonly Word[] = [];

  get tentative(): readonly Word[] {
    return this.#tentative;
  }

  /**
   * The next message of either mode.
   * @returns words that are new among the stable ones. A line that is written anew brings none before it is longer.
   * @throws UserError when the server reports an error, or a message is missing.
   */
  update(update: Readonly<Record<string, unknown>>): readonly Word[] {
    if (update['status'] === 'error' || (typeof update['error'] === 'string' && update['error'] !== '')) {
      throw serverError(update);
    }
    this.#follow(update['seq']);
    if (update['type'] === 'diff') this.#change(update);
    else if (Array.isArray(update['lines'])) this.#lines = spoken(update['lines']);
    if (typeof update['buffer_transcription'] === 'string') this.#tentative = wordsOf(update['buffer_transcription']);
    const stable = this.#lines.flatMap(wordsOf);
    const total = this.#gone + stable.length;
    const fresh = total > this.#known ? stable.slice(this.#known - total) : [];
    this.#known = Math.max(this.#known, total);
    return fresh;
  }

  #change(diff: Readonly<Record<string, unknown>>): void {
    const fresh = Array.isArray(diff['new_lines']) ? spoken(diff['new_lines']) : [];
    const pruned = typeof diff['lines_pruned'] === 'number' ? diff['lines_pruned'] : 0;
    this.#gone += this.#lines.splice(0, pruned).flatMap(wordsOf).length;
    const count = typeof diff['n_lines'] === 'number' ? diff['n_lines'] : this.#lines.length + fresh.length;
    this.#lines = [...this.#lines.slice(0, Math.max(0, count - fresh.length)), ...fresh];
  }

  #follow(seq: unknown): void {
    if (typeof seq !== 'number') return;
    if (this.#seq !== undefined && seq !== this.#seq + 1) {
      throw new UserError(`the server sent update ${seq} after ${this.#seq}: one is missing`);
    }
    this.#seq = seq;
  }
}

/** A line per entry, so that they can be counted: one of silence has no words. */
function spoken(lines: readonly unknown[]): string[] {
  return lines.map((line) => {
    const { speaker, text } = isRecord(line) ? line : {};
    return speaker === SILENT_SPEAKER || typeof text !== 'string' ? '' : text;
  });
}

const SILENT_SPEAKER = -2;

/** Times of a live system are those of their arrival. */
function wordsOf(text: string): Word[] {
  return spread(text, 0, 0);
}

function recordOf(message: Message): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = typeof message === 'string' ? JSON.parse(message) : undefined;
    if (isRecord(parsed)) return parsed;
  } catch {
    // Told below.
  }
  throw new UserError(`the server sent '${String(message).slice(0, 80)}', not a JSON object`, {
    hint: 'does the URL lead to a WhisperLiveKit server?',
  });
}
