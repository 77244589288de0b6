// Ends runs with a signal at random moments, up to three times each, and lets the same command go on. Prints one row of
// the fault table per number of workers; exits with 1 when anything was lost, counted twice, or came out different, or
// when a run that was asked to end (SIGTERM) took longer than the 30 s that schedulers grant.
//
//   node test/faults/kill.mjs [--signal SIGKILL|SIGTERM] [--seeds 50] [--first 0] [--jobs 1,2]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  announced,
  laboratory,
  modelSource,
  randomNumbers,
  resultOf,
  rowsOf,
  runsIn,
  runToEnd,
  start,
  table,
  write,
  writeDataset,
} from './lab.mjs';

const { values } = parseArgs({
  options: {
    signal: { type: 'string', default: 'SIGKILL' },
    seeds: { type: 'string', default: '50' },
    first: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '1,2' },
  },
});
const GRACE_S = 30;
const folder = laboratory();
const CONVERSATIONS = 16;
writeDataset(
  join(folder, 'data'),
  Array.from({ length: CONVERSATIONS }, (_, i) => 2 + (i % 3)),
);
// Time in every pass, so that most moments of a run lie between two conversations.
write(join(folder, 'model.mjs'), modelSource({ onReset: 'await new Promise((go) => setTimeout(go, 20));' }));

const argumentsOf = (out, jobs) => ['eval', '-m', './model.mjs', '-d', 'data', '--tracks', '-j', jobs, '--out', out];

const rows = [];
for (const jobs of values.jobs.split(',')) {
  const whole = await runToEnd(folder, argumentsOf(`whole-${jobs}`, jobs));
  const expected = resultOf(runsIn(join(folder, `whole-${jobs}`))[0]);
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.first) + i);
  const sum = { kills: 0, lost: 0, twice: 0, different: 0, late: 0 };
  for (const seed of seeds) {
    const found = await killed(seed, jobs, whole.wallS, expected);
    for (const key of Object.keys(sum)) sum[key] += found[key];
  }
  rows.push([`${values.signal}, \`-j ${jobs}\``, seeds.length, ...Object.values(sum)]);
}
console.log(table(['fault', 'seeds', 'signals', 'lost', 'counted twice', 'other bytes', 'over 30 s'], rows));
if (rows.some(([, , , ...wrong]) => wrong.some((count) => count > 0))) process.exitCode = 1;

/** The report is what a run writes last. */
function isReported(out) {
  return existsSync(out) && runsIn(out).some((run) => existsSync(join(run, 'report.md')));
}

/** One run that is killed one to three times, and what came of it. */
async function killed(seed, jobs, wallS, expected) {
  const random = randomNumbers(seed);
  const out = `out-${jobs}-${seed}`;
  const wanted = 1 + Math.floor(3 * random());
  const said = [];
  let kills = 0;
  let late = 0;
  let ending;
  while (ending?.code !== 0) {
    const run = start(folder, argumentsOf(out, jobs));
    if (kills < wanted) {
      kills++;
      await Promise.race([sleep(1000 * wallS * random()), run.ended]);
      run.child.kill(values.signal);
      const slow = setTimeout(() => late++, 1000 * GRACE_S);
      run.ended.then(() => clearTimeout(slow));
    }
    ending = await run.ended;
    const { code, signal, stderr } = ending;
    // Before it listens to signals, a process ends by them.
    const isOver = code === 0 || signal === values.signal || (code === 130 && values.signal === 'SIGTERM');
    if (!isOver) throw new Error(`seed ${seed}: ended with ${code ?? signal}\n${stderr}`);
    said.push(...announced(ending.stderr));
    // Killed with everything written: the same command would rightly begin another run.
    if (isReported(join(folder, out))) break;
  }
  const runs = runsIn(join(folder, out));
  const ids = rowsOf(runs.at(-1)).map((row) => row.conversation_id);
  const found = {
    kills,
    // Said to be finished, and yet run again.
    lost: said.length - new Set(said).size,
    twice: ids.length - new Set(ids).size,
    different: Number(runs.length !== 1 || resultOf(runs.at(-1)) !== expected),
    late,
  };
  if (found.lost + found.twice + found.different + late > 0) {
    console.error(`seed ${seed}, -j ${jobs}: ${JSON.stringify(found)}, ${runs.length} run folders, said ${said}`);
  }
  return found;
}
