import { Command, Option } from 'commander';
import { DEFAULT_TOLERANCES } from '../compare/baseline.js';
import { compareRuns } from '../compare/compare.js';
import { METRIC_NAMES } from '../compare/metrics.js';
import type { ScoredRun } from '../compare/scored-run.js';
import { parseTolerances, type Tolerances } from '../compare/tolerance.js';
import { EXIT, UserError } from '../core/errors.js';
import { atomicWrite } from '../io/atomic-write.js';
import { renderComparison, renderComparisonMarkdown } from '../report/compare.js';
import { renderJunit } from '../report/junit.js';
import { readScoredRun } from '../run/scored-runs.js';
import { allPassed, tellGithub } from './gates.js';
import { collect, positiveInteger, printJson, withExamples, withOutputFlags } from './options.js';

interface CompareFlags {
  readonly gate?: boolean;
  readonly tolerance?: readonly string[];
  readonly junit?: string;
  readonly markdown?: boolean;
  readonly seed: number;
  readonly json?: boolean;
}

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('compare runs on the conversations that all of them have: differences, 95 % intervals, verdicts')
    .argument('<reference>', 'run folder or baseline file')
    .argument('<runs...>', 'run folders or baseline files to hold against it')
    .addOption(new Option('--gate', 'exit with 3 when a run is worse than its tolerances allow'))
    .addOption(
      new Option(
        '--tolerance <metric=x|x%>',
        'how much worse a gated metric may be: in its unit, or a share of the reference (repeatable)',
      ).argParser(collect),
    )
    .addOption(new Option('--junit <file>', 'write the gate as JUnit XML'))
    .addOption(new Option('--markdown', 'print Markdown').conflicts('json'))
    .addOption(
      new Option('--seed <n>', 'of the bootstrap').env('TURNBENCH_SEED').default(1).argParser(positiveInteger),
    );
  return withExamples(
    withOutputFlags(command),
    'turnbench compare results/…_silero-vad_… results/…_my-model_…',
    'turnbench compare baselines/mini/silero-vad.json results/… --gate --junit junit.xml',
    'turnbench compare A B --gate --tolerance eot_recall=0.01 --tolerance eot_latency_p50_ms=10%',
  ).action(compare);
}

async function compare(reference: string, others: readonly string[], flags: CompareFlags): Promise<void> {
  const stray = flags.gate ? undefined : (['tolerance', 'junit'] as const).find((name) => flags[name] !== undefined);
  if (stray) throw new UserError(`--${stray} belongs to a gate`, { hint: 'add --gate' });
  const asked = parseTolerances(flags.tolerance ?? [], METRIC_NAMES);
  const runs: ScoredRun[] = [];
  for (const path of [reference, ...others]) runs.push(await readScoredRun(path));
  const gate: Tolerances | null = flags.gate ? { ...(runs[0]?.tolerances ?? DEFAULT_TOLERANCES), ...asked } : null;
  const comparison = compareRuns(runs, { seed: flags.seed, gate });
  if (flags.junit !== undefined) await atomicWrite(flags.junit, renderJunit(comparison));
  if (flags.json) printJson(comparison);
  else process.stdout.write((flags.markdown ? renderComparisonMarkdown : renderComparison)(comparison));
  if (!flags.gate) return;
  await tellGithub([comparison]);
  if (!allPassed([comparison])) process.exitCode = EXIT.gate;
}
