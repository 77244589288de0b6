/** Names and labels come from data sets of strangers: in the page they are text, never markup. */

import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { onlyRun, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';
import { describeInBrowser } from './browser.js';

const ID = '<img src=x onerror=alert(1)>';
const SECOND_ID = '"><svg onload=alert(2)> & Söhne';
const TYPE = '</script><script>alert(3)</script><!-- <script>';
const NAME = '<b onmouseover=alert(4)>data</b>';

describeInBrowser('the page of a hostile data set', (open) => {
  const place = workplace();
  const file = join(place.folder, 'report.html');

  beforeAll(async () => {
    const data = join(place.folder, 'data');
    writeTree(data, {
      ...tinyDataset(ID, SECOND_ID),
      'dataset.json': { name: NAME, version: '1.0.0' },
      [`${ID}/metadata.json`]: { conversation_type: TYPE },
    });
    writeTree(place.folder, { 'loud.mjs': modelSource(LOUDNESS) });
    await place.inside(['eval', '-m', './loud.mjs', '-d', data, '--out', 'runs', '-q']);
    const run = onlyRun(join(place.folder, 'runs'));
    const { code } = await place.inside(['report', run.path, '--html', file, '-d', data, '--audio', 'embed', '-q']);
    expect(code).toBe(0);
  });

  it('executes nothing of it and shows all of it', async () => {
    const { page, troubles } = await open(file);
    expect(await page.locator('#conversation option').allTextContents()).toEqual(
      expect.arrayContaining([ID, SECOND_ID]),
    );
    expect(await page.locator('#tags .tag-value').allTextContents()).toContainEqual(expect.stringContaining(TYPE));
    expect(await page.locator('h1').textContent()).toContain(NAME);
    expect(await page.locator('img, main b, svg[onload]').count()).toBe(0);
    await page.selectOption('#error-kind', '');
    for (const index of [0, 1]) {
      await page.selectOption('#conversation', String(index));
      await page.hover('#timeline', { position: { x: 400, y: 60 } });
    }
    expect(troubles).toEqual([]);
  });

  it('plays the audio that was embedded', async () => {
    const { page, troubles } = await open(file);
    expect(await page.isVisible('#play')).toBe(true);
    await page.click('#play');
    await page.waitForFunction(() => document.querySelector('#play')?.textContent !== 'Play');
    expect(await page.textContent('#play')).toBe('Pause');
    expect(troubles.filter((trouble) => !trouble.startsWith('request: data:'))).toEqual([]);
  });
});

describeInBrowser('the page of a model that answers bits', (open) => {
  const place = workplace();

  it('shows its events and has no threshold to move', async () => {
    const data = join(place.folder, 'data');
    writeTree(data, tinyDataset('1', '2'));
    writeTree(place.folder, { 'bits.mjs': modelSource('return subject.some((x) => Math.abs(x) > 0.1) ? 1 : 0;') });
    await place.inside(['eval', '-m', './bits.mjs', '-d', data, '--out', 'runs', '-q', '--report', 'html']);
    const run = onlyRun(join(place.folder, 'runs'));
    const { page, troubles, judgedAfter } = await open(join(run.path, 'report.html'));
    expect(await page.isDisabled('#threshold')).toBe(true);
    const judged = await judgedAfter(() => page.check('input[name=model]', { force: true }).then(() => page.reload()));
    expect(judged.threshold).toBe(null);
    const [first] = JSON.parse(run.read('predictions.json')).predictions;
    expect(judged.events['1']![1]).toEqual({ eot: first.speaker_1.eot, int: first.speaker_1.interruption });
    expect(troubles).toEqual([]);
  });
});
