/**
 * Runs side by side on the conversations that all of them have. Both runs of a pair are computed on the same resamples
 * of conversations and subtracted there, in total and for each value of each tag.
 */

import { UserError } from '../core/errors.js';
import { BOOTSTRAP_RESAMPLES, drawResamples, estimate } from '../stats/bootstrap.js';
import { MIN_CONVERSATIONS_FOR_VERDICT, pairedDifference } from '../stats/paired.js';
import { requireComparable } from './comparable.js';
import { gateOf } from './gate.js';
import { METRICS } from './metrics.js';
import { COMPARISON_SCHEMA_VERSION, type ComparedMetric, type ComparedRun, type Comparison } from './schema.js';
import type { ScoredConversation, ScoredRun } from './scored-run.js';
import type { Tolerances } from './tolerance.js';

export interface CompareOptions {
  /** Of the bootstrap. */
  readonly seed: number;
  /** Hold each run to these; null = only compare. */
  readonly gate: Tolerances | null;
}

/**
 * @param runs the reference first, at least two.
 * @throws UserError when they were not scored on the same data by the same rules, or share no conversation.
 */
export function compareRuns(runs: readonly ScoredRun[], { seed, gate }: CompareOptions): Comparison {
  const [reference, ...others] = runs;
  if (!reference || others.length === 0) throw new UserError('a comparison needs a reference and another run');
  requireComparable(reference, others);
  const common = commonIds(runs, gate !== null);
  const labels = labelsOf(runs);
  const compared = runs.map((run, i) => describe(run, labels[i] ?? '', runs));
  return {
    schema_version: COMPARISON_SCHEMA_VERSION,
    dataset: reference.dataset,
    scorer_version: reference.rules.scorerVersion,
    gold_version: reference.rules.goldVersion,
    commit_rule: reference.rules.commitRule,
    conversations: common,
    bootstrap: { resamples: BOOTSTRAP_RESAMPLES, seed },
    runs: compared,
    comparisons: others.map((run, i) => {
      const metrics = comparePair(reference, run, common, seed);
      return {
        run: labels[i + 1] ?? '',
        metrics,
        tags: tagGroups(reference, common).map(({ ids, ...group }) => ({
          ...group,
          conversations: ids.length,
          metrics: comparePair(reference, run, ids, seed),
        })),
        gate: gate && gateOf(reference, run, metrics, gate, common.length),
      };
    }),
    warnings: warningsOf(runs, compared, common.length),
  };
}

function comparePair(a: ScoredRun, b: ScoredRun, ids: readonly string[], seed: number): ComparedMetric[] {
  const resamples = drawResamples(ids.length, seed);
  const countsOf = (run: ScoredRun) => ids.map((id) => scored(run, id).counts);
  const [first, second] = [countsOf(a), countsOf(b)];
  return METRICS.map(({ name, task, unit, better, statistic }) => {
    const [before, after] = [statistic(first), statistic(second)];
    const difference = pairedDifference(resamples, before, after, better);
    return {
      ...{ metric: name, task, unit, better },
      reference: estimate(ids.length, before) ?? null,
      value: estimate(ids.length, after) ?? null,
      difference: difference.estimate ?? null,
      interval: difference.interval ? [difference.interval[0], difference.interval[1]] : null,
      verdict: difference.verdict,
    };
  });
}

interface TagGroup {
  readonly tag: string;
  readonly value: string;
  readonly ids: readonly string[];
}

