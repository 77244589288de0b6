/** Rows of `turns.jsonl`: single user turns in the columns of the public eot-bench data set, audio as a file. */

import { z } from 'zod';
import type { UserTurn } from '../core/user-turn.js';
import { check } from '../io/validate.js';

const spanSchema = z
  .object({ start: z.number().min(0), end: z.number().min(0) })
  .refine(({ start, end }) => end >= start, { message: 'ends before it starts', path: ['end'] });

export const turnRowSchema = z.looseObject({
  id: z.string().min(1),
  language: z
    .string()
    .trim()
    .toLowerCase()
    .min(1)
    .meta({ description: 'such as en; surrounding space and upper case are taken away' }),
  audio: z.string().min(1).meta({ description: 'WAV or FLAC, relative to the folder; stereo is averaged' }),
  silence_spans: z
    .array(spanSchema)
    .min(1)
    .meta({ description: 's, in order; the last one is the end of the turn, the others are pauses' }),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })).optional(),
  words: z.array(z.looseObject({ word: z.string(), start: z.number(), end: z.number() })).optional(),
});

/** A row of `turns.jsonl`; its audio lies in a file. */
export interface TurnRow extends Omit<UserTurn, 'durationS'> {
  readonly audio: string;
}

export interface TurnRowReading {
  readonly row?: TurnRow;
  readonly problems: readonly string[];
  /** Keys without effect. */
  readonly unknownKeys: readonly string[];
}

/** Problems begin with the place inside the row, such as `silence_spans[2].end: …`. */
export function parseTurnRow(value: unknown): TurnRowReading {
  const checked = check(turnRowSchema, value);
  if (!checked.ok) return { problems: checked.problems, unknownKeys: [] };
  const { id, language, audio, silence_spans, messages, words, ...others } = checked.value;
  const silenceSpans = silence_spans.map(({ start, end }) => ({ startS: start, endS: end }));
  const disordered = silenceSpans.findIndex(({ startS }, i) => i > 0 && startS < silenceSpans[i - 1]!.endS);
  if (disordered > 0) {
    const problem = `silence_spans[${disordered}]: begins at ${silenceSpans[disordered]!.startS} s, before the one before it ends`;
    return { problems: [problem], unknownKeys: [] };
  }
  const spoken = words?.map(({ word, start, end }) => ({ word, startS: start, endS: end }));
  const said = messages?.map(({ role, content }) => ({ role, content }));
  const row = { id, language, audio, silenceSpans, ...(said && { messages: said }), ...(spoken && { words: spoken }) };
  return { row, problems: [], unknownKeys: Object.keys(others) };
}
