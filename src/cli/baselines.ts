import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Baseline, baselineOf, DEFAULT_TOLERANCES } from '../compare/baseline.js';
import { changeOf } from '../compare/baseline-change.js';
import { METRIC_NAMES } from '../compare/metrics.js';
import { parseTolerances, type Tolerances } from '../compare/tolerance.js';
import { UserError } from '../core/errors.js';
import { renderBaselineChange } from '../report/baseline-change.js';
import { baselinePath, readBaseline, readScoredRun, writeBaseline } from '../run/scored-runs.js';
import { collect, printJson, withExamples, withOutputFlags } from './options.js';

interface UpdateFlags {
  readonly folder: string;
  readonly tolerance?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function baselinesCommand(): Command {
  const baselines = new Command('baselines').description(
    'what models are expected to score, for gates to hold against',
  );
  const update = baselines
    .command('update')
    .description('make runs the new baselines of their models: show what changes, then write')
    .argument('<runs...>', 'whole runs, one per model')
    .addOption(new Option('--folder <folder>', 'where <dataset>/<model>.json goes').default('baselines'))
    .addOption(
      new Option(
        '--tolerance <metric=x|x%>',
        'set what a gate allows (repeatable; default: as it was, or the built-in ones)',
      ).argParser(collect),
    )
    .addOption(new Option('--dry-run', 'show what would change, and write nothing'));
  withExamples(
    withOutputFlags(update),
    'turnbench baselines update results/…_my-model_… --dry-run',
    'turnbench baselines update results/…_my-model_… --tolerance eot_latency_p50_ms=10%',
  ).action(runUpdate);
  return withExamples(baselines, 'turnbench baselines update results/…_my-model_…');
}

async function runUpdate(paths: readonly string[], flags: UpdateFlags): Promise<void> {
  const asked = parseTolerances(flags.tolerance ?? [], METRIC_NAMES);
  const next = new Map<string, Baseline>();
  const changes = [];
  for (const path of paths) {
    const run = await readScoredRun(path);
    const file = baselinePath(flags.folder, run.dataset.name, run.model.name);
    if (next.has(file)) {
      throw new UserError(`two of these runs would become ${file}`, { hint: 'name one run per model and data set' });
    }
    const { baseline: before, tolerances } = await oldBaseline(file);
    const after = baselineOf(run, { ...tolerances, ...asked });
    next.set(file, after);
    changes.push(changeOf(file, before, after));
  }
  if (!flags.json) process.stdout.write(changes.map(renderBaselineChange).join('\n'));
  if (!flags.dryRun) for (const [file, baseline] of next) await writeBaseline(file, baseline);
  if (flags.json) printJson({ written: !flags.dryRun, changes });
}

async function oldBaseline(file: string): Promise<{ baseline: Baseline | null; tolerances: Tolerances }> {
  if (!existsSync(file)) return { baseline: null, tolerances: DEFAULT_TOLERANCES };
  const run = await readBaseline(file);
  const tolerances = run.tolerances ?? DEFAULT_TOLERANCES;
  return { baseline: baselineOf(run, tolerances), tolerances };
}
