/**
 * Whether numbers of two runs mean the same: gold and scores are made of the same annotations by the same rules. The
 * model, its options and its threshold may differ; that is what is compared.
 */

import { throwIfProblems } from '../core/errors.js';
import type { ScoredRun } from './scored-run.js';

/** What a run has to tell of itself to be held against another. */
export type Comparable = Pick<ScoredRun, 'source' | 'dataset' | 'rules'>;

/** @throws UserError naming all that differs, and in which run. */
export function requireComparable(reference: Comparable, others: readonly Comparable[]): void {
  const problems = others.flatMap((other) =>
    differences(reference, other).map(
      ({ what, expected, found }) =>
        `${what}: ${expected} in the reference ${reference.source}, ${found} in ${other.source}`,
    ),
  );
  throwIfProblems(
    'these runs cannot be compared',
    problems,
    'evaluate both on the same data with the same version of turnbench; a baseline that is out of date is rewritten ' +
      'by `turnbench baselines update`',
  );
}

interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

function differences(reference: Comparable, other: Comparable): Difference[] {
  const facts = (run: Comparable) => ({
    // A folder may have any name: what is in it decides.
    'data revision': run.dataset.revision,
    'scorer version': String(run.rules.scorerVersion),
    'gold version': String(run.rules.goldVersion),
    'commit rule': run.rules.commitRule,
  });
  const found = Object.entries(facts(other));
  return Object.entries(facts(reference)).flatMap(([what, expected], i) => {
    const value = found[i]?.[1] ?? '';
    if (value === expected) return [];
    const named = (run: Comparable, text: string) =>
      what === 'data revision' ? `${text} (${run.dataset.name})` : text;
    return [{ what, expected: named(reference, expected), found: named(other, value) }];
  });
}
