/** Conversations with a live system: told their length, always ended, and what was received is kept beside the rows. */

import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Interval } from '../core/gold.js';
import type { LiveRecord } from '../core/live.js';
import type { DiscriminativeModel } from '../core/model.js';
import { SPEAKERS, speakerKey } from '../core/speaker.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import type { ConversationRow } from '../result/schema.js';
import { conversationFileName } from './pass-files.js';

/** Keeps what was received. @returns where, as a path within the run folder. */
export type KeepLive = (id: string, record: LiveRecord, failure: string | null) => Promise<string>;

/**
 * @param work streams the conversation.
 * @returns what `work` returns, and of a live model what was received.
 * @throws whatever `work` throws; a `UserError` then says where what was received until then is kept.
 */
export async function withLive<T>(
  model: DiscriminativeModel,
  conversation: { readonly id: string; readonly steps: number },
  keep: KeepLive | undefined,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly record: LiveRecord | null }> {
  const { live } = model;
  if (!live) return { result: await work(), record: null };
  live.begin(conversation.steps);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    const record = await live.end();
    if (!(error instanceof UserError)) throw error;
    const file = await keep?.(conversation.id, record, error.message);
    throw file === undefined ? error : pointingTo(file, error);
  }
  const record = await live.end();
  await keep?.(conversation.id, record, null);
  return { result, record };
}

function pointingTo(file: string, error: UserError): UserError {
  const kept = `what was received is in ${file} of the run folder`;
  const hint = error.hint === undefined ? kept : `${error.hint}; ${kept}`;
  return new UserError(error.message, { hint, exitCode: error.exitCode, cause: error });
}

/** Two steps: less is the timer of the system, ms. */
const NOTABLE_LAG_MS = 40;

/** While audio is late, answers look earlier than they are. */
export function lagWarnings(rows: readonly ConversationRow[]): string[] {
  const lags = rows.flatMap((row) => (row.status === 'ok' ? (row.largest_lag_ms ?? []) : []));
  const late = lags.filter((lagMs) => lagMs > NOTABLE_LAG_MS);
  if (late.length === 0) return [];
  return [
    `this machine was busy: in ${late.length} of ${lags.length} conversations audio was at some moment sent late, by up to ${Math.max(...late)} ms, and what came back then looks as much earlier than it was`,
  ];
}

/** Below the folder of a run. */
export const LIVE_FOLDER = 'live';

/** One line about the conversation, then one per event of the server. */
export function liveFiles(runPath: string): KeepLive {
  return async (id, { log, agent, largestLagMs }, failure) => {
    const file = `${LIVE_FOLDER}/${conversationFileName(id)}.jsonl`;
    const about = {
      conversation_id: id,
      failure,
      largest_lag_ms: largestLagMs,
      ...(agent && {
        agent: Object.fromEntries(SPEAKERS.map((subject) => [speakerKey(subject), pairs(agent[subject])])),
      }),
    };
    const events = log.map(({ subject, sentS, arrivedMs, event }) => ({
      subject: speakerKey(subject),
      sent_s: sentS,
      arrived_ms: arrivedMs,
      event,
    }));
    await makeFolder(join(runPath, LIVE_FOLDER));
    await atomicWrite(
      join(runPath, file),
      [about, ...events].map((line) => `${JSON.stringify(line)}\n`),
    );
    return file;
  };
}

/** `[start, end]`, s. */
function pairs(intervals: readonly Interval[]): [number, number][] {
  return intervals.map(({ startS, endS }) => [startS, endS]);
}
