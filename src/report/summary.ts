/** What a finished `eval` prints: one table over all models, then where everything was saved. */

import { operatingThreshold } from '../result/operating-threshold.js';
import type { ConversationRow, RunHeader, RunSpec } from '../result/schema.js';
import { AGENT_CAPTION, agentTable } from './agent.js';
import { DEPLOYED_CAPTION, deployedEventsTable, deployedStepsTable } from './deployed.js';
import { counted, duration, milliseconds, NOTHING, rate, realTimeFactor, threshold } from './numbers.js';
import { choicesAt, taskSweepsOf } from './sweep-table.js';
import { renderText, type Table } from './table.js';

const RIGHT = { align: 'right' } as const;

export interface SavedRun {
  readonly header: RunHeader;
  /** Where it was saved. */
  readonly folder: string;
  /** Reports for people in it. */
  readonly reports: readonly string[];
}

/** More warnings or failures than this are left to the reports: a large data set may have one per annotation track. */
const SHOWN_NOTES = 10;

/** @param notStarted models that an interruption kept from running. */
export function renderSummary(saved: readonly SavedRun[], notStarted: readonly string[] = []): string {
  const runs = saved.map(({ header }) => header);
  const first = runs[0];
  if (first === undefined) return '';
  const lines = [heading(first)];
  const scored = runs.filter(({ totals }) => totals !== null);
  if (scored.length > 0) {
    lines.push('', renderText(tasksTable(scored)), '', renderText(floorTable(scored)), '', caption(scored));
  }
  const swept = scored.filter(({ operating_points }) => operating_points !== null);
  if (swept.length > 0) {
    const budget = swept[0]?.operating_points?.fp_budget ?? 0;
    lines.push('', `best thresholds with a false-positive rate of at most ${budget}`, '', renderText(bestTable(swept)));
  }
  const timed = runs.filter(({ timing }) => timing?.deployed);
  if (timed.length > 0) {
    lines.push('', 'live on this machine', '');
    if (timed.some(({ totals }) => totals !== null)) lines.push(renderText(deployedEventsTable(timed)), '');
    lines.push(renderText(deployedStepsTable(timed)), '', DEPLOYED_CAPTION);
  }
  if (scored.some(({ agent }) => agent)) {
    lines.push('', 'as a party of the conversation', '', renderText(agentTable(scored)), '', AGENT_CAPTION);
  }
  for (const notes of [warnings(runs), failures(runs), interruptions(runs, notStarted)]) {
    if (notes.length > 0) lines.push('', ...notes);
  }
  lines.push('', ...saved.flatMap(({ folder, reports }) => reports.map((report) => `saved  ${folder}/${report}`)));
  return `${lines.join('\n')}\n`;
}

/** One finished conversation, where there is no terminal for a progress bar. */
export function conversationLine(row: ConversationRow): string {
  if (row.status === 'failed') return `conversation ${row.conversation_id} failed: ${row.error}`;
  const { counts, timing } = row;
  const heard = `conversation ${row.conversation_id} · ${duration(row.duration_s)} in ${duration(timing.wall_s)}`;
  if (counts === null) return heard;
  const found = (['eot', 'int'] as const).map((task) => {
    const { tp, fn, fp, tn } = counts[task];
    return `${task.toUpperCase()} ${tp}/${tp + fn} found, ${fp}/${fp + tn} false`;
  });
  return `${heard} · ${found.join(' · ')}`;
}

/** What would run. */
export function renderPlan(spec: RunSpec): string {
  const options = Object.entries(spec.model.options).map(([key, value]) => ` ${key}=${value}`);
  const sweep = spec.sweep_thresholds === null ? 'no sweep' : `${spec.sweep_thresholds.length} thresholds`;
  const { name, version, revision, ids } = spec.dataset;
  const part = spec.shard ? `shard ${spec.shard.index} of ${spec.shard.count} of ` : '';
  const size = `${part}${counted(ids.length, 'conversation')}`;
  return `${spec.model.name}${options.join('')} on ${name} ${version} (${revision}): ${size}, ${sweep}`;
}

/** What several models were told alike, such as a remark on the data set, is said once. */
function warnings(runs: readonly RunHeader[]): string[] {
  const texts = new Set(runs.flatMap((run) => run.warnings));
  const notes = Array.from(texts, (text) => {
    const warned = runs.filter((run) => run.warnings.includes(text));
    const models = warned.map(({ spec }) => spec.model.name).join(', ');
    return `warning: ${warned.length === runs.length && runs.length > 1 ? '' : `${models}: `}${text}`;
  });
  return firstOf(notes, 'more warning');
}

function failures(runs: readonly RunHeader[]): string[] {
  const notes = runs.flatMap((run) =>
    run.failures.map(({ conversation_id: id, error, hint }) => {
      const failure = `failed: ${run.spec.model.name}: conversation ${id}: ${error}`;
      return hint === null ? failure : `${failure}\n  hint: ${hint}`;
    }),
  );
  return firstOf(notes, 'more failure');
}

function firstOf(notes: readonly string[], noun: string): string[] {
  const more = notes.length - SHOWN_NOTES;
  return more <= 0 ? [...notes] : [...notes.slice(0, SHOWN_NOTES), `  … and ${counted(more, noun)}: see the reports`];
}

function interruptions(runs: readonly RunHeader[], notStarted: readonly string[]): string[] {
  const stopped = runs.filter(({ status }) => status === 'interrupted');
  return [
    ...stopped.map(({ spec, totals }) => {
      const scored = `${totals?.conversations ?? 0} of ${counted(spec.dataset.ids.length, 'conversation')} scored`;
      return `interrupted: ${spec.model.name}: ${scored}; what was finished is saved`;
    }),
    ...(notStarted.length > 0 ? [`not started: ${notStarted.join(', ')}`] : []),
  ];
}

