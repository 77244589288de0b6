/** `eval --baseline`, and where the outcome of a gate goes besides the terminal. */

import { appendFile } from 'node:fs/promises';
import { DEFAULT_TOLERANCES } from '../compare/baseline.js';
import { compareRuns } from '../compare/compare.js';
import type { Comparison } from '../compare/schema.js';
import type { ScoredRun } from '../compare/scored-run.js';
import { messageOf, UserError } from '../core/errors.js';
import { renderAnnotations } from '../report/annotations.js';
import { renderComparisonMarkdown } from '../report/compare.js';
import { renderJunit } from '../report/junit.js';
import type { FinishedRun } from '../run/evaluate.js';
import type { EvaluationPlan } from '../run/plan.js';
import { baselineFor, readScoredRun } from '../run/scored-runs.js';

/**
 * The baseline of each plan, found and checked before anything runs.
 * @param path a baseline file for one model, or a folder with `<dataset>/<model>.json` for any number.
 */
export async function baselinesFor(path: string, plans: readonly EvaluationPlan[]): Promise<ScoredRun[]> {
  const baselines: ScoredRun[] = [];
  for (const { spec } of plans) baselines.push(await baselineFor(path, spec));
  if (new Set(baselines.map(({ source }) => source)).size < plans.length) {
    throw new UserError(`${path} is the baseline of one model, but several are to run`, {
      hint: 'name the folder that holds <dataset>/<model>.json',
    });
  }
  return baselines;
}

/** Hold finished runs against their baselines, and leave `junit.xml` and `comparison.md` in their folders. */
export async function gateRuns(
  runs: readonly FinishedRun[],
  baselines: readonly ScoredRun[],
  seed: number,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const [i, { folder, header }] of runs.entries()) {
    const baseline = baselines[i];
    if (!baseline || header.status === 'interrupted') continue;
    const gate = baseline.tolerances ?? DEFAULT_TOLERANCES;
    const comparison = compareRuns([baseline, await readScoredRun(folder.path)], { seed, gate });
    await folder.write('junit.xml', renderJunit(comparison));
    await folder.write('comparison.md', renderComparisonMarkdown(comparison));
    comparisons.push(comparison);
  }
  await tellGithub(comparisons);
  return comparisons;
}

/** Did every run pass? */
export function allPassed(comparisons: readonly Comparison[]): boolean {
  return comparisons.every((each) => each.comparisons.every(({ gate }) => gate?.passed ?? true));
}

/**
 * In a job of GitHub Actions: annotations, on stderr because stdout is the product, and the Markdown in the summary of
 * the job. A summary that cannot be written is no reason to fail.
 */
export async function tellGithub(comparisons: readonly Comparison[]): Promise<void> {
  const { GITHUB_ACTIONS: inActions, GITHUB_STEP_SUMMARY: summary } = process.env;
  if (inActions !== 'true') return;
  process.stderr.write(comparisons.map(renderAnnotations).join(''));
  if (!summary) return;
  try {
    await appendFile(summary, `${comparisons.map(renderComparisonMarkdown).join('\n')}\n`);
  } catch (error) {
    process.stderr.write(`warning: the job summary cannot be written: ${messageOf(error)}\n`);
  }
}
