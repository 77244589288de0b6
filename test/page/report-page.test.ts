/** The page in a browser: what it shows is what the command line says, at every threshold. */

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { milliseconds, rate } from '../../src/report/numbers.js';
import type { RunHeader } from '../../src/result/schema.js';
import { onlyRun, type RunFiles, runFolders, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource } from '../helpers/tiny-world.js';
import { describeInBrowser, type JudgedEvents } from './browser.js';

/** The first and the last that can be chosen, some between, the one of the run. */
const THRESHOLDS = [0.01, 0.23, 0.5, 0.77, 0.99];

describeInBrowser('the report page of two runs on the bundled data', (open) => {
  const place = workplace();
  const file = join(place.folder, 'report.html');
  const atThreshold = new Map<number, RunFiles>();
  let runs: readonly RunFiles[];

  beforeAll(async () => {
    writeTree(place.folder, { 'loud.mjs': modelSource(LOUDNESS) });
    await place.inside(['eval', '-m', 'energy-vad', '-m', './loud.mjs', '-n', '2', '--out', 'runs', '-q']);
    runs = runFolders(join(place.folder, 'runs'));
    for (const threshold of THRESHOLDS) {
      const out = `at-${threshold}`;
      const evaluation = ['eval', '-m', 'energy-vad', '-n', '2', '--threshold', String(threshold), '--out', out, '-q'];
      await place.inside(evaluation);
      atThreshold.set(threshold, onlyRun(join(place.folder, out)));
    }
    const { code, stderr } = await place.inside(['report', ...runs.map(({ path }) => path), '--html', file, '-q']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('shows the numbers of run.json, without an error and without a request', async () => {
    const { page, troubles } = await open(file);
    const cells = await page.locator('#summary tbody tr:first-child .value').allTextContents();
    const expected = runs.flatMap(({ header: { totals } }) => [
      rate(totals!.eot.recall),
      rate(totals!.eot.fp_rate),
      ...(['p10', 'p50', 'p90'] as const).map((p) => milliseconds(totals!.eot.latency_ms[p])),
      rate(totals!.floor.accuracy),
      rate(totals!.endpoint.cutoff_rate),
    ]);
    expect(cells).toEqual(expected);
    expect(await totalsIn(page)).toEqual(totalsOf(runs[0]!.header));
    expect(await page.locator('#figures svg').count()).toBeGreaterThan(5);
    expect(troubles).toEqual([]);
  });

  it('commits at every threshold what the command line commits there', async () => {
    const { page, judgedAfter } = await open(file);
    for (const threshold of THRESHOLDS) {
      const run = atThreshold.get(threshold)!;
      const judged = await judgedAfter(() => slideTo(page, threshold));
      expect(judged.threshold).toBe(threshold);
      expect(asPredictions(judged)).toEqual(JSON.parse(run.read('predictions.json')).predictions);
      expect(await totalsIn(page)).toEqual(totalsOf(run.header));
      const { eot, int } = run.header.totals!;
      const misses = eot.fn + int.fn;
      const counted = `${misses} ${misses === 1 ? 'miss' : 'misses'}, `;
      expect(await page.locator('#error-count').textContent()).toContain(counted);
    }
  });

  it('goes back to the threshold of the run, and to another model', async () => {
    const { page, judgedAfter } = await open(file);
    await judgedAfter(() => slideTo(page, 0.9));
    const back = await judgedAfter(() => page.click('#threshold-reset'));
    expect(asPredictions(back)).toEqual(JSON.parse(runs[0]!.read('predictions.json')).predictions);
    const other = await judgedAfter(() => page.check('input[name=model][value="1"]', { force: true }));
    expect(asPredictions(other)).toEqual(JSON.parse(runs[1]!.read('predictions.json')).predictions);
    expect(await totalsIn(page)).toEqual(totalsOf(runs[1]!.header));
  });

  it('moves the timeline to a false positive that is clicked', async () => {
    const { page } = await open(file);
    await page.selectOption('#error-kind', 'fp');
    const row = page.locator('#error-table tbody tr').nth(7);
    const [conversation, time] = [await row.locator('.id').textContent(), await row.locator('a').textContent()];
    await row.locator('a').click();
    await expectInSight(page, conversation!, secondsOf(time!));
    expect(await page.locator('#spoken').textContent()).toContain('False positive');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('timeline');
    const box = (await page.locator('#timeline').boundingBox())!;
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.y + box.height).toBeLessThanOrEqual(900);
  });

  it('sorts and filters the errors', async () => {
    const { page } = await open(file);
    const wrong = async () => (await page.locator('#error-table td:nth-child(6)').allTextContents()).map(Number);
    const worstFirst = await wrong();
    expect(worstFirst).toEqual([...worstFirst].sort((a, b) => b - a));
    await page.click('button[data-sort=wrong]');
    const mildestFirst = await wrong();
    expect(mildestFirst).toEqual([...mildestFirst].sort((a, b) => a - b));
    expect(await page.locator('th[aria-sort=ascending]').textContent()).toContain('Wrong for');
    await page.selectOption('#error-task', 'int');
    const { int } = runs[0]!.header.totals!;
    expect(await page.locator('#error-table tbody tr').count()).toBe(int.fp + int.fn);
  });

  it('is moved and zoomed by wheel, buttons and keys', async () => {
    const { page } = await open(file);
    const seen = () => page.locator('#position').textContent();
    const start = await seen();
    await page.click('#zoom-in');
    await page.waitForFunction((before) => document.querySelector('#position')?.textContent !== before, start);
    const zoomed = await seen();
    await page.focus('#timeline');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((before) => document.querySelector('#position')?.textContent !== before, zoomed);
    await page.keyboard.press('0');
    await page.waitForFunction(() => document.querySelector('#position')?.textContent?.startsWith('0:00.0 – 1:'));
    const whole = await seen();
    await page.hover('#timeline', { position: { x: 600, y: 200 } });
    await page.mouse.wheel(0, -400);
    await page.waitForFunction((before) => document.querySelector('#position')?.textContent !== before, whole);
    await page.keyboard.press('n');
    expect(await page.locator('#spoken').textContent()).toMatch(/^(Miss|False positive) of speaker [12] at/);
  });

  it('says what is under the pointer', async () => {
    const { page } = await open(file);
    await page.locator('#timeline').scrollIntoViewIfNeeded();
    await page.hover('#timeline', { position: { x: 500, y: 150 } });
    const tooltip = await page.locator('#tooltip').textContent();
    expect(tooltip).toMatch(/^0:\d\d\.\d\d · speaker 1\nP\(floor\) .* · floor [01]$/);
  });

  it('is light or dark as the reader wants, and light on paper', async () => {
    const { page } = await open(file);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.click('#theme');
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.click('#theme');
    expect(await background()).toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).toBe(light);
    await page.evaluate(() => document.documentElement.removeAttribute('data-theme'));
    expect(await background()).toBe(dark);
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(27, 31, 36)');
    expect(await page.isVisible('nav')).toBe(false);
  });

  it('gives every control and every table a name', async () => {
    const { page } = await open(file);
    const nameless = await page.evaluate(() => {
      const named = (element: Element) =>
        (element.textContent ?? '').trim() !== '' ||
        element.hasAttribute('aria-label') ||
        ((element as HTMLInputElement).labels?.length ?? 0) > 0;
      const controls = [...document.querySelectorAll('button, select, input, a')].filter((element) => !named(element));
      const regions = [...document.querySelectorAll('[role=region]')].filter(
        (element) => !element.hasAttribute('aria-label') && !element.hasAttribute('aria-labelledby'),
      );
      const headers = [...document.querySelectorAll('th')].filter((element) => !element.hasAttribute('scope'));
      return [...controls, ...regions, ...headers].map((element) => element.outerHTML);
    });
    expect(nameless).toEqual([]);
  });

  it('may not reach the network, whatever is tried', async () => {
    const { page } = await open(file);
    const blocked = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => false,
        () => true,
      ),
    );
    const policy = await page.getAttribute('meta[http-equiv=Content-Security-Policy]', 'content');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('connect-src');
    expect(blocked).toBe(true);
  });
});

