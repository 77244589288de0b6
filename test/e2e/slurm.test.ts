import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2', '3'));
});

function slurm(out: string, ...more: readonly string[]) {
  return place.inside(['slurm', '-m', 'energy-vad', '-d', 'tiny', '--shards', '2', '--out', out, ...more]);
}

function fileOf(...names: readonly string[]): string {
  return readFileSync(join(place.folder, ...names), 'utf8');
}

/** A stand-in for sbatch that writes down how it is called. @param answer its source. */
function withSbatch(answer: string): Record<string, string> {
  writeTree(place.folder, { 'bin/sbatch': `#!/bin/sh\necho "$@" >>${place.folder}/called\n${answer}\n` });
  chmodSync(join(place.folder, 'bin/sbatch'), 0o755);
  rmSync(join(place.folder, 'called'), { force: true });
  return { PATH: `${join(place.folder, 'bin')}:${process.env['PATH']}` };
}

describe('slurm', () => {
  it('writes both scripts and says how to submit them', async () => {
    const flags = ['--cpus', '2', '--time', '30', '--sbatch=--account=me', '--', '--tracks', '--threshold', '0.4'];
    const { code, stdout } = await slurm('job', ...flags);
    expect(code).toBe(0);
    const array = fileOf('job', 'eval.sbatch');
    expect(array).toContain('#SBATCH --time=30\n#SBATCH --account=me\n');
    expect(array).toContain(
      'eval --model energy-vad --dataset tiny --jobs 2 --tracks --threshold 0.4 --shard "$shard/2"',
    );
    expect(fileOf('job', 'merge.sbatch')).toContain('merge "$out/shards" --out "$out"');
    expect(existsSync(join(place.folder, 'job', 'logs'))).toBe(true);
    expect(stdout).toContain(
      `array=$(sbatch --parsable ${place.folder}/job/eval.sbatch) && sbatch --dependency=afterany`,
    );
  });

  it('submits the merge after the array', async () => {
    const environment = withSbatch('case "$*" in *merge*) echo 8;; *) echo "7;east";; esac');
    const args = [
      'slurm',
      '-m',
      'energy-vad',
      '-d',
      'tiny',
      '--shards',
      '3',
      '--out',
      'submitted',
      '--submit',
      '--json',
    ];
    const { stdout } = await place.inside(args, environment);
    expect(JSON.parse(stdout)).toMatchObject({ jobs: { array: '7', merge: '8' } });
    const folder = join(place.folder, 'submitted');
    expect(fileOf('called')).toBe(
      `--parsable ${folder}/eval.sbatch\n--parsable --dependency=afterany:7 ${folder}/merge.sbatch\n`,
    );
  });

  it('says why nothing was submitted', async () => {
    const args = ['slurm', '-m', 'energy-vad', '-d', 'tiny', '--shards', '3', '--out', 'refused', '--submit'];
    const refused = await place.inside(args, withSbatch('echo "invalid partition" >&2; exit 1'));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('eval.sbatch: invalid partition\n') });
    const absent = await place.inside(args, { PATH: join(place.folder, 'nowhere') });
    expect(absent).toMatchObject({ code: 5, stderr: expect.stringContaining('there is no sbatch on this machine') });
  });

  it('leaves scripts that it would write otherwise as they are', async () => {
    await slurm('kept');
    expect((await slurm('kept')).code).toBe(0);
    const { code, stderr } = await slurm('kept', '--cpus', '3');
    expect([code, stderr]).toEqual([2, expect.stringContaining('eval.sbatch is there already')]);
  });

  it.each([
    [['--', '--thresold', '0.4'], "eval does not know '--thresold'"],
    [['--', '--ids', '1,9'], "conversation '9'"],
    [['--', '--threshold', '2'], 'must lie strictly between 0 and 1'],
    [['--', '--ids', '1'], '1 conversations cannot be divided into 2 shards'],
    [['--', '--out', 'x'], "'out' cannot be given after --"],
    [['--', '-o', 'no_such=1'], 'no_such'],
    [['--time', '1\n#SBATCH --uid=0'], 'has a line break'],
  ])('%j is refused before anything is written', async (more, message) => {
    const { code, stderr } = await slurm('bad', ...more);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(join(place.folder, 'bad'))).toBe(false);
  });
});
