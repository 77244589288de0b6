/** What a run is asked to do: flags, then TURNBENCH_* variables, then the config file, then defaults. */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runFolders, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
const CONFIGS = ['turnbench.config.json', 'turnbench.config.yaml'];

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2', '3'));
});

afterEach(() => {
  for (const name of CONFIGS) rmSync(join(place.folder, name), { force: true });
});

interface Plan {
  readonly model: { readonly name: string; readonly options: object };
  readonly dataset: { readonly name: string; readonly ids: readonly string[] };
  readonly threshold: number | null;
  readonly int_threshold?: number;
  readonly sweep_thresholds: readonly number[] | null;
  readonly seed: number;
}

async function planned(args: readonly string[], environment = {}): Promise<Plan[]> {
  const { code, stdout, stderr } = await place.inside(['eval', '--dry-run', '--json', ...args], environment);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout).plans;
}

async function plannedOne(args: readonly string[], environment = {}): Promise<Plan> {
  return (await planned(['-d', 'tiny', ...args], environment))[0]!;
}

async function refused(args: readonly string[], environment = {}): Promise<string> {
  const { code, stdout, stderr } = await place.inside(['eval', '--dry-run', ...args], environment);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).not.toContain('    at ');
  return stderr;
}

describe('a dry run', () => {
  it('says what would run and runs nothing', async () => {
    const { code, stdout, stderr } = await place.inside(['eval', '--dry-run', '-d', 'tiny', '-n', '1']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^energy-vad on tiny 1\.0\.0 \([0-9a-f]{12}\): 1 conversation, 19 thresholds\n/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(existsSync(join(place.folder, 'results'))).toBe(false);
  });
});

describe('an operating point per task', () => {
  it('may stand in the config file, and gives way to a threshold of the command line or of a variable', async () => {
    writeTree(place.folder, { 'turnbench.config.json': { 'operating-point': 'eot=0.2,int=0.8', threshold: 0.4 } });
    const pointOf = ({ threshold, int_threshold }: Plan) => [threshold, int_threshold];
    expect(pointOf(await plannedOne(['-m', 'random']))).toEqual([0.2, 0.8]);
    expect(pointOf(await plannedOne(['-m', 'random', '--threshold', '0.6']))).toEqual([0.6, undefined]);
    expect(pointOf(await plannedOne(['-m', 'random'], { TURNBENCH_THRESHOLD: '0.7' }))).toEqual([0.7, undefined]);
    const given = ['-m', 'random', '--operating-point', 'eot=0.1,int=0.9'];
    expect(pointOf(await plannedOne(given))).toEqual([0.1, 0.9]);
  });
});

describe('the choice of conversations', () => {
  it('is by id, by tag and by number', async () => {
    const ids = async (...args: string[]) => (await plannedOne(['-m', 'never', ...args])).dataset.ids;
    expect(await ids('--ids', '3,1')).toEqual(['1', '3']);
    expect(await ids('--where', 'conversation_type=odd')).toEqual(['1', '3']);
    expect(await ids('--where', 'conversation_type=odd', '-n', '1')).toEqual(['1']);
    expect(await ids('--ids', '2,3', '--where', 'conversation_type=odd')).toEqual(['3']);
  });

  it('says what there is when nothing fits', async () => {
    const tiny = ['-d', 'tiny', '-m', 'never'];
    expect(await refused([...tiny, '--ids', '4'])).toBe("error: unknown conversation '4'\nhint: available: 1, 2, 3\n");
    expect(await refused([...tiny, '--where', 'conversation_type=old'])).toContain(
      'values of conversation_type: even, odd',
    );
    expect(await refused([...tiny, '--where', 'conversation_typ=odd'])).toContain("did you mean 'conversation_type'?");
    expect(await refused([...tiny, '--where', 'odd'])).toContain("'odd' is not tag=value");
  });
});

describe('thresholds', () => {
  it('are the uniform grid unless an operating point or a grid is asked for', async () => {
    const uniform = Array.from({ length: 19 }, (_, k) => (5 + 5 * k) / 100);
    const of = async (...args: string[]) => {
      const { threshold, sweep_thresholds } = await plannedOne(['-m', 'energy-vad', ...args]);
      return [threshold, sweep_thresholds];
    };
    expect(await of()).toEqual([0.5, uniform]);
    expect(await of('--sweep')).toEqual([0.5, uniform]);
    expect(await of('--no-sweep')).toEqual([0.5, null]);
    expect(await of('--threshold', '0.3')).toEqual([0.3, null]);
    expect(await of('--threshold', '0.3', '--sweep', '0.9,0.1')).toEqual([0.3, [0.1, 0.9]]);
  });

  it('lie between 0 and 1, whatever says them', async () => {
    const rule = 'must lie strictly between 0 and 1';
    for (const threshold of ['0', '1', 'half']) {
      expect(await refused([`--threshold=${threshold}`])).toContain(rule);
    }
    expect(await refused([], { TURNBENCH_THRESHOLD: '7' })).toMatch(
      /'7' from env 'TURNBENCH_THRESHOLD' .*between 0 and 1/,
    );
    for (const grid of ['0:1:0.1', '0.5,1']) {
      expect(await refused(['-d', 'tiny', '--sweep', grid])).toContain(
        'hint: write low:high:step, like 0.05:0.95:0.05',
      );
    }
  });
});

describe('a setting', () => {
  it('comes from the flag, then the variable, then the config file, then the default', async () => {
    const variables = { TURNBENCH_SEED: '22', TURNBENCH_MODEL: 'always', TURNBENCH_DATASET: 'tiny' };
    const seedAndModel = async (args: string[], environment = {}) => {
      const [plan] = await planned(args, environment);
      return [plan!.seed, plan!.model.name, plan!.dataset.name];
    };
    writeTree(place.folder, { 'turnbench.config.json': { seed: 33, model: ['random'], dataset: './tiny' } });
    expect(await seedAndModel(['--seed', '11', '-m', 'never'], variables)).toEqual([11, 'never', 'tiny']);
    expect(await seedAndModel([], variables)).toEqual([22, 'always', 'tiny']);
    expect(await seedAndModel([])).toEqual([33, 'random', 'tiny']);
    rmSync(join(place.folder, 'turnbench.config.json'));
    expect(await seedAndModel([])).toEqual([1, 'energy-vad', 'mini']);
  });

  it('may be YAML, a list, a number or a switch, and may belong to another command', async () => {
    const yaml = 'model: [never, always]\nids: ["2", "3"]\nsweep: false\nfp_budget: 0.2\ncuts: 3\n';
    writeTree(place.folder, { 'turnbench.config.yaml': yaml });
    const plans = await planned(['-d', 'tiny']);
    expect(plans.map(({ model }) => model.name)).toEqual(['never', 'always']);
    expect(plans[0]).toMatchObject({ dataset: { ids: ['2', '3'] }, sweep_thresholds: null });
  });

  it('sends the results where the config file says', async () => {
    writeTree(place.folder, { 'turnbench.config.json': { out: 7, quiet: true, model: 'never', dataset: 'tiny' } });
    expect(await place.inside(['eval'])).toMatchObject({ code: 0, stderr: '' });
    expect(runFolders(join(place.folder, '7'))).toHaveLength(1);
  });

  it.each([
    ['{"treshold": 0.3}', "unknown key 'treshold': did you mean 'threshold'?"],
    ['{"threshold": 7}', "'threshold' must lie strictly between 0 and 1"],
    ['{"threshold": true}', "'threshold' must be a text or a number"],
    ['{"json": "yes"}', "'json' must be true or false"],
    ['{"model": {"name": "never"}}', "'model' must be a text or a number, or a list of them"],
    ['[1]', 'expected an object of flag names and values'],
    ['{"model": ', 'line 1'],
  ])('in a broken config file is refused with the name of the file: %s', async (content, message) => {
    writeTree(place.folder, { 'turnbench.config.json': content });
    const stderr = await refused(['-d', 'tiny']);
    expect(stderr).toMatch(/^error: .*turnbench\.config\.json: /);
    expect(stderr).toContain(message);
  });
});

describe('what nobody knows', () => {
  it.each([
    [['foo'], "unknown command 'foo'"],
    [['evl'], '(Did you mean eval?)'],
    [['eval', '--treshold', '0.3'], '(Did you mean --threshold?)'],
    [
      ['eval', '-d', 'minni'],
      "unknown data set 'minni': did you mean 'mini'?\nhint: available: eot-bench, mini, turnbench-dev",
    ],
    [['eval', '-d', './minni'], 'no such data-set folder: ./minni'],
    [
      ['eval', '-m', 'silero-vd', '-d', 'tiny'],
      "unknown model 'silero-vd': did you mean 'silero-vad'?\nhint: available: ",
    ],
    [['eval', '-m', './nope.mjs', '-d', 'tiny'], 'model module ./nope.mjs does not exist'],
    [
      ['eval', '-m', 'energy-vad', '-o', 'treshold=0.1', '-d', 'tiny'],
      "unknown option 'treshold': did you mean 'threshold'?",
    ],
    [['eval', '-m', 'energy-vad', '-o', 'threshold=7', '-d', 'tiny'], "'threshold' must be a number > 0 and < 1"],
    [['eval', '-m', 'energy-vad', '-o', 'threshold', '-d', 'tiny'], "'threshold' is not of the form key=value"],
    [['eval', '-o', 'threshold=0.1', '-d', 'tiny'], '-o belongs to one model, but several are to run'],
    [['eval', '-m', 'oracle', '-o', 'x=1', '-d', 'tiny'], "'oracle' has no options"],
    [['eval', '-m', 'oracle', '--threshold', '0.2', '-d', 'tiny'], "'oracle' has no threshold to set or sweep"],
    [['eval', '-n', '0'], 'must be a whole number of at least 1'],
    [['eval', '--step-deadline', '0'], 'must be a number above 0'],
    [
      ['sweep', 'probs-eot.json', '--thresholds', '0.5', '--quantiles', '9'],
      "cannot be used with option '--thresholds",
    ],
    [['models', 'info', 'silero'], "unknown model 'silero'"],
    [['schema', 'runs'], 'Allowed choices are run, conversation, comparison, baseline'],
    [['score'], "missing required argument 'predictions.json|run'"],
    [['score', 'nope.json'], 'cannot read nope.json: no such file or folder'],
  ])('is refused with what was meant: %j', async (args, message) => {
    const { code, stdout, stderr } = await place.inside(args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toContain('    at ');
  });
});
