// All benchmarks, one after the other, each in a process of its own. `npm run bench [NAME …]` after `npm run build`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ALL = [
  'harness',
  'audio',
  'score',
  'sweep',
  'policy',
  'eval',
  'features',
  'mimi',
  'scale',
  'components',
  'coverage',
  'bridge',
  'report',
];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !ALL.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${ALL.join(', ')}`);
  process.exitCode = 2;
} else {
  for (const name of wanted.length > 0 ? wanted : ALL) {
    console.log(`\n== ${name}`);
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
