/** A real browser for the tests of the report page, where there is one. */

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executable = process.env['CHROMIUM'] ?? PLACES.find((path) => existsSync(path));

/** Left out, with a word, on a machine without a browser. */
export function describeInBrowser(title: string, body: (open: OpenPage) => void): void {
  if (executable === undefined) {
    process.stderr.write(`note: no browser found (CHROMIUM=… names one): left out: ${title}\n`);
  }
  describe.skipIf(executable === undefined)(title, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: executable!,
        headless: true,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      });
    });
    afterAll(() => browser?.close());
    body((file) => openPage(browser, file));
  });
}

export type OpenPage = (file: string) => Promise<OpenedPage>;

export interface OpenedPage {
  readonly page: Page;
  /** Console errors, uncaught exceptions and requests that leave the page, as they happen. */
  readonly troubles: readonly string[];
  /** Do something after which the page judges all conversations again, and see what it committed. */
  judgedAfter(action: () => Promise<unknown>): Promise<JudgedEvents>;
}

export interface JudgedEvents {
  readonly run: number;
  readonly threshold: number | null;
  readonly events: Readonly<
    Record<string, Readonly<Record<1 | 2, { eot: readonly number[]; int: readonly number[] }>>>
  >;
}

async function openPage(browser: Browser, file: string): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const troubles: string[] = [];
  const judged: JudgedEvents[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`exception: ${error.message}`));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== address) troubles.push(`request: ${request.url()}`);
  });
  await page.exposeFunction('onJudged', (detail: JudgedEvents) => judged.push(detail));
  await page.addInitScript(() => {
    document.addEventListener('turnbench:judged', (event) => {
      (window as unknown as { onJudged(detail: unknown): void }).onJudged((event as CustomEvent).detail);
    });
  });
  const judgedAfter = async (action: () => Promise<unknown>) => {
    const before = judged.length;
    await action();
    const deadline = Date.now() + 20_000;
    while (judged.length === before) {
      if (Date.now() > deadline) throw new Error(`the page did not judge: ${troubles.join('; ')}`);
      await page.waitForTimeout(10);
    }
    return judged.at(-1)!;
  };
  await judgedAfter(() => page.goto(address));
  return { page, troubles, judgedAfter };
}
