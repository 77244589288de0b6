/** The same numbers per value of every metadata tag, the conversation type first. */

import { compareIds } from '../../core/conversation.js';
import { TASKS } from '../../core/events.js';
import type { Totals } from '../../result/schema.js';
import { totalsOf } from '../../result/totals.js';
import { groupsByTag, type TagGroup } from '../by-tag.js';
import { type NamedRun, TASK_NAMES } from '../figures/run.js';
import { counted } from '../numbers.js';
import { type Html, html } from './html.js';
import { millisecondsCell, rateCell } from './measured.js';
import { modelName } from './model-name.js';

const TYPE = 'conversation_type';

interface GroupedRun {
  readonly run: NamedRun;
  readonly groups: readonly TagGroup[];
}

/** @returns null when no tag groups anything. */
export function tagsSection(runs: readonly NamedRun[]): Html | null {
  const grouped = runs.map((run) => ({ run, groups: groupsByTag(run.rows) }));
  const all = grouped.flatMap(({ groups }) => groups);
  const tags = [...new Set(all.map(({ tag }) => tag))].sort(
    (a, b) => Number(b === TYPE) - Number(a === TYPE) || compareIds(a, b),
  );
  if (tags.length === 0) return null;
  return html`<section id="tags" aria-labelledby="tags-title">
<h2 id="tags-title">By conversation type and tag</h2>
${tags.map((tag, i) => tagTable(tag, grouped, i === 0))}
</section>`;
}

function tagTable(tag: string, grouped: readonly GroupedRun[], open: boolean): Html {
  const of = grouped.map(({ run, groups }) => ({ run, groups: groups.filter((group) => group.tag === tag) }));
  const values = [...new Set(of.flatMap(({ groups }) => groups.map(({ value }) => value)))].sort(compareIds);
  return html`<details${open ? html` open` : null}><summary>${readable(tag)} <span class="muted">${counted(values.length, 'value')}</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="${readable(tag)}"><table class="measured compact">
<thead><tr><th scope="col" rowspan="2">${readable(tag)}</th><th scope="col" rowspan="2">Model</th>
${TASKS.map((task) => html`<th scope="colgroup" colspan="3" class="group">${TASK_NAMES[task]}</th>`)}
<th scope="col" rowspan="2" class="number">Floor accuracy</th><th scope="col" rowspan="2" class="number">Cut-off rate</th></tr>
<tr>${TASKS.map(() => html`<th scope="col" class="number">Recall</th><th scope="col" class="number">False-positive rate</th><th scope="col" class="number">p50, ms</th>`)}</tr></thead>
${values.map((value) => valueRows(value, of))}
</table></div></details>`;
}

function valueRows(value: string, grouped: readonly GroupedRun[]): Html {
  const found = grouped.flatMap(({ run, groups }) =>
    groups.filter((group) => group.value === value).map(({ counts }) => ({ run, counts })),
  );
  const size = counted(Math.max(...found.map(({ counts }) => counts.length)), 'conversation');
  return html`<tbody>${found.map(({ run, counts }, i) => {
    const totals = totalsOf(counts, 0, null, run.header.spec.seed);
    const name = html`<th scope="rowgroup" rowspan="${found.length}" class="tag-value">${value}<small>${size}</small></th>`;
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

/** `conversation_type` → `Conversation type`. */
function readable(tag: string): string {
  const words = tag.replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
