/** The report page of one run or several, as a file. */

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '../core/conversation.js';
import { EXIT, UserError } from '../core/errors.js';
import type { Portrait } from '../core/portrait.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { sha256Text } from '../io/hash.js';
import { type PageAssets, reportDocument } from '../report/html/document.js';
import type { StoredRun } from '../result/run-folder.js';
import { embeddedAudio, linkedAudio, requireEmbeddable } from '../run/report-audio.js';
import { portraitsOf, requireComparable, requireSameData } from '../run/report-data.js';
import { createProgress } from './progress.js';

export interface HtmlReport {
  readonly file: string;
  readonly runs: readonly StoredRun[];
  /** For the timelines; null = none. */
  readonly dataset: Dataset | null;
  readonly audio?: PageAudio | undefined;
  readonly quiet: boolean;
}

/** How audio gets into the page; absent = not at all. Links need to know the folder of the data set. */
export type PageAudio = { readonly kind: 'embed' } | { readonly kind: 'link'; readonly folder: string };

/** @throws UserError when the runs do not belong together or to the data set, or the file cannot be written. */
export async function writeHtmlReport(report: HtmlReport): Promise<void> {
  const { file, runs, dataset } = report;
  requireComparable(runs);
  const assets = await pageAssets();
  const portraits = dataset === null ? [] : await drawPortraits(report, dataset);
  await makeFolder(dirname(file));
  await atomicWrite(file, reportDocument({ runs, portraits, assets }));
}

async function drawPortraits({ file, runs, audio, quiet }: HtmlReport, dataset: Dataset): Promise<Portrait[]> {
  for (const run of runs) requireSameData(run, dataset);
  const totalS = await secondsOf(dataset, runs);
  if (audio?.kind === 'embed') requireEmbeddable(totalS);
  const progress = createProgress('reading audio', 2 * totalS, quiet);
  let doneS = 0;
  return portraitsOf(runs, dataset, {
    ...(audio?.kind === 'embed' && { audioOf: embeddedAudio }),
    ...(audio?.kind === 'link' && {
      audioOf: ({ id }) => linkedAudio(resolve(audio.folder), dirname(resolve(file)), id),
    }),
    onConversation: (durationS) => {
      doneS += durationS;
      progress.advance(2 * doneS);
    },
  }).finally(progress.stop);
}

async function secondsOf(dataset: Dataset, runs: readonly StoredRun[]): Promise<number> {
  const ids = new Set(runs.flatMap(({ rows }) => rows.map((row) => row.conversation_id)));
  let totalS = 0;
  for (const id of dataset.ids) if (ids.has(id)) totalS += (await dataset.open(id)).durationS;
  return totalS;
}

/** What the build has put into `assets`, at the same depth below the package root from `src/cli` and `dist/cli`. */
async function pageAssets(): Promise<PageAssets> {
  const [script, style] = await Promise.all(['page.js', 'page.css'].map(readAsset));
  const sha256 = Buffer.from(sha256Text(script!), 'hex').toString('base64');
  return { script: script!, style: style!, scriptSha256: sha256 };
}

async function readAsset(name: string): Promise<string> {
  const path = fileURLToPath(new URL(`../../assets/${name}`, import.meta.url));
  return readFile(path, 'utf8').catch((cause) => {
    throw new UserError(`assets/${name} of the report page is missing`, {
      hint: "in a checkout run 'npm run build', elsewhere reinstall turnbench",
      exitCode: EXIT.prerequisite,
      cause,
    });
  });
}
