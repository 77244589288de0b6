/** Before a service is talked to that may bill somebody: how much would be sent, and is that wanted? */

import { createInterface } from 'node:readline/promises';
import { UserError } from '../core/errors.js';
import { readConversationRows } from '../result/run-folder.js';
import type { EvaluationPlan } from '../run/plan.js';

export interface LiveFlags {
  readonly yes?: boolean;
  readonly retryFailed?: boolean;
}

/** A session hears one speaker. */
const SESSIONS_PER_CONVERSATION = 2;

/**
 * Ask on the terminal, once for all plans. Nothing is asked when no plan sends a key.
 * @param resumes per plan the run that goes on: what it has finished is not sent again.
 * @throws UserError when the answer is no, or when there is nobody to ask and no `--yes`.
 */
export async function confirmLive(
  plans: readonly EvaluationPlan[],
  resumes: readonly (string | undefined)[],
  flags: LiveFlags,
): Promise<void> {
  const lines: string[] = [];
  for (const [i, plan] of plans.entries()) {
    const done = plan.model?.live?.isPaid ? await finishedIds(resumes[i], flags) : null;
    if (done) lines.push(await describeCost(plan, done));
  }
  if (lines.length === 0) return;
  for (const line of lines) process.stderr.write(`${line}\n`);
  if (flags.yes) return;
  if (!process.stdin.isTTY) {
    throw new UserError('a service that may bill you is to be used, and there is no terminal to ask on', {
      hint: 'add --yes if that is what you want',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Go on? [y/N] ');
    if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('nothing was sent', { hint: 'answer y to go on' });
  } finally {
    terminal.close();
  }
}

async function describeCost({ spec, dataset, ids, model }: EvaluationPlan, done: ReadonlySet<string>): Promise<string> {
  const todo = ids.filter((id) => !done.has(id));
  let audioS = 0;
  for (const id of todo) audioS += SESSIONS_PER_CONVERSATION * (await dataset.open(id)).durationS;
  const hours = (audioS / 3600).toFixed(2);
  const sessions = todo.length * SESSIONS_PER_CONVERSATION;
  return `${spec.model.name}: ${hours} hours of audio in ${sessions} sessions will be sent to ${model?.live?.address}, with a key: whoever runs it may bill you`;
}

async function finishedIds(run: string | undefined, { retryFailed }: LiveFlags): Promise<Set<string>> {
  if (run === undefined) return new Set();
  const rows = (await readConversationRows(run)).filter(({ status }) => status === 'ok' || !retryFailed);
  return new Set(rows.map((row) => row.conversation_id));
}
