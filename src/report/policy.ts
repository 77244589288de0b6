/**
 * Judged policies for people: per protocol and data one table of models with the baseline in its last row, as in the
 * public comparison, and the knobs behind each number.
 */

import { CUTOFF_BUDGETS, LATENCY_BUDGETS_S } from '../policy/budgets.js';
import type { PolicyEvaluation } from '../policy/evaluate.js';
import { type Judged, mainEvaluation } from '../policy/judged.js';
import type { PolicyRow } from '../policy/sweep.js';
import type { TwoChannelEvaluation } from '../policy/two-channel.js';
import type { ConfidenceInterval } from '../stats/bootstrap.js';
import { milliseconds, NOTHING, rate, threshold } from './numbers.js';
import { renderMarkdown, renderText, type Table } from './table.js';

const RIGHT = { align: 'right' } as const;

/** Below so many pauses one of them is more than a percent: a budget of 5 % then means little. */
const FEW_HOLDS = 100;

interface Section {
  readonly title: string;
  readonly notes: readonly string[];
  readonly tables: readonly { readonly caption: string; readonly table: Table }[];
}

/** For a terminal. */
export function renderPolicyText(judged: readonly Judged[]): string {
  const blocks = sectionsOf(judged).flatMap(({ title, notes, tables }) => [
    title,
    ...tables.flatMap(({ caption, table }) => [caption, renderText(table)]),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ]);
  return `${blocks.join('\n\n')}\n`;
}

/** For a report. @param level of the headings. */
export function renderPolicyMarkdown(judged: readonly Judged[], level = 2): string {
  const blocks = sectionsOf(judged).flatMap(({ title, notes, tables }) => [
    `${'#'.repeat(level)} ${title}`,
    ...tables.flatMap(({ caption, table }) => [`${caption}:`, renderMarkdown(table)]),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ]);
  return `${blocks.join('\n\n')}\n`;
}

function sectionsOf(judged: readonly Judged[]): Section[] {
  const groups = new Map<string, Judged[]>();
  for (const each of judged) {
    const title = titleOf(each);
    groups.set(title, [...(groups.get(title) ?? []), each]);
  }
  return Array.from(groups, ([title, group]) => ({
    title,
    notes: notesOf(group),
    tables: [
      { caption: 'cut-off rate at a mean latency, mean latency at a cut-off rate', table: budgetTable(group) },
      { caption: 'the policies behind these numbers', table: knobTable(group) },
    ],
  }));
}

/** What may stand in one table: one protocol, one data set, one language, the same silences. */
function titleOf(judged: Judged): string {
  const { protocol, dataset, language, intervalS } = judged;
  const { holds, ends } = mainEvaluation(judged);
  const data = [dataset ?? 'from files', language === 'und' ? '' : language].filter((part) => part !== '').join(', ');
  const grid = intervalS === null ? '' : ` · every ${milliseconds(intervalS * 1000)} ms`;
  return `${PROTOCOLS[protocol]} · ${data} · ${holds} pauses, ${ends} ends of turn${grid}`;
}

const PROTOCOLS: Readonly<Record<Judged['protocol'], string>> = {
  'eot-bench': 'eot-bench policy sweep',
  'two-channel': 'policy sweep on two-channel conversations',
};

/** Fastest at 5 % first, those that cannot reach it last, then by name. */
function byLatency(a: Judged, b: Judged): number {
  const latencyS = (judged: Judged): number => {
    return mainEvaluation(judged).atCutoff[CUTOFF_BUDGETS.indexOf(0.05)]?.meanLatencyS ?? Number.MAX_VALUE;
  };
  return latencyS(a) - latencyS(b) || (a.model < b.model ? -1 : a.model > b.model ? 1 : 0);
}

function budgetTable(group: readonly Judged[]): Table {
  const first = mainEvaluation(group[0]!);
  return {
    columns: [
      { title: 'model' },
      ...LATENCY_BUDGETS_S.map((budgetS) => ({ title: `cut-offs @ ${milliseconds(budgetS * 1000)} ms`, ...RIGHT })),
      ...CUTOFF_BUDGETS.map((budget) => ({ title: `ms @ ${percent(budget, 0)}`, ...RIGHT })),
      ...['ms over 0–10 %', 'AUC', 'AP'].map((title) => ({ title, ...RIGHT })),
    ],
    rows: [
      ...[...group].sort(byLatency).flatMap(modelRows),
      [
        'VAD baseline',
        ...first.vad.cutoffRates.map((value) => (value === undefined ? NOTHING : percent(value))),
        ...first.vad.delaysS.map(inMs),
        ...[NOTHING, NOTHING, NOTHING],
      ],
    ],
  };
}

