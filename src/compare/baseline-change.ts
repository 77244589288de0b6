/** What rewriting a baseline changes, for those who decide whether it should. */

import type { Baseline } from './baseline.js';
import { METRICS } from './metrics.js';
import type { ComparedMetric } from './schema.js';
import { toleranceText } from './tolerance.js';

export interface BaselineChange {
  readonly file: string;
  readonly kind: 'new' | 'changed' | 'same';
  /** Model, data, rules and tolerances, as texts; null where there was or is none. */
  readonly facts: readonly Change<string>[];
  readonly scores: readonly (Change<number> & Pick<ComparedMetric, 'unit'>)[];
  /** Ids. */
  readonly conversations: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
}

interface Change<T> {
  readonly name: string;
  readonly before: T | null;
  readonly after: T | null;
}

/** @param before null where there is no such file yet. */
export function changeOf(file: string, before: Baseline | null, after: Baseline): BaselineChange {
  const [old, next] = [factsOf(before), factsOf(after)];
  const facts = [...new Set([...old.keys(), ...next.keys()])].flatMap((name) =>
    changed({ name, before: old.get(name) ?? null, after: next.get(name) ?? null }),
  );
  const scores = METRICS.flatMap(({ name, unit }) =>
    changed({ name, before: before?.scores[name] ?? null, after: after.scores[name] ?? null }).map((change) => ({
      ...change,
      unit,
    })),
  );
  const conversations = conversationChanges(before, after);
  const isSame = [facts, scores, ...Object.values(conversations)].every((list) => list.length === 0);
  return { file, kind: before === null ? 'new' : isSame ? 'same' : 'changed', facts, scores, conversations };
}

function changed<T>(change: Change<T>): Change<T>[] {
  return change.before === change.after ? [] : [change];
}

function factsOf(baseline: Baseline | null): ReadonlyMap<string, string> {
  if (baseline === null) return new Map();
  const { model, dataset, operating_threshold: theta, tolerances } = baseline;
  return new Map<string, string>([
    ['model', model.name],
    ['input sample rate', String(model.input_sample_rate_hz ?? 'none')],
    ...Object.entries(model.options).map(([key, value]) => [`option ${key}`, String(value)] as const),
    ...(model.code_sha256 ? ([['code', model.code_sha256]] as const) : []),
    ...model.weights.map(({ file, sha256 }) => [`weights ${file}`, sha256] as const),
    ['data', `${dataset.name} ${dataset.version} (${dataset.revision})`],
    ['operating point', theta === null ? 'bits of the model' : String(theta)],
    ...(baseline.int_threshold === undefined ? [] : ([['INT threshold', String(baseline.int_threshold)]] as const)),
    ['scorer version', String(baseline.scorer_version)],
    ['gold version', String(baseline.gold_version)],
    ['commit rule', baseline.commit_rule],
    ...Object.entries(tolerances).flatMap(([name, tolerance]) =>
      tolerance ? [[`tolerance ${name}`, toleranceText(tolerance)] as const] : [],
    ),
  ]);
}

function conversationChanges(before: Baseline | null, after: Baseline): BaselineChange['conversations'] {
  const textsOf = (baseline: Baseline | null) =>
    new Map(baseline?.conversations.map((each) => [each.conversation_id, JSON.stringify(each)]));
  const [old, next] = [textsOf(before), textsOf(after)];
  return {
    added: [...next.keys()].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !next.has(id)),
    changed: [...next].filter(([id, text]) => old.has(id) && old.get(id) !== text).map(([id]) => id),
  };
}
