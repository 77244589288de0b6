/**
 * `turnbench bench` as a document. The first four tables bear the names under which users of Smart Turn know them; a
 * table without a component is left out.
 */

import type { BenchKind, BenchReport } from '../result/bench-schema.js';
import { counted, fineMilliseconds, NOTHING, realTimeFactor, throughput } from './numbers.js';
import { escapeMarkdown, renderMarkdown, type Table } from './table.js';

const TABLES: readonly { readonly title: string; readonly kinds: readonly BenchKind[] }[] = [
  { title: 'Direct Inference Performance', kinds: ['inference'] },
  { title: 'Audio Feature Extraction Performance', kinds: ['features'] },
  { title: 'Video Preprocessing Performance', kinds: ['video'] },
  { title: 'End-to-End Performance', kinds: ['end-to-end'] },
  { title: 'Decoding, Resampling and Decision Performance', kinds: ['decode', 'resample', 'decision'] },
];

const RIGHT = { align: 'right' } as const;

export function renderBench(report: BenchReport): string {
  const parts = [`# Latency of ${escapeMarkdown(report.model.name)}`, header(report)];
  if (report.warnings.length > 0) parts.push(list(report.warnings.map((warning) => `**warning**: ${warning}`)));
  for (const { title, kinds } of TABLES) {
    const table = tableOf(report, kinds);
    if (table.rows.length > 0) parts.push(`## ${title}`, renderMarkdown(table), ...remarks(report, kinds));
  }
  parts.push(
    'RTF: mean time per second of audio. Percentiles are over single runs, except where a row says otherwise.',
  );
  return `${parts.join('\n\n')}\n`;
}

function header({ model, settings, environment, components, noise }: BenchReport): string {
  const options = Object.entries(model.options).map(([key, value]) => `${key}=${value}`);
  const units = new Set(
    components.flatMap(({ provider, threads }) =>
      provider === null ? [] : [`${provider}, ${counted(threads ?? 1, 'thread')}`],
    ),
  );
  const { cpu, os, memory_gb, node, onnxruntime, turnbench } = environment;
  const load = noise.load_average === null ? '' : `, load average ${noise.load_average.toFixed(2)} before the start`;
  return list([
    ...(options.length > 0 ? [`options: ${options.join(', ')}`] : []),
    `hears ${model.input_sample_rate_hz} Hz`,
    ...(model.weights.length > 0 ? [`weights: ${model.weights.map(({ file }) => file).join(', ')}`] : []),
    `CPU: ${cpu.model}, ${counted(cpu.cores, 'core')}, ${memory_gb} GB, ${os}${load}`,
    `runs on: ${[...units].join('; ')}`,
    `turnbench ${turnbench}, Node ${node}${onnxruntime === null ? '' : `, onnxruntime ${onnxruntime}`}`,
    `audio: conversation ${settings.conversation_id} of ${settings.dataset}, ${settings.sample_rate_hz} Hz`,
    `${settings.warmup} untimed and ${settings.runs} timed runs`,
  ]);
}

function tableOf({ components, published }: BenchReport, kinds: readonly BenchKind[]): Table {
  const ours = components.filter(({ kind }) => kinds.includes(kind));
  const theirs = ours.length === 0 ? [] : published.filter(({ kind }) => kinds.includes(kind));
  return {
    columns: [
      { title: 'Component' },
      { title: 'Provider' },
      { title: 'P50 Latency (ms)', ...RIGHT },
      { title: 'P90 Latency (ms)', ...RIGHT },
      { title: 'P99 Latency (ms)', ...RIGHT },
      { title: 'Mean Latency (ms)', ...RIGHT },
      { title: 'Throughput (samples/sec)', ...RIGHT },
      { title: 'RTF', ...RIGHT },
    ],
    rows: [
      ...ours.map((row) => [
        row.name,
        row.provider ?? NOTHING,
        ...[row.p50_ms, row.p90_ms, row.p99_ms, row.mean_ms].map(fineMilliseconds),
        throughput(row.throughput_per_s),
        row.rtf === null ? NOTHING : realTimeFactor(row.rtf),
      ]),
      ...theirs.map((row) => [
        `${row.name} (published)`,
        row.hardware,
        ...[row.p50_ms, row.p90_ms, null, row.mean_ms].map(fineMilliseconds),
        throughput(row.throughput_per_s),
        NOTHING,
      ]),
    ],
  };
}

/** What must be known to read the rows of a table. */
function remarks({ components, published }: BenchReport, kinds: readonly BenchKind[]): string[] {
  const batched = components.filter(({ kind, runs_per_sample: runs }) => kinds.includes(kind) && runs > 1);
  const lines = [
    ...batched.map(({ name, runs_per_sample: runs }) => `${name}: too short for the clock, timed ${runs} at a time`),
    ...published
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ name, hardware, source, note }) => `${name} (published, ${hardware}): ${source}; ${note}`),
  ];
  return lines.length === 0 ? [] : [list(lines)];
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line.startsWith('**') ? line : escapeMarkdown(line)}`).join('\n');
}