function modelRows(judged: Judged): string[][] {
  if (judged.protocol === 'eot-bench') return [budgetRow(judged.model, judged.evaluation)];
  const { all, withoutBackchannels, intervals } = judged.evaluation;
  const rows = [budgetRow(judged.model, all, intervals)];
  if (withoutBackchannels && withoutBackchannels.holds < all.holds) {
    rows.push(budgetRow(`  ${withoutBackchannels.holds} pauses without a backchannel`, withoutBackchannels));
  }
  return rows;
}

function budgetRow(
  name: string,
  { atLatency, atCutoff, meanFrontierLatencyS, auc, averagePrecision }: PolicyEvaluation,
  intervals?: TwoChannelEvaluation['intervals'],
): string[] {
  const share = (row: PolicyRow | undefined) =>
    row
      ? percent(row.cutoffRate) + bracket(intervals?.get(row)?.cutoffRate, (value) => percent(value, 1, ''))
      : NOTHING;
  const latency = (row: PolicyRow | undefined) =>
    row ? inMs(row.meanLatencyS) + bracket(intervals?.get(row)?.meanLatencyS, inMs) : NOTHING;
  return [
    name,
    ...atLatency.map(share),
    ...atCutoff.map(latency),
    inMs(meanFrontierLatencyS),
    rate(auc ?? null),
    rate(averagePrecision ?? null),
  ];
}

function knobTable(group: readonly Judged[]): Table {
  return {
    columns: [
      { title: 'model' },
      { title: 'within' },
      ...['θ', 'delay ms', 'timeout ms', 'cut-offs', 'ms', 'timeouts'].map((title) => ({ title, ...RIGHT })),
    ],
    rows: [...group].sort(byLatency).flatMap((judged) => {
      const { atLatency, atCutoff } = mainEvaluation(judged);
      const named = [
        ...LATENCY_BUDGETS_S.map((budgetS, i) => [`${milliseconds(budgetS * 1000)} ms`, atLatency[i]] as const),
        ...CUTOFF_BUDGETS.map((budget, i) => [percent(budget, 0), atCutoff[i]] as const),
      ];
      return named.map(([budget, row], i) => [i === 0 ? judged.model : '', budget, ...knobs(row)]);
    }),
  };
}

function knobs(row: PolicyRow | undefined): string[] {
  if (!row) return Array.from({ length: 6 }, () => NOTHING);
  return [
    row.threshold === null ? NOTHING : threshold(row.threshold),
    inMs(row.actionDelayS),
    inMs(row.timeoutS),
    percent(row.cutoffRate),
    inMs(row.meanLatencyS),
    percent(row.timeoutRate),
  ];
}

function notesOf(group: readonly Judged[]): string[] {
  const first = group[0]!;
  const { holds } = mainEvaluation(first);
  const notes = [
    'a policy acts when P(end of turn) has crossed θ, no earlier than its delay, and in any case at its timeout; ' +
      'mean latency is silence until it acts at ends of turn, without inference time',
  ];
  if (first.protocol === 'two-channel') {
    notes.push('not comparable with published eot-bench numbers: other data, pauses and ends of turn from annotations');
    notes.push(turnEnds(first.evaluation));
    if (first.evaluation.intervals.size > 0) notes.push('brackets: 95 % intervals over conversations, knobs fixed');
  }
  if (holds < FEW_HOLDS) notes.push(`only ${holds} pauses: below ${FEW_HOLDS} a budget of 5 % means little`);
  return notes;
}

function turnEnds({ turnEnds: { overlapped, atEndOfAudio, endedBy, replyGapS } }: TwoChannelEvaluation): string {
  const { other, self, cap, audio } = endedBy;
  const gap = [replyGapS.p10, replyGapS.p50, replyGapS.p90].map(inMs).join(' / ');
  return (
    `silence after a turn is over with the other's reply (${other}; gap p10/p50/p90 ${gap} ms), the same speaker's next ` +
    `turn (${self}), after 4 s (${cap}) or with the audio (${audio}); an end not detected by then is charged the ` +
    `timeout; left out: ${overlapped} ends in overlap, ${atEndOfAudio} at the end of the audio`
  );
}

function percent(value: number, decimals = 1, unit = ' %'): string {
  return `${(value * 100).toFixed(decimals)}${unit}`;
}

function inMs(seconds: number | undefined): string {
  return milliseconds(seconds === undefined ? null : seconds * 1000);
}

function bracket(interval: ConfidenceInterval | undefined, format: (value: number) => string): string {
  return interval ? ` [${format(interval[0])}–${format(interval[1])}]` : '';
}
