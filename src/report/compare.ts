/** A comparison for people: runs side by side, then each tag, then the gate. */

import { HEADLINE_METRICS } from '../compare/metrics.js';
import type { ComparedMetric, Comparison, Gate, GateCheck, RunComparison } from '../compare/schema.js';
import { toleranceText } from '../compare/tolerance.js';
import { TYPE_TAG } from './by-tag.js';
import { counted, inUnit, NOTHING, signed, threshold } from './numbers.js';
import { escapeMarkdown, renderMarkdown, renderText, type Table } from './table.js';

const RIGHT = { align: 'right' } as const;

export function renderComparison(comparison: Comparison): string {
  const parts = [
    heading(comparison),
    renderText(runsTable(comparison)),
    renderText(metricsTable(comparison)),
    ...comparison.comparisons.flatMap((pair) =>
      tagTables(pair).map(({ title, table }) => `${title}: ${differenceOf(pair, comparison)}\n\n${renderText(table)}`),
    ),
    caption(comparison),
    comparison.warnings.map((warning) => `warning: ${warning}`).join('\n'),
    ...comparison.comparisons.flatMap(({ run, gate }) => (gate ? [renderGate(run, gate)] : [])),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

export function renderComparisonMarkdown(comparison: Comparison): string {
  const { dataset, comparisons, warnings } = comparison;
  const parts = [
    `# turnbench on ${escapeMarkdown(dataset.name)}`,
    ...comparisons.flatMap(({ run, gate }) => (gate ? gateMarkdown(run, gate) : [])),
    warnings.map((warning) => `- **warning**: ${escapeMarkdown(warning)}`).join('\n'),
    '## Comparison',
    escapeMarkdown(heading(comparison)),
    renderMarkdown(runsTable(comparison)),
    renderMarkdown(metricsTable(comparison)),
    escapeMarkdown(caption(comparison)),
    ...comparisons.flatMap((pair) =>
      tagTables(pair).flatMap(({ title, table }) => [
        `### ${escapeMarkdown(title)}`,
        escapeMarkdown(differenceOf(pair, comparison)),
        renderMarkdown(table),
      ]),
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** What `eval --baseline` adds to its summary. */
export function renderGates(comparisons: readonly Comparison[]): string {
  return comparisons
    .flatMap(({ runs, comparisons: pairs, warnings }) => [
      ...pairs.flatMap(({ run, gate }) => (gate ? [renderGate(`${run} against ${runs[0]?.source}`, gate)] : [])),
      ...warnings.map((warning) => `warning: ${warning}`),
    ])
    .map((part) => `\n${part}\n`)
    .join('');
}

/** What passed is only counted: a person wants to see the rest. */
function renderGate(run: string, { passed, checks, conversations }: Gate): string {
  const others = checks.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped');
  const count = (outcome: GateCheck['outcome']) => checks.filter((check) => check.outcome === outcome).length;
  const parts = [
    `gate of ${run}: ${passed ? 'passed' : 'FAILED'} (${count('passed')} of ${counted(checks.length, 'metric')} passed, ` +
      `${count('skipped')} without a reference)`,
  ];
  if (others.length > 0) parts.push(renderText(gateTable(others)));
  if (conversations.length > 0) parts.push(brokenLines(conversations).join('\n'));
  return parts.join('\n\n');
}

function gateMarkdown(run: string, gate: Gate): string[] {
  const verdict = gate.passed ? '✅ passed' : '❌ failed';
  return [
    `## Gate of ${escapeMarkdown(run)}: ${verdict}`,
    renderMarkdown(gateTable(gate.checks)),
    brokenLines(gate.conversations)
      .map((line) => `- ${escapeMarkdown(line)}`)
      .join('\n'),
  ];
}

function brokenLines(conversations: Gate['conversations']): string[] {
  return conversations.map(({ conversation_id: id, kind, message }) => `conversation ${id} ${kind}: ${message}`);
}

function heading({ dataset, conversations, scorer_version, gold_version, commit_rule }: Comparison): string {
  const { name, version, revision } = dataset;
  const rules = `scorer ${scorer_version}, gold ${gold_version}, ${commit_rule}`;
  return `${name} ${version} (${revision}) · ${counted(conversations.length, 'common conversation')} · ${rules}`;
}

function runsTable({ runs }: Comparison): Table {
  return {
    columns: [{ title: '' }, { title: 'model' }, { title: 'θ', ...RIGHT }, { title: 'options' }, { title: 'from' }],
    rows: runs.map(({ label, model, operating_threshold: theta, int_threshold: ofInt, source }, i) => {
      const options = Object.entries(model.options).map(([key, value]) => `${key}=${value}`);
      return [
        i === 0 ? 'reference' : '',
        label,
        theta === null ? NOTHING : [theta, ...[ofInt ?? []].flat()].map(threshold).join(' / '),
        options.join(' ') || NOTHING,
        source,
      ];
    }),
  };
}

function metricsTable({ runs, comparisons }: Comparison): Table {
  return {
    columns: [
      { title: 'metric' },
      { title: runs[0]?.label ?? '', ...RIGHT },
      ...comparisons.flatMap(({ run }) => [
        { title: run, ...RIGHT },
        { title: 'difference', ...RIGHT },
        { title: '95 % interval' },
        { title: 'verdict' },
      ]),
    ],
    rows: (comparisons[0]?.metrics ?? []).map(({ metric, reference, unit }, row) => [
      metric,
      inUnit(reference, unit),
      ...comparisons.flatMap(({ metrics }) => {
        const { value, difference, interval, verdict } = metrics[row]!;
        return [inUnit(value, unit), signed(difference, unit), intervalText(interval, unit), verdict];
      }),
    ]),
  };
}

/**
 * One table per tag: values as rows, the headline metrics as columns. The type of conversations is always shown, other
 * tags where a value has at least two conversations on average: a document is no place for a table per voice.
 */
function tagTables({ tags }: RunComparison): { title: string; table: Table }[] {
  const names = [...new Set(tags.map(({ tag }) => tag))];
  const shown = names.filter((name) => {
    const groups = tags.filter(({ tag }) => tag === name);
    return name === TYPE_TAG || groups.reduce((sum, group) => sum + group.conversations, 0) >= 2 * groups.length;
  });
  return shown.map((name) => ({
    title: name,
    table: {
      columns: [
        { title: name },
        { title: 'n', ...RIGHT },
        ...HEADLINE_METRICS.map((metric) => ({ title: metric, ...RIGHT })),
      ],
      rows: tags
        .filter(({ tag }) => tag === name)
        .map(({ value, conversations, metrics }) => [
          value,
          String(conversations),
          ...HEADLINE_METRICS.map((metric) => tagCell(metrics.find((compared) => compared.metric === metric))),
        ]),
    },
  }));
}

function tagCell(metric: ComparedMetric | undefined): string {
  if (!metric) return NOTHING;
  const difference = signed(metric.difference, metric.unit);
  return metric.verdict === 'no evidence' ? difference : `${difference} ${metric.verdict}`;
}

function differenceOf({ run }: RunComparison, { runs }: Comparison): string {
  return `${run} minus ${runs[0]?.label}`;
}

function gateTable(checks: readonly GateCheck[]): Table {
  return {
    columns: [
      { title: 'metric' },
      { title: 'outcome' },
      { title: 'reference', ...RIGHT },
      { title: 'run', ...RIGHT },
      { title: 'worse by', ...RIGHT },
      { title: '95 % interval' },
      { title: 'allowed', ...RIGHT },
    ],
    rows: checks.map(({ metric, outcome, unit, reference, value, loss, loss_interval, allowed_loss, tolerance }) => [
      metric,
      outcome,
      inUnit(reference, unit),
      inUnit(value, unit),
      signed(loss, unit),
      intervalText(loss_interval, unit),
      'relative' in tolerance
        ? `${toleranceText(tolerance)} = ${inUnit(allowed_loss, unit)}`
        : inUnit(allowed_loss, unit),
    ]),
  };
}

function caption({ bootstrap, runs }: Comparison): string {
  const { resamples, seed } = bootstrap;
  return (
    `difference: run minus ${runs[0]?.label}, 95 % interval by paired bootstrap over conversations ` +
    `(${resamples} resamples, seed ${seed}) · better, worse: the interval excludes 0`
  );
}

function intervalText(interval: readonly [number, number] | null, unit: ComparedMetric['unit']): string {
  return interval === null ? NOTHING : `[${signed(interval[0], unit)}, ${signed(interval[1], unit)}]`;
}
