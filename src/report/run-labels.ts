/** What runs are called where several stand side by side: as short as tells them apart. */

import type { RunHeader } from '../result/schema.js';

/**
 * The model; where two runs share it, also its options; where they share these too, also its data set, and at last the
 * run itself.
 * @returns one label per run, in order, all different.
 */
export function runLabels(runs: readonly RunHeader[]): string[] {
  const models = runs.map(({ spec }) => spec.model.name);
  const withOptions = refine(models, (i) =>
    Object.entries(runs[i]!.spec.model.options)
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  );
  const withData = refine(withOptions, (i) => `on ${runs[i]!.spec.dataset.name} ${runs[i]!.spec.dataset.version}`);
  const withRun = refine(withData, (i) => runs[i]!.run);
  return refine(withRun, (i) => `(${i + 1})`);
}

function refine(labels: readonly string[], more: (index: number) => string): string[] {
  return labels.map((label, i) =>
    labels.indexOf(label) === labels.lastIndexOf(label) ? label : `${label} ${more(i)}`.trimEnd(),
  );
}
