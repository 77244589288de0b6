import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { Command } from 'commander';
import { EXIT, messageOf, UserError } from '../core/errors.js';
import { datasetFolder } from '../dataset/catalogue.js';
import { cacheFolder } from '../io/cache.js';
import { pythonInterpreter } from '../models/bridge/python.js';
import { loadModel } from '../models/catalogue.js';
import { runtimeInfo } from '../onnx/session.js';
import { packageVersion } from '../result/environment.js';
import { decoderVersion } from '../video/programs.js';
import { DEFAULT_DATASET, printJson, withExamples, withOutputFlags } from './options.js';

/** `missing`: not there, and not needed by most. */
type State = 'ok' | 'missing' | 'failed';

interface Finding {
  readonly check: string;
  readonly state: State;
  readonly found: string;
  /** What to do about it. */
  readonly hint?: string;
}

const MARKS: Record<State, string> = { ok: '✓', missing: '–', failed: '✗' };

export function doctorCommand(): Command {
  const command = withOutputFlags(new Command('doctor').description('check what turnbench needs on this machine'));
  return withExamples(command, 'turnbench doctor', 'turnbench doctor --json')
    .addHelpText('after', '\nExit code 5 when something that is needed is missing.')
    .action(async (flags: { json?: boolean }) => {
      const findings = await examine();
      if (flags.json) printJson(findings);
      else for (const finding of findings) process.stdout.write(line(finding));
      if (findings.some(({ state }) => state === 'failed')) process.exitCode = EXIT.prerequisite;
    });
}

async function examine(): Promise<Finding[]> {
  return [
    { check: 'turnbench', state: 'ok', found: packageVersion() },
    nodeVersion(),
    { check: 'machine', state: 'ok', found: `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB` },
    await attempt('onnxruntime', async () => {
      const { version, provider } = await runtimeInfo();
      return `${version}, ${provider}`;
    }),
    await attempt('Silero VAD weights', async () => {
      const model = await loadModel('silero-vad');
      await model.close?.();
      return `${model.weights?.[0]?.file}, hash as pinned`;
    }),
    { check: 'Python', state: 'ok', found: python() },
    await attempt('cache folder', async () => cache()),
    await attempt('ffmpeg (only for video)', decoderVersion, 'missing'),
    await attempt('bundled data set', () => datasetFolder(DEFAULT_DATASET)),
  ];
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isSupported = major > 20 || (major === 20 && minor >= 19);
  return {
    check: 'Node',
    state: isSupported ? 'ok' : 'failed',
    found: process.versions.node,
    ...(isSupported ? {} : { hint: 'install Node 20.19 or later' }),
  };
}

/** For people: nothing but Python models wants it. */
function python(): string {
  const { program, chosenBy } = pythonInterpreter(undefined, process.cwd());
  const code = "import sys, numpy; print(sys.version.split()[0], 'with numpy', numpy.__version__)";
  const { status, stdout } = spawnSync(program, ['-c', code], { encoding: 'utf8', timeout: 20_000 });
  const found = status === 0 ? stdout.trim() : 'none with numpy';
  return `${found} (${program}, ${chosenBy}; for models in Python only)`;
}

function cache(): string {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  accessSync(folder, constants.W_OK);
  const { bavail, bsize } = statfsSync(folder);
  return `${folder}, ${((bavail * bsize) / 2 ** 30).toFixed(1)} GB free`;
}

async function attempt(check: string, examineIt: () => Promise<string>, otherwise: State = 'failed'): Promise<Finding> {
  try {
    return { check, state: 'ok', found: await examineIt() };
  } catch (error) {
    const hint = error instanceof UserError ? error.hint : undefined;
    return { check, state: otherwise, found: messageOf(error), ...(hint === undefined ? {} : { hint }) };
  }
}

function line({ check, state, found, hint }: Finding): string {
  return `${MARKS[state]} ${check}: ${found}\n${hint === undefined ? '' : `  → ${hint}\n`}`;
}
