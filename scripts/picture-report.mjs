// Pictures of a report page for the documents, as a browser shows it.
// Usage: node scripts/picture-report.mjs REPORT.html FOLDER
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [report, folder] = process.argv.slice(2);
const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 1140 }, deviceScaleFactor: 1 });
await page.goto(pathToFileURL(resolve(report)).href);
await page.locator('#error-table tbody tr').first().waitFor();
await page.screenshot({ path: join(folder, 'report.png') });

await page.setViewportSize({ width: 1280, height: 1000 });
await page.locator('input[name=model]').last().check({ force: true });
for (let error = 0; error < 3; error++) await page.locator('#next-error').click();
await page.evaluate(() => {
  document.querySelector('.top').style.display = 'none';
});
await page.waitForTimeout(300);
await page.locator('#timelines .panel').screenshot({ path: join(folder, 'timeline.png') });
await browser.close();
