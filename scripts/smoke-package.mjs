// The package as a user gets it: pack, install into an empty folder, run the main job there without any file of this
// checkout. Usage: node scripts/smoke-package.mjs FOLDER
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? 'package-smoke');
const npm = (args, cwd) => execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });

mkdirSync(folder, { recursive: true });
npm(['pack', '--pack-destination', folder, '--ignore-scripts'], process.cwd());
const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
// Users set the same variable, or have no need to: only CUDA binaries are skipped.
process.env.ONNXRUNTIME_NODE_INSTALL = 'skip';
npm(['install', '--no-audit', '--no-fund', `./${archive}`], folder);
const output = execFileSync('npx', ['--no-install', 'turnbench', 'eval', '--json', '--quiet'], {
  cwd: folder,
  encoding: 'utf8',
});
const { runs } = JSON.parse(output);
if (runs.length !== 3 || runs.some((run) => run.status !== 'success')) throw new Error('the packed main job failed');
console.log(`packed as ${archive}; eval ran ${runs.map((run) => run.spec.model.name).join(', ')}`);
