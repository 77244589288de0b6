/** The sweep of a probability file for people: the operating point marked, a long candidate list thinned out. */

import { milliseconds, rate, threshold } from './numbers.js';
import { renderText } from './table.js';

interface Row {
  readonly threshold: number;
  readonly recall: number | null;
  readonly fp_rate: number | null;
  readonly false_int_rate: number | null;
  readonly latency_p10_ms: number | null;
  readonly latency_p50_ms: number | null;
  readonly latency_p90_ms: number | null;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

/** More rows than this are thinned out: the whole table is one `--json` away. */
const SHOWN_ROWS = 25;

export function renderProbabilitySweep(
  sweep: { readonly task: string; readonly rows: readonly Row[]; readonly operating_point: Row | null },
  fpBudget: number,
): string {
  const best = sweep.operating_point;
  const every = Math.ceil(sweep.rows.length / SHOWN_ROWS);
  const shown = sweep.rows.filter((row, i) => i % every === 0 || row.threshold === best?.threshold);
  const right = [
    'θ',
    'recall',
    'false-positive rate',
    'false INT rate',
    'p10 ms',
    'p50 ms',
    'p90 ms',
    'tp',
    'fp',
    'fn',
  ];
  const table = renderText({
    columns: [{ title: '' }, ...right.map((title) => ({ title, align: 'right' as const }))],
    rows: shown.map((row) => [
      row.threshold === best?.threshold ? '→' : '',
      threshold(Number(row.threshold.toPrecision(6))),
      rate(row.recall),
      rate(row.fp_rate),
      rate(row.false_int_rate),
      milliseconds(row.latency_p10_ms),
      milliseconds(row.latency_p50_ms),
      milliseconds(row.latency_p90_ms),
      ...[row.tp, row.fp, row.fn].map(String),
    ]),
  });
  const chosen =
    best === null
      ? `no threshold keeps the false-positive rate within ${fpBudget}`
      : `→ highest recall with a false-positive rate of at most ${fpBudget}: θ = ${best.threshold}`;
  const thinned = every > 1 ? `\n${shown.length} of ${sweep.rows.length} thresholds shown; --json has all` : '';
  return `${sweep.task.toUpperCase()} sweep\n\n${table}\n\n${chosen}${thinned}\n`;
}
