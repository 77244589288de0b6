/**
 * The JSON answers of OpenAI-compatible transcription endpoints: `verbose_json` with words, with segments or with
 * neither, and plain `json`. What a server adds is ignored; what it leaves out is replaced by even spacing.
 */

import { z } from 'zod';
import { spread, type Transcript, type Word } from './words.js';

const secondsSchema = z.number().min(0);

const answerSchema = z.object({
  text: z.string(),
  words: z.array(z.object({ word: z.string(), start: secondsSchema, end: secondsSchema })).nullish(),
  segments: z.array(z.object({ text: z.string(), start: secondsSchema, end: secondsSchema })).nullish(),
});

/**
 * @param durationS of the audio that was sent: times beyond it are brought back to it.
 * @returns a problem, in words, when it is no such answer.
 */
export function readAnswer(body: string, durationS: number): Transcript | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return `the answer is not JSON: ${excerpt(body)}`;
  }
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return `the answer is not a transcript: ${path.join('.') || 'document'}: ${message}: ${excerpt(body)}`;
  }
  const { text, words, segments } = parsed.data;
  const timed = words?.length ? words.map((word) => ({ ...word, text: word.word })) : segments;
  // An answer with a text and empty lists has no times.
  if (!timed?.length) return { words: spread(text, 0, durationS), isTimed: text.trim() === '' };
  return { words: timed.flatMap((span) => placed(span, durationS)), isTimed: true };
}

/** A word of a server may be several of ours, as a segment is. */
function placed({ text, start, end }: { text: string; start: number; end: number }, durationS: number): Word[] {
  const startS = Math.min(start, durationS);
  return spread(text, startS, Math.max(startS, Math.min(end, durationS)));
}

/** The beginning of what a server said, in one line. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? '(nothing)' : line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
