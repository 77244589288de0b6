/** All passes of a run answer in one form; this is where that is required, and what follows from it. */

import { messageOf, UserError } from '../core/errors.js';
import type { ConversationRow } from '../result/schema.js';

export type AnswerForm = 'bit' | 'bits' | 'p_floor';

const WORDS: Readonly<Record<AnswerForm, string>> = {
  bit: 'one bit',
  bits: 'one bit per threshold',
  p_floor: 'P(floor)',
};

export function mixedForms(who: string, form: AnswerForm, before: AnswerForm): UserError {
  return new UserError(`${who}: the model answered ${WORDS[form]} after answering ${WORDS[before]} before`, {
    hint: '`step` answers in the same form in all passes of all conversations',
  });
}

/** The form of a run: that of its first conversation which has one. */
export function formOf(rows: readonly ConversationRow[]): AnswerForm | null {
  for (const row of rows) if (row.status === 'ok' && row.answered !== null) return row.answered;
  return null;
}

/** Rows in another form than the first become failures. */
export function inOneForm(rows: readonly ConversationRow[]): ConversationRow[] {
  const form = formOf(rows);
  return rows.map((row) => {
    if (form === null || row.status === 'failed' || row.answered === form || row.answered === null) return row;
    return failedRow(row.conversation_id, mixedForms('speaker 1 as subject', row.answered, form));
  });
}

/** What is kept of a conversation that could not be scored. */
export function failedRow(id: string, error: UserError): ConversationRow {
  return { conversation_id: id, status: 'failed', error: messageOf(error), hint: error.hint ?? null };
}

/** @throws UserError for a model of bits that was asked for a threshold or a sweep. */
export function requireThresholds(row: ConversationRow): void {
  if (row.status !== 'ok' || row.answered !== 'bit') return;
  throw new UserError('this model answers floor bits at its own operating point: it has no threshold to set or sweep', {
    hint: 'leave out --threshold and --sweep, or let the model answer { pFloor }',
  });
}
