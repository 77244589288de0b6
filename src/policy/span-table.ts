/**
 * From prediction rows to the silences that are judged (eot-bench policy specification, "Span table for metrics").
 * Of its rows a silence keeps what the sweep asks for: the scores that are higher than all before them, because only
 * those can be the first to cross a threshold.
 */

import { UserError } from '../core/errors.js';
import { type PolicyConfig, TOLERANCE_S } from './config.js';
import type { PredictionRow } from './predictions.js';
import type { SpanLabel } from './turn-spans.js';

export interface PolicySpan {
  readonly id: string;
  readonly spanIndex: number;
  readonly label: SpanLabel;
  /** As far as its rows reach, s. */
  readonly durationS: number;
  /** At the score point, or the highest one. Null when there is none. */
  readonly score: number | null;
  /** Silence at that score, s. */
  readonly scoreTimeS: number | null;
  /** Ascending in time and score: where a threshold is crossed for the first time. */
  readonly climbs: readonly Climb[];
}

export interface Climb {
  readonly silenceS: number;
  readonly pEot: number;
}

/**
 * The silences in range, by id (code points), then by position.
 * @throws UserError on rows that contradict each other, a score that is missing or stands elsewhere than at the score
 * point, or when nothing is left.
 */
export function spanTable(rows: readonly PredictionRow[], config: PolicyConfig): PolicySpan[] {
  const spans = groupRows(rows).flatMap((group) => {
    const durationS = group.reduce((longest, { silenceS }) => Math.max(longest, silenceS), 0);
    const { id, spanIndex, label } = oneLabel(group);
    if (label === 'hold' && !isInRange(durationS, config)) return [];
    const ordered = group.sort((a, b) => a.silenceS - b.silenceS || a.timestampS - b.timestampS);
    const scored = { id, spanIndex, label, durationS };
    return [config.scorePointS === null ? firstCrossings(scored, ordered) : atPoint(scored, ordered, config)];
  });
  if (spans.length === 0) throw new UserError('no silence is left to judge', { hint: RANGE_HINT });
  return spans.sort((a, b) => compareCodePoints(a.id, b.id) || a.spanIndex - b.spanIndex);
}

const RANGE_HINT = 'pauses count from 0.2 to 5 s by default; are the times in seconds?';

type Place = Pick<PolicySpan, 'id' | 'spanIndex' | 'label' | 'durationS'>;

/** By turn and position. */
function groupRows(rows: readonly PredictionRow[]): PredictionRow[][] {
  const turns = groupBy(rows, ({ id }) => id);
  return turns.flatMap((turn) => groupBy(turn, ({ spanIndex }) => spanIndex));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | number): T[][] {
  const groups = new Map<string | number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

function oneLabel(group: readonly PredictionRow[]): PredictionRow {
  const first = group[0]!;
  if (group.every(({ label }) => label === first.label)) return first;
  throw new UserError(`${placeOf(first)}: rows call it both hold and eot`, { hint: 'a silence has one label' });
}

function isInRange(durationS: number, { minHoldS, maxHoldS }: PolicyConfig): boolean {
  return durationS >= minHoldS - TOLERANCE_S && durationS <= maxHoldS + TOLERANCE_S;
}

function firstCrossings(place: Place, rows: readonly PredictionRow[]): PolicySpan {
  const climbs: Climb[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  for (const { silenceS, pEot } of rows) {
    if (pEot === null || pEot <= highest) continue;
    highest = pEot;
    climbs.push({ silenceS, pEot });
  }
  const top = climbs.at(-1);
  if (place.label === 'eot' && !top) throw missing(place, 'has no score');
  return { ...place, score: top?.pEot ?? null, scoreTimeS: top?.silenceS ?? null, climbs };
}

function atPoint(place: Place, rows: readonly PredictionRow[], config: PolicyConfig): PolicySpan {
  const pointS = config.scorePointS!;
  const row = rows.find(({ silenceS }) => silenceS >= pointS - TOLERANCE_S);
  if (!row || row.pEot === null) {
    if (place.label === 'hold' && place.durationS < pointS - TOLERANCE_S) {
      return { ...place, score: null, scoreTimeS: null, climbs: [] };
    }
    throw missing(place, `has no score at the score point of ${pointS} s`);
  }
  if (Math.abs(row.silenceS - pointS) > TOLERANCE_S + 1e-5 * pointS) {
    throw new UserError(
      `${placeOf(place)}: the first score from the score point of ${pointS} s on is at ${row.silenceS} s`,
      { hint: 'the score point must be one of the times at which the model was asked' },
    );
  }
  const climb = { silenceS: row.silenceS, pEot: row.pEot };
  return { ...place, score: climb.pEot, scoreTimeS: climb.silenceS, climbs: [climb] };
}

function missing(place: Place, what: string): UserError {
  return new UserError(`${placeOf(place)}: the ${place.label} silence ${what}`, {
    hint: 'every end of turn needs a score, and so does every pause that lasts to the score point',
  });
}

function placeOf({ id, spanIndex }: Pick<Place, 'id' | 'spanIndex'>): string {
  return `turn ${id}, silence ${spanIndex}`;
}

/** UTF-16 order differs where one text has a character beyond U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; ) {
    const [x, y] = [a.codePointAt(i)!, b.codePointAt(i)!];
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
