/** How well scores tell ends of turn from pauses, whatever the threshold. Diagnostics: models are not ranked by them. */

export interface Scored {
  readonly score: number;
  /** True of an end of turn. */
  readonly positive: boolean;
}

/** P(an end of turn is scored higher than a pause), ties half. Undefined unless there are both. */
export function rocAuc(scored: readonly Scored[]): number | undefined {
  let [below, ordered, positives] = [0, 0, 0];
  for (const { pos, neg } of levels(scored).reverse()) {
    ordered += pos * (below + neg / 2);
    below += neg;
    positives += pos;
  }
  return positives === 0 || below === 0 ? undefined : ordered / (positives * below);
}

/** Precision averaged over recall, from the highest score down, ties together. Undefined without an end of turn. */
export function averagePrecision(scored: readonly Scored[]): number | undefined {
  const positives = scored.filter(({ positive }) => positive).length;
  let [tp, fp, sum] = [0, 0, 0];
  for (const { pos, neg } of levels(scored)) {
    tp += pos;
    fp += neg;
    sum += (pos / positives) * (tp / (tp + fp));
  }
  return positives === 0 ? undefined : sum;
}

/** Counts per distinct score, highest first. */
function levels(scored: readonly Scored[]): { pos: number; neg: number }[] {
  const ordered = [...scored].sort((a, b) => b.score - a.score);
  const counts: { pos: number; neg: number }[] = [];
  for (const [i, { score, positive }] of ordered.entries()) {
    if (i === 0 || ordered[i - 1]!.score !== score) counts.push({ pos: 0, neg: 0 });
    counts.at(-1)![positive ? 'pos' : 'neg'] += 1;
  }
  return counts;
}
