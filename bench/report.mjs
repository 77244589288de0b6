/**
 * A report page of 38 conversations of 12 minutes: how large the file is, how long writing it takes, and how long a
 * browser takes to show it and to judge every conversation at a new threshold.
 * `npm run build && node bench/report.mjs`
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { synthesize } from '../dist/dataset/synth.js';

const CONVERSATIONS = 38;
const MINUTES = 12;
const REPEATS = 5;
const BUDGET_MB = 25;
const BUDGET_MS = 2000;
/** Of `energy-vad`, which is quick to run and changes its mind more often than most: that is what takes room. */
const THRESHOLDS = [0.005, 0.01, 0.02];

const binary = fileURLToPath(new URL('../bin/turnbench.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'turnbench-bench-'));
const turnbench = (...args) =>
  execFileSync(process.execPath, [binary, ...args, '-q'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });

try {
  await synthesize(join(folder, 'data'), { conversations: CONVERSATIONS, minutes: MINUTES });
  for (const threshold of THRESHOLDS) {
    turnbench('eval', '-m', 'energy-vad', '-o', `threshold=${threshold}`, '-d', 'data', '--out', 'runs');
  }
  const runs = readdirSync(join(folder, 'runs')).map((name) => join('runs', name));
  for (const shown of [runs.slice(0, 1), runs]) {
    const started = performance.now();
    turnbench('report', ...shown, '-d', 'data', '--html', 'report.html');
    const seconds = (performance.now() - started) / 1000;
    const megabytes = statSync(join(folder, 'report.html')).size / 1e6;
    console.log(
      `runs in the page: ${shown.length}: ${megabytes.toFixed(1)} MB (budget ${BUDGET_MB}), written in ${seconds.toFixed(1)} s`,
    );
    await openRepeatedly(join(folder, 'report.html'));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function openRepeatedly(file) {
  const executablePath =
    process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  if (!executablePath) {
    console.log('  no browser found (CHROMIUM=… names one): not opened');
    return;
  }
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const measured = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) measured.push(await openOnce(browser, file));
  await browser.close();
  for (const [what, budget] of [
    ['first paint', ` (budget ${BUDGET_MS})`],
    ['everything judged', ''],
    ['a new threshold', ''],
  ]) {
    const ms = measured.map((times) => times[what]);
    console.log(`  ${what}: median ${median(ms).toFixed(0)} ms, worst ${Math.max(...ms).toFixed(0)} ms${budget}`);
  }
}

async function openOnce(browser, file) {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    document.addEventListener('turnbench:judged', () => {
      globalThis.judgedMs = performance.now();
    });
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => globalThis.judgedMs !== undefined);
  const times = await page.evaluate(async () => {
    const opened = globalThis.judgedMs;
    const slider = document.querySelector('#threshold');
    slider.value = '70';
    const moved = performance.now();
    slider.dispatchEvent(new Event('input'));
    while (globalThis.judgedMs === opened) await new Promise((resolve) => setTimeout(resolve, 1));
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return { paint: paint.startTime, opened, moved: globalThis.judgedMs - moved };
  });
  await page.close();
  return { 'first paint': times.paint, 'everything judged': times.opened, 'a new threshold': times.moved };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