async function slideTo(page: Page, threshold: number): Promise<void> {
  await page.evaluate((wanted) => {
    const slider = document.querySelector<HTMLInputElement>('#threshold')!;
    for (let i = 0; i <= Number(slider.max); i++) {
      slider.value = String(i);
      slider.dispatchEvent(new Event('input'));
      if (Number(document.querySelector('#threshold-value')!.textContent) === wanted) return;
    }
    throw new Error(`the slider does not reach ${wanted}`);
  }, threshold);
}

/** As `predictions.json` has them. */
function asPredictions({ events }: JudgedEvents): unknown[] {
  const speaker = ({ eot, int }: { eot: readonly number[]; int: readonly number[] }) => ({ eot, interruption: int });
  return Object.entries(events).map(([id, of]) => ({
    conversation_id: id,
    speaker_1: speaker(of[1]),
    speaker_2: speaker(of[2]),
  }));
}

async function totalsIn(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('#totals [data-total]')].map((cell) => [
        cell.dataset['total']!,
        `${cell.querySelector('.value')?.textContent} ${cell.querySelector('small')?.textContent}`.trim(),
      ]),
    ),
  );
}

function totalsOf({ totals }: RunHeader): Record<string, string> {
  const { eot, int, floor, endpoint } = totals!;
  return {
    'eot-recall': `${rate(eot.recall)} ${eot.tp} of ${eot.tp + eot.fn}`,
    'eot-fp-rate': `${rate(eot.fp_rate)} ${eot.fp} of ${eot.fp + eot.tn}`,
    'eot-p50': `${milliseconds(eot.latency_ms.p50)} ms`,
    'int-recall': `${rate(int.recall)} ${int.tp} of ${int.tp + int.fn}`,
    'int-fp-rate': `${rate(int.fp_rate)} ${int.fp} of ${int.fp + int.tn}`,
    'int-p50': `${milliseconds(int.latency_ms.p50)} ms`,
    'floor-accuracy': rate(floor.accuracy),
    'cutoff-rate': `${rate(endpoint.cutoff_rate)} ${endpoint.cut_offs} of ${endpoint.anchors}`,
  };
}

async function expectInSight(page: Page, conversation: string, timeS: number): Promise<void> {
  await page.waitForFunction(
    (id) => document.querySelector('#timeline')?.getAttribute('aria-label')?.startsWith(`Conversation ${id},`),
    conversation,
  );
  const label = await page.getAttribute('#timeline', 'aria-label');
  const [, from, to] = /, ([\d:.]+) to ([\d:.]+) of/.exec(label!)!;
  expect(secondsOf(from!)).toBeLessThanOrEqual(timeS);
  expect(secondsOf(to!)).toBeGreaterThanOrEqual(timeS);
  expect(secondsOf(to!) - secondsOf(from!)).toBeLessThan(20);
}

function secondsOf(clock: string): number {
  const [minutes, seconds] = clock.split(':').map(Number);
  return minutes! * 60 + seconds!;
}