export function heading({ spec, totals }: RunHeader): string {
  const { name, version, revision, ids } = spec.dataset;
  const all = counted(ids.length, 'conversation');
  const scored = totals === null || totals.conversations === ids.length ? '' : `${totals.conversations} of `;
  const size = totals === null ? all : `${scored}${all} · ${duration(totals.audio_hours * 3600)}`;
  return `${name} ${version} (${revision}) · ${size}`;
}

export function tasksTable(runs: readonly RunHeader[]): Table {
  return {
    columns: [
      { title: 'model' },
      { title: 'θ', ...RIGHT },
      { title: 'task' },
      { title: 'recall' },
      { title: 'false-positive rate' },
      { title: 'latency p50 ms' },
      { title: 'p10', ...RIGHT },
      { title: 'p90', ...RIGHT },
      { title: 'tp', ...RIGHT },
      { title: 'fn', ...RIGHT },
      { title: 'fp', ...RIGHT },
      { title: 'tn', ...RIGHT },
    ],
    rows: runs.flatMap((run) =>
      (['eot', 'int'] as const).map((task) => {
        const { spec, totals } = run;
        const score = totals?.[task];
        if (!score) return [];
        return [
          task === 'eot' ? spec.model.name : '',
          task === 'eot' || spec.int_threshold !== undefined ? operatingPoint(operatingThreshold(run, task)) : '',
          task.toUpperCase(),
          rate(score.recall, score.intervals.recall),
          rate(score.fp_rate, score.intervals.fp_rate),
          milliseconds(score.latency_ms.p50, score.intervals.latency_ms.p50),
          milliseconds(score.latency_ms.p10),
          milliseconds(score.latency_ms.p90),
          ...[score.tp, score.fn, score.fp, score.tn].map(String),
        ];
      }),
    ),
  };
}

export function floorTable(runs: readonly RunHeader[]): Table {
  return {
    columns: [
      { title: 'model' },
      { title: 'floor accuracy' },
      { title: 'balanced', ...RIGHT },
      { title: 'hold acc.', ...RIGHT },
      { title: 'shift acc.', ...RIGHT },
      { title: 'AUC', ...RIGHT },
      { title: 'cut-off rate' },
      { title: 'missed', ...RIGHT },
      { title: 'EP50 ms', ...RIGHT },
      { title: 'EP90 ms', ...RIGHT },
      { title: 'flips/min', ...RIGHT },
      { title: 'RTF', ...RIGHT },
    ],
    rows: runs.map(({ spec, totals, timing }) => {
      if (totals === null) return [spec.model.name];
      const { floor, endpoint } = totals;
      return [
        spec.model.name,
        rate(floor.accuracy, floor.intervals.accuracy),
        rate(floor.balanced_accuracy),
        rate(floor.hold_accuracy),
        rate(floor.shift_accuracy),
        rate(floor.auc),
        rate(endpoint.cutoff_rate, endpoint.intervals.cutoff_rate),
        String(endpoint.missed),
        milliseconds(endpoint.ep50_ms),
        milliseconds(endpoint.ep90_ms),
        floor.flips_per_minute === null ? NOTHING : floor.flips_per_minute.toFixed(1),
        timing === null ? NOTHING : realTimeFactor(timing.rtf),
      ];
    }),
  };
}

/** Choices that coincide share a line. */
export function bestTable(runs: readonly RunHeader[]): Table {
  return {
    columns: [
      { title: 'model' },
      { title: 'task' },
      { title: 'choice' },
      { title: 'θ', ...RIGHT },
      { title: 'recall' },
      { title: 'false-positive rate' },
      { title: 'latency p50 ms' },
      { title: 'cut-off rate', ...RIGHT },
    ],
    rows: runs.flatMap((run) =>
      taskSweepsOf(run).flatMap((sweep) => {
        const name = sweep.task === 'eot' ? run.spec.model.name : '';
        const choices = choicesAt(sweep);
        const cutoff = (text: string): string => (sweep.task === 'eot' ? text : '');
        if (choices.length === 0) {
          return [[name, sweep.task.toUpperCase(), ...Array<string>(5).fill(NOTHING), cutoff(NOTHING)]];
        }
        const intervals = run.operating_points?.intervals[sweep.task];
        return choices.map(({ row, titles }, i) => [
          i === 0 ? name : '',
          i === 0 ? sweep.task.toUpperCase() : '',
          titles.join(', '),
          threshold(row.threshold),
          // Intervals are those of the first choice.
          rate(row.recall, i === 0 ? intervals?.recall : null),
          rate(row.fp_rate, i === 0 ? intervals?.fp_rate : null),
          milliseconds(row.latency_p50_ms, i === 0 ? intervals?.latency_ms.p50 : null),
          cutoff(rate(row.cutoff_rate)),
        ]);
      }),
    ),
  };
}

export function caption(runs: readonly RunHeader[]): string {
  const seed = runs[0]?.spec.seed;
  const many = runs.some(({ totals }) => (totals?.conversations ?? 0) > 1);
  const brackets = many ? `brackets: 95 % intervals over conversations (bootstrap, seed ${seed}) · ` : '';
  return `${brackets}θ: floor = 1 iff P > θ · ${NOTHING}: nothing to measure · RTF: compute s per audio s, both passes`;
}

function operatingPoint(value: number | null): string {
  return value === null ? NOTHING : threshold(value);
}
