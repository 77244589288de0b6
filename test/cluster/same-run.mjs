/** Are two run folders the same to the byte, but for times, the names of the runs and the machine? Prints every file. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TIMES = /^(timing|wall_s|environment|run|started_at|finished_at)$/;
/** Of the times and the command, which a report repeats. */
const TIMED_LINES = /^(- compute: |- started | {4}turnbench ).*$/gm;

const [a, b] = process.argv.slice(2);
const names = [...new Set([...filesOf(a), ...filesOf(b)])].sort();
let same = true;
for (const name of names) {
  const [one, other] = [contentOf(a, name), contentOf(b, name)];
  const equal = one !== undefined && one === other;
  same &&= equal;
  console.log(`  ${equal ? 'same' : 'DIFFERENT'}  ${name} (${one?.length ?? 'none'} characters)`);
}
process.exitCode = same && names.length > 0 ? 0 : 1;

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function contentOf(folder, name) {
  let text;
  try {
    text = readFileSync(join(folder, name), 'latin1');
  } catch {
    return undefined;
  }
  if (name === 'run.json') return JSON.stringify(JSON.parse(text), withoutTimes);
  if (name === 'conversations.jsonl') {
    return text.replace(/.+/g, (line) => JSON.stringify(JSON.parse(line), withoutTimes));
  }
  return name === 'report.md' ? text.replace(TIMED_LINES, '') : text;
}

function withoutTimes(key, value) {
  return TIMES.test(key) ? undefined : value;
}
