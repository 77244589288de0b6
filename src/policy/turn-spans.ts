/**
 * The silences of user turns that are scored (eot-bench policy specification, "Dataset row and spans"). Labels go by
 * position before the short ones are left out: a last silence that is too short leaves a turn without an end, and the
 * one before it stays a pause.
 */

import { UserError } from '../core/errors.js';
import type { UserTurn } from '../core/user-turn.js';
import { round6, TIME_TOLERANCE_S } from './time-grid.js';

/** s. */
export const SHORTEST_SPAN_S = 0.1;

/** `hold`: the user goes on. `eot`: the turn is over. */
export type SpanLabel = 'hold' | 'eot';

export interface SilenceSpan {
  /** Of the turn. */
  readonly id: string;
  readonly language: string;
  /** Position among all silences of the turn. */
  readonly spanIndex: number;
  readonly label: SpanLabel;
  readonly startS: number;
  readonly endS: number;
}

/** The scored silences of one turn, in order. */
export function turnSpans(turn: UserTurn, shortestS = SHORTEST_SPAN_S): SilenceSpan[] {
  const last = turn.silenceSpans.length - 1;
  return turn.silenceSpans.flatMap(({ startS, endS }, spanIndex) => {
    if (endS - startS < shortestS - TIME_TOLERANCE_S) return [];
    const label = spanIndex === last ? 'eot' : 'hold';
    return [{ id: turn.id, language: turn.language, spanIndex, label, startS, endS } as const];
  });
}

/**
 * The scored silences of a data set: spans with their duration rounded to microseconds.
 * @throws UserError when two turns have one id.
 */
export function spanSet(
  turns: readonly UserTurn[],
  shortestS = SHORTEST_SPAN_S,
): (SilenceSpan & { readonly durationS: number })[] {
  const seen = new Set<string>();
  for (const { id } of turns) {
    if (seen.has(id))
      throw new UserError(`two turns have the id '${id}'`, { hint: 'give every turn an id of its own' });
    seen.add(id);
  }
  return turns
    .flatMap((turn) => turnSpans(turn, shortestS))
    .map((span) => ({ ...span, durationS: round6(span.endS - span.startS) }));
}
