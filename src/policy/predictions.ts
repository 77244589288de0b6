/**
 * What a model said inside silences: one row per silence and time of the grid. All metrics are made of such rows, so
 * that they may come from a track of our own, from the events of a service, or from anybody's file.
 */

import { lowerBound } from '../core/search.js';
import { firstStepEndingAfter } from '../core/time.js';
import { GRID_INTERVAL_S, TIME_TOLERANCE_S, timeGrid } from './time-grid.js';
import type { SilenceSpan, SpanLabel } from './turn-spans.js';

export interface PredictionRow {
  /** Of the turn. */
  readonly id: string;
  readonly language: string;
  readonly spanIndex: number;
  readonly label: SpanLabel;
  /** On the clock of the audio, s. */
  readonly timestampS: number;
  /** Since the start of the silence, s. */
  readonly silenceS: number;
  /** P(end of turn); null = no answer yet. */
  readonly pEot: number | null;
}

/** One answer of a service that speaks when it likes. */
export interface EotEvent {
  /** s; null is ignored. */
  readonly timestampS: number | null;
  readonly pEot: number;
}

/** P(end of turn) after each step of 20 ms. */
export interface EotTrack {
  readonly steps: number;
  at(step: number): number;
}

/**
 * Rows of a model that answers after every 20 ms step: at a time of the grid the latest step that has ended counts.
 * Before the first one has, nothing has been said: 0.
 */
export function rowsFromTrack(
  spans: readonly SilenceSpan[],
  track: EotTrack,
  intervalS = GRID_INTERVAL_S,
): PredictionRow[] {
  return rowsOf(spans, intervalS, () => (timeS) => {
    const step = Math.min(firstStepEndingAfter(timeS + TIME_TOLERANCE_S), track.steps) - 1;
    return step < 0 ? 0 : track.at(step);
  });
}

/**
 * Rows of a model that sends events: in each silence the score is 0 until the first event, then that of the latest.
 * Nothing is carried over from before the silence.
 */
export function rowsFromEvents(
  spans: readonly SilenceSpan[],
  events: readonly EotEvent[],
  intervalS = GRID_INTERVAL_S,
): PredictionRow[] {
  const timed = events.flatMap(({ timestampS: timeS, pEot }) => (timeS === null ? [] : [{ timeS, pEot }]));
  timed.sort((a, b) => a.timeS - b.timeS);
  const timesS = Float64Array.from(timed, ({ timeS }) => timeS);
  return rowsOf(spans, intervalS, ({ startS, endS }) => {
    const first = lowerBound(timesS, startS - TIME_TOLERANCE_S);
    let next = first;
    return (timeS) => {
      const untilS = Math.min(timeS, endS) + TIME_TOLERANCE_S;
      while (next < timed.length && timesS[next]! <= untilS) next++;
      return next === first ? 0 : timed[next - 1]!.pEot;
    };
  });
}

/** @param listen to one silence: gives the score at a time; times ascend. */
function rowsOf(
  spans: readonly SilenceSpan[],
  intervalS: number,
  listen: (span: SilenceSpan) => (timeS: number) => number,
): PredictionRow[] {
  return spans.flatMap((span) => {
    const { id, language, spanIndex, label } = span;
    const { timesS, silencesS } = timeGrid(span.startS, span.endS, intervalS);
    const scoreAt = listen(span);
    return timesS.map((timestampS, i) => {
      const silenceS = silencesS[i]!;
      return { id, language, spanIndex, label, timestampS, silenceS, pEot: scoreAt(timestampS) };
    });
  });
}
