/** `gold agreement`, `gold human` and `gold corpus` for people. */

import type { PairAgreement, SegmentAgreement } from '../corpus/agreement.js';
import type { Distribution } from '../corpus/distribution.js';
import type { HumanTiming } from '../corpus/human.js';
import type { CorpusTiming } from '../corpus/timing.js';
import { duration, milliseconds, NOTHING, rate } from './numbers.js';
import { renderText } from './table.js';

/** A value per conversation type, the total last. */
type ByType<T> = readonly (readonly [type: string, value: T])[];

export function renderAgreement(pairs: readonly PairAgreement[]): string {
  const segments = textTable(
    ['pair', 'label'],
    ['segments', 'onsets agree', 'onset F1', 'spans agree', 'span F1'],
    pairs.flatMap(({ pair, all, labels }) => [
      [pair, 'all', ...segmentCells(all)],
      ...Object.entries(labels).map(([label, counts]) => ['', label, ...segmentCells(counts)]),
    ]),
  );
  const floors = textTable(
    ['pair'],
    ['conversations', '20 ms steps', 'agreement', "Cohen's kappa"],
    pairs.map(({ pair, conversations, floor: { steps, agreement, kappa } }) => [
      pair,
      String(conversations),
      String(steps),
      rate(agreement),
      rate(kappa),
    ]),
  );
  return `Segments, within 0.2 s\n\n${segments}\n\nWho holds the floor\n\n${floors}\n`;
}

export function renderHumanTiming(rows: ByType<HumanTiming>): string {
  const table = textTable(
    ['conversations', ''],
    ['n', 'p10 ms', 'p50 ms', 'p90 ms', 'mean ms'],
    rows.flatMap(([type, timing]) => [
      [type, 'floor transfer', ...millisecondCells(timing.floor_transfer_ms)],
      ['', 'smooth', ...millisecondCells(timing.smooth_transfer_ms)],
      ['', 'smooth, after a gap', ...millisecondCells(timing.gap_transfer_ms)],
      ['', 'yield to an interruption', ...millisecondCells(timing.yield_ms)],
    ]),
  );
  const total = rows.at(-1)?.[1];
  const notes = total && [
    '',
    `responses that began in overlap: ${rate(total.overlapped_share)}`,
    `turns without a response: ${total.unanswered}; interruptions of nobody's turn: ${total.without_turn}`,
  ];
  return `${[table, ...(notes ?? [])].join('\n')}\n`;
}

export function renderCorpusTiming(rows: ByType<CorpusTiming>): string {
  const table = textTable(
    ['conversations'],
    ['n', 'audio', 'turns', 'turn s', 'pauses', 'pause s', 'transfers', 'FTO ms', 'in overlap', 'overlap'],
    rows.map(([type, timing]) => [
      type,
      String(timing.conversations),
      duration(timing.duration_s),
      ...[String(timing.turn_s.n), spread(timing.turn_s, seconds)],
      ...[String(timing.pause_s.n), spread(timing.pause_s, seconds)],
      ...[String(timing.fto_ms.n), spread(timing.fto_ms, milliseconds), rate(timing.overlapped_transfers)],
      rate(timing.overlap_share),
    ]),
  );
  return `${table}\n\nmedian (p10 to p90); FTO: floor-transfer offset, negative in overlap; overlap: share of speech\n`;
}

function textTable(left: readonly string[], right: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = [...left.map((title) => ({ title })), ...right.map((title) => ({ title, align: 'right' as const }))];
  return renderText({ columns, rows });
}

function segmentCells({ first, second, onsets, spans, onset_f1, span_f1 }: SegmentAgreement): string[] {
  return [`${first} + ${second}`, String(onsets), rate(onset_f1), String(spans), rate(span_f1)];
}

function millisecondCells({ n, p10, p50, p90, mean }: Distribution): string[] {
  return [String(n), ...[p10, p50, p90, mean].map((value) => milliseconds(value))];
}

function spread({ p10, p50, p90 }: Distribution, text: (value: number | null) => string): string {
  return p50 === null ? NOTHING : `${text(p50)} (${text(p10)} to ${text(p90)})`;
}

function seconds(value: number | null): string {
  return value === null ? NOTHING : value.toFixed(2);
}
