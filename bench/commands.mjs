// Whole commands on generated data, each in processes of its own that say what they have used.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder to work in, which `close` removes. */
export function openBench() {
  const cli = fileURLToPath(new URL('../bin/turnbench.js', import.meta.url));
  const work = mkdtempSync(join(tmpdir(), 'turnbench-bench-'));
  const preload = writePreload(work);
  let runs = 0;
  return { cli, work, run, synth, close: () => rmSync(work, { recursive: true, force: true }) };

  /**
   * Node with these arguments, until it has ended: wall and processor seconds, peak memory of the largest process, and
   * the shares of the native code of onnxruntime in the processes that call it.
   */
  function run(args) {
    const usage = join(work, `usage-${runs++}`);
    mkdirSync(usage);
    const env = { ...process.env, NODE_OPTIONS: `--require ${preload}`, TURNBENCH_USAGE: usage };
    const startMs = performance.now();
    execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    const wallS = (performance.now() - startMs) / 1000;
    const processes = readdirSync(usage).map((file) => JSON.parse(readFileSync(join(usage, file), 'utf8')));
    const sum = (number) => processes.reduce((total, one) => total + number(one), 0);
    const inferring = processes.filter(({ runtime }) => runtime.wallS > 0);
    const processorS = sum(({ processorS }) => processorS);
    return {
      wallS,
      processorS,
      shareOfWall: sum(({ runtime }) => runtime.wallS) / wallS / Math.max(1, inferring.length),
      shareOfProcessor: sum(({ runtime }) => runtime.processorS) / processorS,
      peakMb: Math.max(...processes.map(({ peakMb }) => peakMb)),
    };
  }

  /** @returns a data set, made once per name. */
  function synth(name, conversations, minutes) {
    const folder = join(work, name);
    const size = ['--conversations', String(conversations), '--minutes', String(minutes)];
    if (!existsSync(folder)) execFileSync(process.execPath, [cli, 'datasets', 'synth', folder, '--quiet', ...size]);
    return folder;
  }
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/**
 * Every process writes what it has used when it ends. Time in onnxruntime is taken around the native call itself:
 * `InferenceSession.run` of its Node package also waits for a turn of the event loop.
 */
function writePreload(work) {
  const path = join(work, 'preload.cjs');
  writeFileSync(
    path,
    `
    const Module = require('node:module');
    const { writeFileSync } = require('node:fs');
    const { isMainThread } = require('node:worker_threads');
    const runtime = { wallS: 0, processorS: 0 };
    if (isMainThread) {
      const load = Module._load;
      Module._load = function (request, parent, ...rest) {
        const loaded = load.call(this, request, parent, ...rest);
        if (loaded?.binding?.InferenceSession) {
          Module._load = load;
          // Methods of native classes cannot be replaced.
          class InferenceSession extends loaded.binding.InferenceSession {
            run(...args) {
              const startMs = performance.now();
              const before = process.cpuUsage();
              const answer = super.run(...args);
              const { user, system } = process.cpuUsage(before);
              runtime.wallS += (performance.now() - startMs) / 1000;
              runtime.processorS += (user + system) / 1e6;
              return answer;
            }
          }
          loaded.binding = { ...loaded.binding, InferenceSession };
        }
        return loaded;
      };
      process.on('exit', () => {
        const { user, system } = process.cpuUsage();
        const used = {
          processorS: (user + system) / 1e6,
          runtime,
          peakMb: process.resourceUsage().maxRSS / 1024,
        };
        writeFileSync(process.env.TURNBENCH_USAGE + '/' + process.pid + '.json', JSON.stringify(used));
      });
    }`,
  );
  return path;
}
