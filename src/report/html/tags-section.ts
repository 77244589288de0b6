/** The same numbers per value of every metadata tag, the conversation type first. */

import { TASKS } from '../../core/events.js';
import { countsFromDisk } from '../../result/counts.js';
import type { ConversationRow, Totals } from '../../result/schema.js';
import { totalsOf } from '../../result/totals.js';
import { compareIds } from '../../core/conversation.js';
import { type NamedRun, TASK_NAMES } from '../figures/run.js';
import { counted } from '../numbers.js';
import { type Html, html } from './html.js';
import { millisecondsCell, rateCell } from './measured.js';
import { modelName } from './summary-section.js';

const TYPE = 'conversation_type';

/** More values than this tell conversations apart rather than group them. */
const MOST_VALUES = 24;

type ScoredRow = Extract<ConversationRow, { status: 'ok' }>;

/** @returns null when no tag has two values. */
export function tagsSection(runs: readonly NamedRun[]): Html | null {
  const scored = runs.map((run) => ({ run, rows: run.rows.filter(isScored) }));
  const tags = groupingTags(scored.flatMap(({ rows }) => rows));
  if (tags.length === 0) return null;
  return html`<section id="tags" aria-labelledby="tags-title">
<h2 id="tags-title">By conversation type and tag</h2>
${tags.map(
  ({ tag, values }, i) =>
    html`<details${i === 0 ? html` open` : null}><summary>${readable(tag)} <span class="muted">${counted(values.length, 'value')}</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="${readable(tag)}"><table class="measured compact">
<thead><tr><th scope="col" rowspan="2">${readable(tag)}</th><th scope="col" rowspan="2">Model</th>
${TASKS.map((task) => html`<th scope="colgroup" colspan="3" class="group">${TASK_NAMES[task]}</th>`)}
<th scope="col" rowspan="2" class="number">Floor accuracy</th><th scope="col" rowspan="2" class="number">Cut-off rate</th></tr>
<tr>${TASKS.map(() => html`<th scope="col" class="number">Recall</th><th scope="col" class="number">False-pos. rate</th><th scope="col" class="number">p50, ms</th>`)}</tr></thead>
${values.map((value) => valueRows(tag, value, scored))}
</table></div></details>`,
)}
</section>`;
}

interface ScoredRun {
  readonly run: NamedRun;
  readonly rows: readonly ScoredRow[];
}

function valueRows(tag: string, value: string, scored: readonly ScoredRun[]): Html {
  const groups = scored
    .map(({ run, rows }) => ({ run, rows: rows.filter((row) => row.tags[tag] === value) }))
    .filter(({ rows }) => rows.length > 0);
  const size = counted(Math.max(...groups.map(({ rows }) => rows.length)), 'conversation');
  return html`<tbody>${groups.map(({ run, rows }, i) => {
    const totals = totalsOf(
      rows.map((row) => countsFromDisk(row.counts!)),
      0,
      null,
      run.header.spec.seed,
    );
    const name = html`<th scope="rowgroup" rowspan="${groups.length}" class="tag-value">${value}<small>${size}</small></th>`;
    return html`<tr>${i === 0 ? name : null}<th scope="row" class="model">${modelName(run)}</th>${valueCells(totals, run.index)}</tr>`;
  })}</tbody>`;
}

function valueCells(totals: Totals, index: number): Html[] {
  const tasks = TASKS.flatMap((task) => {
    const { tp, fn, fp, tn, recall, fp_rate, latency_ms, intervals } = totals[task];
    return [
      rateCell({ value: recall, interval: intervals.recall, n: String(tp + fn) }, index),
      rateCell({ value: fp_rate, interval: intervals.fp_rate, n: String(fp + tn) }, index),
      millisecondsCell({ value: latency_ms.p50, interval: intervals.latency_ms.p50, n: String(tp) }),
    ];
  });
  const { floor, endpoint } = totals;
  const { tp, fn, fp, tn } = floor.confusion;
  return [
    ...tasks,
    rateCell({ value: floor.accuracy, interval: floor.intervals.accuracy, n: String(tp + fn + fp + tn) }, index),
    rateCell(
      { value: endpoint.cutoff_rate, interval: endpoint.intervals.cutoff_rate, n: String(endpoint.anchors) },
      index,
    ),
  ];
}

/** Tags with at least two values that group conversations, the type first, then by name. */
function groupingTags(rows: readonly ScoredRow[]): { tag: string; values: string[] }[] {
  const valuesOf = new Map<string, Set<string>>();
  for (const [tag, value] of rows.flatMap(({ tags }) => Object.entries(tags))) {
    valuesOf.set(tag, (valuesOf.get(tag) ?? new Set()).add(value));
  }
  return [...valuesOf]
    .map(([tag, values]) => ({ tag, values: [...values].sort(compareIds) }))
    .filter(({ values }) => values.length > 1 && values.length <= MOST_VALUES)
    .sort((a, b) => Number(b.tag === TYPE) - Number(a.tag === TYPE) || compareIds(a.tag, b.tag));
}

function isScored(row: ConversationRow): row is ScoredRow {
  return row.status === 'ok' && row.counts !== null;
}

/** `conversation_type` → `Conversation type`. */
function readable(tag: string): string {
  const words = tag.replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
