/**
 * `turnbench bench` for the models whose weights are downloaded, at their published sizes with random weights: the tables
 * of components and whole answers, as Markdown. What sees is shown a test picture of 640 × 480, 25 frames per second,
 * when ffmpeg is installed.
 *
 * Times are processor time of the process, so that a busy machine disturbs less; that of ffmpeg is not in it. On a quiet
 * machine `--wall-clock` shows what a user waits.
 *
 * `npm run build && node bench/components.mjs [--wall-clock] [MODEL…] [FLAGS…]`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assembleMini } from '../dist/dataset/mini-assemble.js';
import { buildMimiEndpointer } from '../dist/models/mimi/build.js';
import { randomSmartTurn } from '../dist/models/smart-turn/random-network.js';
import { randomSmartTurnMultimodal } from '../dist/models/smart-turn/random-video-network.js';
import { writeGraph, writeMimiSources } from './random-models.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Of the bundled data set. */
const CONVERSATION = '1';

/** By name: writes the weights, answers the flags of `turnbench bench`. */
const MODELS = {
  'smart-turn-v3': (folder) => ['-o', `model=${writeGraph(join(folder, 'random-v3.onnx'), randomSmartTurn())}`],
  'smart-turn-multimodal': async (folder) => {
    const path = writeGraph(join(folder, 'random-multimodal.onnx'), randomSmartTurnMultimodal());
    return ['-o', `model=${path}`, '-d', await withVideo(folder), '--id', CONVERSATION];
  },
  'mimi-endpointer': async (folder) => {
    await buildMimiEndpointer(writeMimiSources(folder));
    return ['-o', `model=${folder}`];
  },
};

const args = process.argv.slice(2).filter((arg) => arg !== '--wall-clock');
const clock = process.argv.includes('--wall-clock') ? [] : ['--import', join(ROOT, 'bench/processor-clock.mjs')];
const firstFlag = args.findIndex((arg) => arg.startsWith('-'));
const flags = firstFlag < 0 ? [] : args.slice(firstFlag);
const asked = firstFlag < 0 ? args : args.slice(0, firstFlag);
const unknown = asked.filter((name) => !Object.hasOwn(MODELS, name));
if (unknown.length > 0) throw new Error(`no model ${unknown.join(', ')}; there are ${Object.keys(MODELS).join(', ')}`);
for (const name of asked.length > 0 ? asked : Object.keys(MODELS)) {
  const folder = mkdtempSync(join(tmpdir(), 'turnbench-components-'));
  try {
    const command = [join(ROOT, 'bin/turnbench.js'), 'bench', '-m', name, ...(await MODELS[name](folder)), '-q'];
    const { status } = spawnSync(process.execPath, [...clock, ...command, ...flags], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bundled data set, in which speaker 1 of one conversation is seen. */
async function withVideo(folder) {
  const dataset = join(folder, 'seen');
  await assembleMini(dataset);
  const file = join(dataset, CONVERSATION, 'speaker_1_video.mp4');
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x480:rate=25:duration=90', '-pix_fmt', 'yuv420p', file];
  const { status } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...picture], { stdio: 'inherit' });
  if (status !== 0) console.error('no video was made: is ffmpeg installed? measured without');
  return dataset;
}
