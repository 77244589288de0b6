/** Models × tasks: every number of the run with its interval and how many it was measured on. */

import { TASKS, type Task } from '../../core/events.js';
import { operatingThreshold } from '../../result/operating-threshold.js';
import type { Totals } from '../../result/schema.js';
import { type NamedRun, TASK_NAMES } from '../figures/run.js';
import { NOTHING, threshold } from '../numbers.js';
import { type Html, html } from './html.js';
import { millisecondsCell, rateCell } from './measured.js';
import { modelName } from './model-name.js';

export function summarySection(runs: readonly NamedRun[]): Html {
  const seeds = [...new Set(runs.map(({ header }) => header.spec.seed))].join(', ');
  return html`<section id="summary" aria-labelledby="summary-title">
<h2 id="summary-title" class="visually-hidden">Summary</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="summary-title"><table class="measured">
<thead><tr><th scope="col">Model</th><th scope="col">Task</th>
<th scope="col" class="number">Recall</th><th scope="col" class="number">False-positive rate</th>
<th scope="col" class="number">Latency p10, ms</th><th scope="col" class="number">p50, ms</th><th scope="col" class="number">p90, ms</th>
<th scope="col" class="number">Floor accuracy</th><th scope="col" class="number">Cut-off rate</th></tr></thead>
${runs.map(modelRows)}
</table></div>
<p class="note">Brackets and whiskers: 95 % intervals over conversations (bootstrap, seed ${seeds}). n: gold events, spans,
detections, steps or turns behind the number. θ: the floor is held where P &gt; θ. ${NOTHING}: nothing to measure.</p>
</section>`;
}

function modelRows(run: NamedRun): Html {
  const { header } = run;
  const { totals } = header;
  const rows = totals === null ? 1 : TASKS.length;
  const thetas = new Set(TASKS.map((task) => operatingThreshold(header, task)));
  const at = Array.from(thetas, (theta) => (theta === null ? NOTHING : threshold(theta))).join(' / ');
  const name = html`<th scope="rowgroup" rowspan="${rows}" class="model">${modelName(run)}<small class="theta">θ ${at}</small></th>`;
  if (totals === null) {
    return html`<tbody><tr>${name}<td colspan="8">nothing was scored (${header.status})</td></tr></tbody>`;
  }
  return html`<tbody>${TASKS.map(
    (task, i) =>
      html`<tr>${i === 0 ? name : null}<th scope="row" class="task">${TASK_NAMES[task]}</th>${taskCells(totals, task, run.index)}${i === 0 ? wholeCells(totals, run.index) : null}</tr>`,
  )}</tbody>`;
}

function taskCells(totals: Totals, task: Task, index: number): Html[] {
  const { tp, fn, fp, tn, recall, fp_rate, latency_ms, intervals } = totals[task];
  return [
    rateCell({ value: recall, interval: intervals.recall, n: String(tp + fn) }, index),
    rateCell({ value: fp_rate, interval: intervals.fp_rate, n: String(fp + tn) }, index),
    ...(['p10', 'p50', 'p90'] as const).map((p) =>
      millisecondsCell({ value: latency_ms[p], interval: intervals.latency_ms[p], n: String(tp) }),
    ),
  ];
}

/** What belongs to no task. */
function wholeCells({ floor, endpoint }: Totals, index: number): Html[] {
  const { tp, fn, fp, tn } = floor.confusion;
  const rows = TASKS.length;
  return [
    rateCell({ value: floor.accuracy, interval: floor.intervals.accuracy, n: String(tp + fn + fp + tn) }, index, rows),
    rateCell(
      { value: endpoint.cutoff_rate, interval: endpoint.intervals.cutoff_rate, n: String(endpoint.anchors) },
      index,
      rows,
    ),
  ];
}
