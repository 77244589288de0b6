/** `report.md`: one run as a document: what was run, every number with its interval, the sweep, how to repeat it. */

import { FLOOR_STATES } from '../core/counts.js';
import { type RunHeader, SWEEP_COLUMNS, type SweepRow, type Totals } from '../result/schema.js';
import { AGENT_CAPTION, agentTable } from './agent.js';
import { DEPLOYED_CAPTION, deployedEventsTable, deployedStepsTable } from './deployed.js';
import { type EmbeddedFigure, renderFigures } from './embed.js';
import { counted, duration, milliseconds, NOTHING, perTime, rate, realTimeFactor, threshold } from './numbers.js';
import { shellWord } from './shell-word.js';
import { bestTable } from './summary.js';
import { type Column, escapeMarkdown, renderMarkdown, type Table } from './table.js';

const STATE_TITLES: Record<(typeof FLOOR_STATES)[number], string> = {
  subject: 'subject only',
  overlap: 'overlap',
  pause: 'pause (hold)',
  other: 'other only',
  gap: 'gap (shift)',
  silence: 'silence',
};

const RIGHT = { align: 'right' } as const;

/** @param figures of this run, already saved. */
export function renderRunMarkdown(run: RunHeader, figures: readonly EmbeddedFigure[] = []): string {
  const { spec, totals } = run;
  const parts = [`# ${escapeMarkdown(spec.model.name)} on ${escapeMarkdown(spec.dataset.name)}`, overview(run)];
  if (run.failures.length > 0) parts.push('## Failed conversations', renderMarkdown(failures(run)));
  if (run.warnings.length > 0) {
    parts.push('## Warnings', bulletList(run.warnings));
  }
  if (totals !== null) {
    parts.push('## Events', renderMarkdown(events(totals)));
    parts.push('## Endpointing', renderMarkdown(endpointing(totals)));
    parts.push('## Floor', renderMarkdown(floor(totals)), renderMarkdown(states(totals)));
  }
  if (run.agent) parts.push('## As a party of the conversation', renderMarkdown(agentTable([run])), AGENT_CAPTION);
  if (figures.length > 0) parts.push('## Figures', ...renderFigures(figures));
  if (run.timing?.deployed) parts.push('## Live on this machine', ...deployed(run));
  if (run.sweep !== null) parts.push('## Sweep', ...sweep(run, run.sweep));
  parts.push('## Reproduce', ...reproduce(run));
  return `${parts.join('\n\n')}\n`;
}

function overview(run: RunHeader): string {
  const { spec, totals, status, timing, started_at: startedAt, spec_sha256: hash } = run;
  const options = Object.entries(spec.model.options).map(([key, value]) => `${key}=${value}`);
  const lines = [
    `status: ${status}`,
    `data: ${spec.dataset.name} ${spec.dataset.version}, revision ${spec.dataset.revision}, ${counted(spec.dataset.ids.length, 'conversation')}`,
    `operating point: ${operatingPoint(run)}`,
  ];
  if (spec.shard) lines.push(`shard: ${spec.shard.index} of ${spec.shard.count}, no whole run`);
  if (options.length > 0) lines.push(`options: ${options.join(', ')}`);
  if (totals !== null)
    lines.push(`scored: ${counted(totals.conversations, 'conversation')}, ${duration(totals.audio_hours * 3600)}`);
  if (timing !== null) {
    lines.push(
      `compute: ${duration(timing.compute_s)}, ${realTimeFactor(timing.rtf)} s per second of conversation (both passes)`,
    );
  }
  lines.push(`started ${startedAt}, specification ${hash.slice(0, 12)}`);
  return bulletList(lines);
}

function operatingPoint({ spec, operating_threshold: theta }: RunHeader): string {
  const ofInt = spec.int_threshold === undefined ? '' : `; interruptions: P > ${threshold(spec.int_threshold)}`;
  if (theta !== null) return `floor = 1 iff P > ${threshold(theta)}${ofInt}`;
  return spec.threshold === null ? 'none: events without a floor' : "the model's own bits";
}

function failures(run: RunHeader): Table {
  return {
    columns: [{ title: 'conversation' }, { title: 'error' }, { title: 'hint' }],
    rows: run.failures.map(({ conversation_id: id, error, hint }) => [id, error, hint ?? '']),
  };
}

function events(totals: Totals): Table {
  return {
    columns: [
      { title: 'task' },
      { title: 'recall' },
      { title: 'n', ...RIGHT },
      { title: 'false-positive rate' },
      { title: 'n', ...RIGHT },
      { title: 'latency p10 ms' },
      { title: 'p50 ms' },
      { title: 'p90 ms' },
      { title: 'tp', ...RIGHT },
      { title: 'fn', ...RIGHT },
      { title: 'fp', ...RIGHT },
      { title: 'tn', ...RIGHT },
      { title: 'false alarms / h' },
    ],
    rows: (['eot', 'int'] as const).map((task) => {
      const score = totals[task];
      const intervals = score.intervals;
      return [
        task.toUpperCase(),
        rate(score.recall, intervals.recall),
        String(score.tp + score.fn),
        rate(score.fp_rate, intervals.fp_rate),
        String(score.fp + score.tn),
        ...(['p10', 'p50', 'p90'] as const).map((p) => milliseconds(score.latency_ms[p], intervals.latency_ms[p])),
        ...[score.tp, score.fn, score.fp, score.tn].map(String),
        perTime(score.false_alarms_per_hour, intervals.false_alarms_per_hour),
      ];
    }),
  };
}

