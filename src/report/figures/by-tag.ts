/** Results by tag: a dot with its interval per group and run, recall at the left, false-positive rate at the right. */

import type { Task } from '../../core/events.js';
import type { RatioName } from '../../score/ratios.js';
import { groupsByTag, type TagGroup, tagRate } from '../by-tag.js';
import { element, fixed } from '../xml.js';
import { type Box, type Figure, figure, HEAD, horizontalAxis, WIDTH } from './frame.js';
import { type LegendEntry, legend, legendHeight } from './legend.js';
import { dataOf, type NamedRun, TASK_NAMES, value } from './run.js';
import { linearScale, type Scale } from './scale.js';
import { fitted, text, tooltip } from './text.js';
import { fillOf, markPath, strokeOf } from './theme.js';

const ROW = 14;
const RUN = 10;
const HEADING = 26;
const LABELS = 176;
const PANEL_GAP = 46;
const TOP = HEAD + 24;

interface Row {
  readonly label: string;
  /** Heading above it; absent = it belongs to the one before. */
  readonly heading?: string | undefined;
  /** Per run, in their order. */
  readonly groups: readonly (TagGroup | undefined)[];
}

export function tagFigure(runs: readonly NamedRun[], task: Task): Figure | undefined {
  const rows = rowsOf(runs);
  if (rows.length === 0) return undefined;
  const width = (WIDTH - 40 - LABELS - PANEL_GAP) / 2;
  const height = rows.reduce((total, row) => total + (row.heading ? HEADING : 0) + pitch(runs), 8);
  const panels: readonly { readonly ratio: RatioName; readonly title: string; readonly box: Box }[] = [
    { ratio: `${task}Recall` as const, title: 'recall' },
    { ratio: `${task}FpRate` as const, title: 'false-positive rate' },
  ].map((panel, i) => {
    const left = LABELS + i * (width + PANEL_GAP);
    return { ...panel, box: { left, right: left + width, top: TOP, bottom: TOP + height } };
  });
  const names: LegendEntry[] =
    runs.length > 1 ? runs.map(({ name, index }) => ({ mark: 'point', index, text: name })) : [];
  const entries: LegendEntry[] = [
    ...names,
    { mark: 'none', text: 'lines: 95 % intervals over conversations; n: events or spans' },
  ];
  const legendTop = TOP + height + 60;
  return figure(
    {
      name: `${task}-by-tag`,
      title: `${TASK_NAMES[task]}: results by tag`,
      subtitle: `${dataOf(runs)}; as scored`,
      caption: `Recall and false-positive rate of ${TASK_NAMES[task].toLowerCase()} by ${[...new Set(rows.flatMap(({ heading }) => heading ?? []))].join(', ')}, with intervals over conversations.`,
    },
    legendTop + legendHeight(entries),
    [
      ...panels.flatMap(({ ratio, title, box }) => {
        const x = linearScale([0, 1], [box.left, box.right], 4);
        return [
          horizontalAxis(x, box, title),
          text(box.right + 30, TOP - 8, 'n', 'muted', { 'text-anchor': 'end' }),
          ...drawRows(rows, runs, ratio, x, box),
        ];
      }),
      ...drawNames(rows, runs),
      legend(entries, 16, legendTop),
    ],
  );
}

/** All groups of the first run that has rows; of the others the same groups. */
function rowsOf(runs: readonly NamedRun[]): Row[] {
  const byRun = runs.map(({ rows }) => groupsByTag(rows));
  const keys = new Map(
    byRun.flat().map(({ tag, value: tagValue }) => [JSON.stringify([tag, tagValue]), { tag, tagValue }]),
  );
  let before: string | undefined;
  return [...keys.values()]
    .sort((a, b) => tagOrder(byRun, a.tag) - tagOrder(byRun, b.tag))
    .map(({ tag, tagValue }) => {
      const heading = tag === before ? undefined : tag;
      before = tag;
      return {
        label: tagValue,
        heading,
        groups: byRun.map((groups) => groups.find((group) => group.tag === tag && group.value === tagValue)),
      };
    });
}

function tagOrder(byRun: readonly (readonly TagGroup[])[], tag: string): number {
  return byRun.flat().findIndex((group) => group.tag === tag);
}

function drawRows(rows: readonly Row[], runs: readonly NamedRun[], ratio: RatioName, x: Scale, box: Box): string[] {
  return tops(rows, runs).map((top, i) => {
    const rates = rows[i]!.groups.map((group, r) => group && tagRate(group.counts, ratio, runs[r]!.header.spec.seed));
    const n = rates.find((rate) => rate !== undefined)?.denominator ?? 0;
    const dots = rates.map((rate, r) => {
      if (rate?.rate === undefined) return '';
      const y = top + ROW / 2 + r * RUN;
      const { name, index } = runs[r]!;
      const [low, high] = rate.interval ?? [rate.rate, rate.rate];
      const about = `${name}, ${rows[i]!.label}\n${value(rate.rate, 3)} (${rate.numerator} of ${rate.denominator})`;
      const whisker = {
        d: `M${fixed(x.at(low))} ${fixed(y)}H${fixed(x.at(high))}`,
        ...strokeOf(index),
        'stroke-width': '1.5',
      };
      const transform = `translate(${fixed(x.at(rate.rate))} ${fixed(y)})`;
      return (
        element('path', whisker) +
        element('path', { d: markPath(index, 4), transform, ...fillOf(index), 'data-mark': 'scored' }, tooltip(about))
      );
    });
    const middle = top + (pitch(runs) - 4) / 2 + 3;
    const rule = `M${fixed(box.left)} ${fixed(top - 2)}H${fixed(box.right)}`;
    return (
      element('path', { d: rule, ...strokeOf('grid') }) +
      dots.join('') +
      text(box.right + 30, middle, String(n), 'muted', { 'text-anchor': 'end' })
    );
  });
}

function drawNames(rows: readonly Row[], runs: readonly NamedRun[]): string[] {
  return tops(rows, runs).flatMap((top, i) => {
    const { heading, label } = rows[i]!;
    const middle = top + (pitch(runs) - 4) / 2 + 3;
    return [
      ...(heading === undefined
        ? []
        : [text(16, top - 6, fitted(heading, LABELS - 30), 'text', { 'font-weight': 600 })]),
      text(LABELS - 14, middle, fitted(label, LABELS - 30), 'text', { 'text-anchor': 'end' }),
    ];
  });
}

function tops(rows: readonly Row[], runs: readonly NamedRun[]): number[] {
  let y = TOP;
  return rows.map(({ heading }) => {
    if (heading) y += HEADING;
    const top = y;
    y += pitch(runs);
    return top;
  });
}

/** Height of a row: every run has its own line in it. */
function pitch(runs: readonly NamedRun[]): number {
  return ROW + runs.length * RUN - RUN + 8;
}
