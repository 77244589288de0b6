/** The report page of one run or several, as a file. */

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '../core/conversation.js';
import { EXIT, UserError } from '../core/errors.js';
import type { Portrait } from '../core/portrait.js';
import { datasetFolder, openDataset } from '../dataset/catalogue.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { sha256Text } from '../io/hash.js';
import { type PageAssets, reportDocument } from '../report/html/document.js';
import type { StoredRun } from '../result/run-folder.js';
import { embeddedAudio, linkedAudio, requireEmbeddable } from '../run/report-audio.js';
import { portraitsOf, requireComparable, requireSameData } from '../run/report-data.js';
import { createProgress } from './progress.js';

/** How audio gets into a page: in the page itself, or from the files of the data set. */
export type AudioChoice = 'embed' | 'link';

/** A data set and what a user calls it. */
export interface NamedDataset {
  readonly name: string;
  readonly dataset: Dataset;
}

export interface HtmlReport {
  readonly file: string;
  readonly runs: readonly StoredRun[];
  /** For the timelines; null = none. */
  readonly data: NamedDataset | null;
  readonly audio?: AudioChoice | undefined;
  readonly quiet: boolean;
}

/** @throws UserError when the runs do not belong together or to the data set, or the file cannot be written. */
export async function writeHtmlReport(report: HtmlReport): Promise<void> {
  const { file, runs, data } = report;
  requireComparable(runs);
  const assets = await pageAssets();
  const portraits = data === null ? [] : await drawPortraits(report, data);
  await makeFolder(dirname(file));
  await atomicWrite(file, reportDocument({ runs, portraits, assets }));
}

/**
 * The data set behind runs.
 * @param named by the user, several where runs are on several; undefined = as the first run names it.
 * @throws UserError when none of them is at hand.
 */
export async function dataOfRuns(runs: readonly StoredRun[], named?: readonly string[]): Promise<NamedDataset> {
  const [{ path, header }] = runs as [StoredRun];
  const { name, revision } = header.spec.dataset;
  if (named === undefined) {
    const dataset = await openDataset(name).catch((cause) => {
      throw new UserError(`the data set '${name}' of ${path} is not at hand`, { hint: NAME_IT, cause });
    });
    return { name, dataset };
  }
  const opened: NamedDataset[] = [];
  for (const one of named) opened.push({ name: one, dataset: await openDataset(one) });
  return opened.find(({ dataset }) => dataset.info.revision === revision) ?? opened[0]!;
}

const NAME_IT = 'name its folder with -d, or leave the timelines out with --no-timelines';

async function drawPortraits({ file, runs, audio, quiet }: HtmlReport, data: NamedDataset): Promise<Portrait[]> {
  const { dataset } = data;
  for (const run of runs) requireSameData(run, dataset);
  const totalS = await secondsOf(dataset, runs);
  if (audio === 'embed') requireEmbeddable(totalS);
  const folder = audio === 'link' ? resolve(await datasetFolder(data.name)) : '';
  const progress = createProgress('reading audio', 2 * totalS, quiet);
  let doneS = 0;
  return portraitsOf(runs, dataset, {
    ...(audio === 'embed' && { audioOf: embeddedAudio }),
    ...(audio === 'link' && { audioOf: ({ id }) => linkedAudio(folder, dirname(resolve(file)), id) }),
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
