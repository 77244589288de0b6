// Runs into a disk that is full: a small file system in memory of growing size takes the run folder, the run fails, the
// disk is enlarged, the same command goes on. Needs the right to mount (root, Linux). Prints one row of the fault table.
//
//   node test/faults/full-disk.mjs [--sizes 20]
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  announced,
  laboratory,
  modelSource,
  resultOf,
  rowsOf,
  runsIn,
  runToEnd,
  table,
  write,
  writeDataset,
} from './lab.mjs';

const { values } = parseArgs({ options: { sizes: { type: 'string', default: '20' } } });
const folder = laboratory();
const disk = join(folder, 'disk');
mkdirSync(disk);
process.on('exit', () => unmount());
writeDataset(join(folder, 'data'), [2, 3, 4, 2, 3, 4, 2, 3]);
write(join(folder, 'model.mjs'), modelSource());

const evaluate = (out, jobs) =>
  runToEnd(folder, ['eval', '-m', './model.mjs', '-d', 'data', '--tracks', '-j', jobs, '--out', out]);

await evaluate('whole', '1');
const expected = resultOf(runsIn(join(folder, 'whole'))[0]);
const sum = { failed: 0, lost: 0, twice: 0, different: 0 };
const codes = new Set();
for (let i = 0; i < Number(values.sizes); i++) {
  const jobs = String(1 + (i % 2));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${4096 * (1 + 3 * i)}`, 'tmpfs', disk]);
  const out = join(disk, 'out');
  const first = await evaluate(out, jobs);
  if (first.code !== 0) sum.failed++;
  codes.add(first.code);
  if (/ {4}at /.test(first.stderr)) throw new Error(`a stack instead of a message:\n${first.stderr}`);
  execFileSync('mount', ['-o', 'remount,size=64m', disk]);
  const second = await evaluate(out, jobs);
  if (second.code !== 0) throw new Error(`it did not go on: ${second.code}\n${second.stderr}`);
  const runs = runsIn(out);
  const ids = rowsOf(runs.at(-1)).map((row) => row.conversation_id);
  const said = [...announced(first.stderr), ...announced(second.stderr)];
  const found = {
    lost: said.length - new Set(said).size,
    twice: ids.length - new Set(ids).size,
    different: Number(runs.length !== 1 || resultOf(runs.at(-1)) !== expected),
  };
  for (const key of Object.keys(found)) sum[key] += found[key];
  if (found.lost + found.twice + found.different > 0) {
    console.error(
      `${4 * (1 + 3 * i)} KiB: ${JSON.stringify(found)}; ${readdirSync(out)}\n${first.stderr}${second.stderr}`,
    );
  }
  unmount();
}
const exits = [...codes].sort().join(', ');
console.log(
  table(
    ['fault', 'sizes', 'runs that failed', 'exit codes', 'lost', 'counted twice', 'other bytes'],
    [['full disk', values.sizes, sum.failed, exits, sum.lost, sum.twice, sum.different]],
  ),
);
if (sum.failed === 0 || sum.lost + sum.twice + sum.different > 0) process.exitCode = 1;

function unmount() {
  try {
    execFileSync('umount', [disk], { stdio: 'ignore' });
  } catch {
    // Not mounted.
  }
}