function endpointing({ endpoint }: Totals): Table {
  const { intervals } = endpoint;
  return {
    columns: ['turns', 'cut off', 'missed', 'cut-off rate', 'EP50 ms', 'EP90 ms', 'EP99 ms'].map((title) => ({
      title,
    })),
    rows: [
      [
        ...[endpoint.anchors, endpoint.cut_offs, endpoint.missed].map(String),
        rate(endpoint.cutoff_rate, intervals.cutoff_rate),
        milliseconds(endpoint.ep50_ms, intervals.ep50_ms),
        milliseconds(endpoint.ep90_ms, intervals.ep90_ms),
        milliseconds(endpoint.ep99_ms, intervals.ep99_ms),
      ],
    ],
  };
}

function floor({ floor: score }: Totals): Table {
  const { confusion, intervals } = score;
  return {
    columns: [{ title: 'measure' }, { title: 'value' }, { title: 'n', ...RIGHT }],
    rows: [
      [
        'accuracy',
        rate(score.accuracy, intervals.accuracy),
        steps(confusion.tp + confusion.fn + confusion.fp + confusion.tn),
      ],
      ['balanced accuracy', rate(score.balanced_accuracy, intervals.balanced_accuracy), ''],
      ['precision', rate(score.precision, intervals.precision), steps(confusion.tp + confusion.fp)],
      ['recall', rate(score.recall, intervals.recall), steps(confusion.tp + confusion.fn)],
      ['F1', rate(score.f1, intervals.f1), ''],
      ['hold accuracy', rate(score.hold_accuracy, intervals.hold_accuracy), `${score.holds} pauses`],
      ['shift accuracy', rate(score.shift_accuracy, intervals.shift_accuracy), `${score.shifts} gaps`],
      ['ROC-AUC of P(floor)', rate(score.auc, intervals.auc), ''],
      ['average precision', rate(score.average_precision, intervals.average_precision), ''],
      ['flips per minute', perTime(score.flips_per_minute, intervals.flips_per_minute), ''],
    ],
  };
}

function states({ floor: score }: Totals): Table {
  return {
    columns: [{ title: 'state of the conversation' }, { title: 'floor accuracy' }],
    rows: FLOOR_STATES.map((state) => [
      STATE_TITLES[state],
      rate(score.accuracy_by_state[state], score.intervals.accuracy_by_state[state]),
    ]),
  };
}

function deployed(run: RunHeader): string[] {
  const tables = [deployedEventsTable([run]), deployedStepsTable([run])].filter(({ rows }) => rows.length > 0);
  return [...tables.map(renderMarkdown), DEPLOYED_CAPTION];
}

function sweep(run: RunHeader, rows: readonly SweepRow[]): string[] {
  const columns = SWEEP_COLUMNS.filter((column) => !/_(tp|fn|fp|tn|p10_ms|p90_ms)$/.test(column));
  const best = run.operating_points;
  const table: Table = {
    columns: [{ title: '' }, ...columns.map((title): Column => ({ title, ...RIGHT }))],
    rows: rows.map((row) => {
      const marks = (['eot', 'int'] as const).filter((task) => best?.[task]?.threshold === row.threshold);
      return [marks.map((task) => task.toUpperCase()).join(' '), ...columns.map((column) => cell(column, row[column]))];
    }),
  };
  if (best === null) return [renderMarkdown(table)];
  const curve = best.cutoff_rate_at_ep50_160_ms;
  return [
    renderMarkdown(bestTable([run])),
    renderMarkdown(table),
    `Marked: the highest recall with a false-positive rate of at most ${best.fp_budget}. ` +
      `Cut-off rate where EP50 passes 160 ms: ${curve === null ? `${NOTHING} (the curve does not pass it)` : rate(curve, best.intervals.cutoff_rate_at_ep50_160_ms)}.`,
  ];
}

function reproduce({ spec, environment, sweep: rows }: RunHeader): string[] {
  const sweepText = rows === null ? 'none' : counted(rows.length, 'threshold');
  const weights = spec.model.weights.map(({ file, sha256 }) => `${file} sha256 ${sha256}`);
  const lines = [
    `turnbench ${environment.turnbench}, Node ${environment.node}${environment.onnxruntime === null ? '' : `, onnxruntime ${environment.onnxruntime}`}`,
    `${environment.os}, ${environment.cpu.model}, ${environment.cpu.cores} cores, ${environment.memory_gb} GB`,
    `scorer version ${spec.scorer_version}, gold version ${spec.gold_version}, sweep: ${sweepText}, bootstrap seed ${spec.seed}`,
    ...(weights.length > 0 ? [`weights: ${weights.join('; ')}`] : []),
    ...(environment.git === null
      ? []
      : [`repository ${environment.git.commit}${environment.git.dirty ? ' (dirty)' : ''}`]),
  ];
  const command = ['turnbench', ...environment.argv].map((word) => shellWord(word.replace(/\s+/g, ' '))).join(' ');
  // Indented, so that it is code whatever it contains, and copies as it is.
  return [...(environment.argv.length > 0 ? [`    ${command}`] : []), bulletList(lines)];
}

function bulletList(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n');
}

function cell(column: string, value: number | null): string {
  if (column === 'threshold') return threshold(value ?? 0);
  return column.endsWith('_ms') ? milliseconds(value) : rate(value);
}

function steps(count: number): string {
  return `${count} steps`;
}