/** By tag and value. A tag with one value divides nothing. */
function tagGroups(reference: ScoredRun, ids: readonly string[]): TagGroup[] {
  const groups = new Map<string, Map<string, string[]>>();
  for (const id of ids) {
    for (const [tag, value] of Object.entries(scored(reference, id).tags)) {
      const values = groups.get(tag) ?? new Map<string, string[]>();
      groups.set(tag, values.set(value, [...(values.get(value) ?? []), id]));
    }
  }
  return [...groups].sort(byName).flatMap(([tag, values]) => {
    if (values.size === 1) return [];
    return [...values].sort(byName).map(([value, members]) => ({ tag, value, ids: members }));
  });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param mayBeNone a gate fails, with a case per missing conversation, instead of having nothing to say. */
function commonIds(runs: readonly ScoredRun[], mayBeNone: boolean): string[] {
  const [reference, ...others] = runs;
  const common = [...(reference?.conversations.keys() ?? [])].filter((id) =>
    others.every(({ conversations }) => conversations.has(id)),
  );
  if (common.length > 0 || (mayBeNone && reference?.conversations.size !== 0)) return common;
  const sizes = runs.map(
    ({ source, conversations }) => `  - ${source}: ${[...conversations.keys()].join(', ') || 'none'}`,
  );
  throw new UserError(`no conversation was scored in all of these runs\n${sizes.join('\n')}`, {
    hint: 'evaluate them on the same conversations',
  });
}

/** Names of the models; where several have the same, numbers tell them apart. */
function labelsOf(runs: readonly ScoredRun[]): string[] {
  const names = runs.map(({ model, tolerances }) => `${model.name}${tolerances ? ' (baseline)' : ''}`);
  return names.map((name, i) => {
    const same = names.filter((other) => other === name).length;
    return same === 1 ? name : `${name} #${names.slice(0, i + 1).filter((other) => other === name).length}`;
  });
}

function describe(run: ScoredRun, label: string, runs: readonly ScoredRun[]): ComparedRun {
  const all = new Set(runs.flatMap(({ conversations }) => [...conversations.keys()]));
  return {
    label,
    source: run.source,
    model: run.model,
    operating_threshold: run.operatingThreshold,
    ...(run.intThreshold !== undefined && { int_threshold: run.intThreshold }),
    status: run.status,
    missing: [...all].filter((id) => !run.conversations.has(id)),
  };
}

function warningsOf(runs: readonly ScoredRun[], compared: readonly ComparedRun[], common: number): string[] {
  const warnings: string[] = [];
  for (const { label, missing, status } of compared) {
    if (status !== 'success') warnings.push(`${label}: the run is not whole: its status is '${status}'`);
    if (missing.length > 0) {
      warnings.push(`${label} has not scored ${listed(missing)}: only the ${common} that all runs have are compared`);
    }
  }
  if (common < MIN_CONVERSATIONS_FOR_VERDICT) {
    warnings.push(
      `${common} common conversation${common === 1 ? '' : 's'}: a verdict needs at least ${MIN_CONVERSATIONS_FOR_VERDICT}`,
    );
  }
  return [...warnings, ...thresholdWarnings(runs, compared)];
}

/** Thresholds of different models say nothing about each other; of one model they may have been meant to be the same. */
function thresholdWarnings([reference, ...others]: readonly ScoredRun[], compared: readonly ComparedRun[]): string[] {
  const pointOf = (run: ScoredRun | undefined) =>
    run?.operatingThreshold
      ? [run.operatingThreshold, ...[run.intThreshold ?? []].flat()].join(' / ')
      : 'bits of the model';
  return others.flatMap((run, i) => {
    if (run.model.name !== reference?.model.name || pointOf(run) === pointOf(reference)) return [];
    const [here, there] = [compared[i + 1]?.label, compared[0]?.label];
    return [`${here} is at another operating point (${pointOf(run)}) than ${there} (${pointOf(reference)})`];
  });
}

const SHOWN_IDS = 10;

function listed(ids: readonly string[]): string {
  const more = ids.length - SHOWN_IDS;
  const shown = ids.slice(0, SHOWN_IDS).join(', ');
  return `${ids.length === 1 ? 'conversation' : 'conversations'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

function scored(run: ScoredRun, id: string): ScoredConversation {
  const conversation = run.conversations.get(id);
  if (!conversation) throw new Error(`${run.source} has not scored conversation '${id}'`);
  return conversation;
}
