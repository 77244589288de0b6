/** `turnbench report --html` as a newcomer uses it, and with what a newcomer gets wrong. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onlyRun, type RunFiles, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

describe('the report page', () => {
  const place = workplace();
  let run: RunFiles;

  beforeAll(async () => {
    writeTree(join(place.folder, 'data'), tinyDataset('1', '2'));
    writeTree(join(place.folder, 'other'), tinyDataset('1', '3'));
    writeTree(place.folder, { 'loud.mjs': modelSource(LOUDNESS) });
    const evaluation = ['eval', '-m', './loud.mjs', '-q', '--report', 'html'];
    const { code } = await place.inside([...evaluation, '-d', 'data', '--out', 'runs']);
    expect(code).toBe(0);
    await place.inside([...evaluation, '-d', 'other', '--out', 'others']);
    run = onlyRun(join(place.folder, 'runs'));
  });

  const report = (...args: string[]) => place.inside(['report', run.path, '-q', ...args]);
  const read = (file: string) => readFileSync(join(place.folder, file), 'utf8');

  it('is written by eval into the run folder, and the same again, to the byte, from the run', async () => {
    const { code, stdout } = await report('--html', 'made/page.html', '-d', 'data');
    expect(code).toBe(0);
    expect(stdout).toBe('saved  made/page.html\n');
    expect(read('made/page.html')).toBe(run.read('report.html'));
  });

  it('says where it was saved as one JSON document', async () => {
    const { stdout } = await report('--html', 'page.html', '-d', 'data', '--json');
    expect(JSON.parse(stdout)).toEqual({ html: 'page.html', md: null, figures: [] });
  });

  it('can do without the data set', async () => {
    const { code } = await report('--html', 'tables.html', '--no-timelines');
    expect(code).toBe(0);
    expect(read('tables.html')).toContain('id="summary"');
    expect(read('tables.html')).not.toContain('id="timeline"');
  });

  it('links the audio from where the page lies', async () => {
    await report('--html', 'deep/er/page.html', '-d', 'data', '--audio', 'link');
    const [, text] = /id="tb-audio-0">(.*?)</.exec(read('deep/er/page.html'))!;
    const links: string[] = JSON.parse(text!);
    expect(links).toEqual(['../../data/1/speaker_1_audio.wav', '../../data/1/speaker_2_audio.wav']);
    expect(links.every((link) => existsSync(join(place.folder, 'deep/er', link)))).toBe(true);
  });

  it('names the run and the conversation whose answers are damaged', async () => {
    const rows = run.read('conversations.jsonl').replace('"speaker_1":"', '"speaker_1":"AAAA');
    const path = writeTree(join(place.folder, 'damaged'), {
      'run.json': run.read('run.json'),
      'conversations.jsonl': rows,
    });
    const { code, stderr } = await place.inside(['report', path, '--html', 'x.html', '-d', 'data', '-q']);
    expect(code).toBe(2);
    expect(stderr).toContain('damaged, conversation 1: the floor levels');
  });

  it.each([
    ['a folder that is no run', ['report', 'data', '--html', 'x.html'], 'no run.json', 'turnbench eval'],
    ['nothing to write', ['report', 'RUN'], 'nothing to write', '--html <file>'],
    ['a data set that no name leads to', ['report', 'RUN', '--html', 'x.html'], "'tiny'", 'with -d'],
    ['another data set', ['report', 'RUN', '--html', 'x.html', '-d', 'other'], 'not on tiny', 'with -d'],
    [
      'runs on different data',
      ['report', 'RUN', 'OTHER', '--html', 'x.html', '-d', 'data'],
      'different data revisions',
      'one page of each',
    ],
    [
      'audio without timelines',
      ['report', 'RUN', '--html', 'x.html', '--no-timelines', '--audio', 'embed'],
      '--no-timelines',
      '',
    ],
    ['a kind of report that does not exist', ['eval', '--report', 'pdf'], "no report 'pdf': html", ''],
    ['a place that cannot be written', ['report', 'RUN', '--html', 'loud.mjs/x.html', '-d', 'data'], 'loud.mjs', ''],
  ])('refuses %s', async (_, args, message, hint) => {
    const other = onlyRun(join(place.folder, 'others')).path;
    const named = args.map((arg) => (arg === 'RUN' ? run.path : arg === 'OTHER' ? other : arg));
    const { code, stdout, stderr } = await place.inside(named);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(existsSync(join(place.folder, 'x.html'))).toBe(false);
  });
});
