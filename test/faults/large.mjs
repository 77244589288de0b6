// Data sets that are large in number and in length: ten thousand conversations of a second, and one of ten hours.
// Prints time and peak memory of the whole run, and how both grow from a tenth of it.
//
//   node test/faults/large.mjs thousands|hours [--share 1] [--jobs 1,2]
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { headerOf, laboratory, modelSource, rowsOf, runsIn, runToEnd, table, write, writeDataset } from './lab.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { share: { type: 'string', default: '1' }, jobs: { type: 'string', default: '1,2' } },
});
const KINDS = {
  thousands: (share) => new Array(Math.round(10_000 * share)).fill(1.02),
  hours: (share) => [36_000 * share],
};
const lengths = KINDS[positionals[0]];
if (!lengths) throw new Error(`name one of ${Object.keys(KINDS).join(', ')}`);

const folder = laboratory();
write(join(folder, 'model.mjs'), modelSource());
const rows = [];
for (const share of [Number(values.share) / 10, Number(values.share)]) {
  const lengthsS = lengths(share);
  const data = join(folder, `data-${share}`);
  writeDataset(data, lengthsS);
  for (const jobs of values.jobs.split(',')) rows.push(await measured(data, lengthsS, `out-${share}-${jobs}`, jobs));
  rmSync(data, { recursive: true });
}
const headings = ['conversations', 'audio, h', 'workers', 'wall, s', 'peak memory, MB', 'resume when finished, s'];
console.log(table(headings, rows));

async function measured(data, lengthsS, out, jobs) {
  const args = ['eval', '-m', './model.mjs', '-d', data, '-j', jobs, '-q', '--out', out];
  const timed = '/usr/bin/time -f "peak %M" "$@"';
  const { code, stderr, wallS } = await runToEnd(folder, args, { shell: timed });
  if (code !== 0) throw new Error(`${code}\n${stderr}`);
  const [run] = runsIn(join(folder, out));
  requireRight(run, lengthsS);
  const again = await runToEnd(folder, ['eval', '--resume', run, '-q']);
  if (again.code !== 0) throw new Error(`resume: ${again.code}\n${again.stderr}`);
  const peakMb = Number(/peak (\d+)/.exec(stderr)?.[1]) / 1000;
  const hours = lengthsS.reduce((sum, s) => sum + s, 0) / 3600;
  return [lengthsS.length, hours.toFixed(1), jobs, wallS.toFixed(1), peakMb.toFixed(0), again.wallS.toFixed(1)];
}

/** Every conversation once, and the ends of all turns found: the model hears every one of them. */
function requireRight(run, lengthsS) {
  const { totals } = headerOf(run);
  const rowIds = new Set(rowsOf(run).map((row) => row.conversation_id));
  const turns = lengthsS.reduce((sum, s) => sum + Math.floor(s), 0);
  const found = { conversations: totals.conversations, rows: rowIds.size, ends: totals.eot.tp + totals.eot.fn };
  const wanted = { conversations: lengthsS.length, rows: lengthsS.length, ends: turns };
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
  }
}
