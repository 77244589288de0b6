/** Downloading a data set of the hub as a whole: its shards, or the files of its conversations' folders. */

import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { EXIT, UserError } from '../core/errors.js';
import { atomicWrite, makeFolder } from '../io/atomic-write.js';
import { remoteRanges } from '../io/byte-ranges.js';
import { cacheFolder } from '../io/cache.js';
import { sha256File } from '../io/hash.js';
import type { Environment } from '../io/hub-access.js';
import type { HubDataset, HubDatasetFile } from '../io/hub-datasets.js';
import { commitFolder, fetchWhole, type HubPlace, listFiles, remoteOf, wholeFile } from './hub-cache.js';
import { parseHubName, withoutAlias } from './hub-name.js';

/** Marks a folder in which every file is. */
export const PULLED_FILE = '.pulled';

export interface PullOptions {
  readonly environment?: Environment;
  readonly signal?: AbortSignal;
  /** Read files that are there again and compare them with their checksums. */
  readonly verify?: boolean;
  /** Told once what is to be fetched, bytes. */
  onStart?(dataset: HubDataset, files: number, bytes: number): void;
  /** Bytes of all files that are there. */
  onProgress?(bytes: number): void;
}

export interface Pulled {
  readonly dataset: HubDataset;
  /** Where the files are. */
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/** Files fetched at a time; large ones use several connections each. */
const AT_ONCE = 4;

/**
 * Fetch every file of a data set that is not there yet. An interrupted download goes on where it stopped.
 * @param name alias or `hf:owner/name[/folder][@revision]`
 * @throws UserError (exit code 5) when the hub refuses, a file is not what was announced, or there is no space.
 */
export async function pullHub(name: string, options: PullOptions = {}): Promise<Pulled> {
  const { environment = process.env, signal } = options;
  const wanted = parseHubName(withoutAlias(name));
  const place = { cacheFolder: cacheFolder(environment), environment };
  const dataset = await listFiles({ ...wanted, ...place });
  const files = neededFiles(dataset, wanted.folder);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  options.onStart?.(dataset, files.length, bytes);
  const arrived = new Map<string, number>();
  let total = 0;
  const advance = (path: string, count: number) => {
    total += count - (arrived.get(path) ?? 0);
    arrived.set(path, count);
    options.onProgress?.(total);
  };
  const waiting = [...files];
  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const { path } = file;
      signal?.throwIfAborted();
      try {
        if (options.verify) await requireIntact(place, dataset, file);
        await fetchFile(place, dataset, file, { signal, onProgress: (count) => advance(path, count) });
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
      advance(path, file.bytes);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const failure = ended.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
  const folder = commitFolder(place, dataset);
  if (wanted.folder === '') await atomicWrite(join(folder, PULLED_FILE), '');
  return { dataset, folder, files: files.length, bytes };
}

/** Its shards; without any, the files of its conversations, mono audio rather than the same once more in stereo. */
function neededFiles({ files, repository }: HubDataset, folder: string): HubDatasetFile[] {
  const below = files.filter(({ path }) => folder === '' || path.startsWith(`${folder}/`));
  const shards = below.filter(({ path }) => path.endsWith('.parquet'));
  if (shards.length > 0) return shards;
  const paths = new Set(below.map(({ path }) => path));
  const chosen = below.filter(({ path }) => {
    if (!CONVERSATION_FILE.test(path)) return false;
    const mono = path.replace(/combined_audio\.\w+$/, 'speaker_1_audio.wav');
    return mono === path || !paths.has(mono);
  });
  if (chosen.length > 0) return chosen;
  throw new UserError(`${repository} has no parquet files and no conversations${folder ? ` below ${folder}` : ''}`, {
    exitCode: EXIT.prerequisite,
  });
}

const CONVERSATION_FILE =
  /^(dataset\.json|[^/]+\/(metadata\.json|annotations\.json|speaker_[12]_annotation_[abc]\.srt|(speaker_[12]|combined)_audio\.(wav|flac)))$/;

async function fetchFile(
  place: HubPlace,
  dataset: HubDataset,
  file: HubDatasetFile,
  settings: { signal: AbortSignal | undefined; onProgress(bytes: number): void },
): Promise<void> {
  if (file.sha256 !== undefined) await fetchWhole(place, dataset, file, settings);
  else if ((await wholeFile(place, dataset, file)) === undefined) await fetchSmall(place, dataset, file);
}

/** What git itself keeps is small. Its name there is the SHA-1 of its content behind a header. */
async function fetchSmall(place: HubPlace, dataset: HubDataset, file: HubDatasetFile): Promise<void> {
  const remote = remoteOf(place, dataset, file);
  const bytes = file.bytes === 0 ? new Uint8Array() : await remoteRanges(remote).read(0, file.bytes);
  const found = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  if (file.gitSha1 !== undefined && found !== file.gitSha1) {
    throw new UserError(`what ${remote.url} sent is not what was announced: ${found}, expected ${file.gitSha1}`, {
      hint: 'run the same command again; if it repeats, the mirror or a proxy changes files',
      exitCode: EXIT.prerequisite,
    });
  }
  const path = join(commitFolder(place, dataset), file.path);
  await makeFolder(dirname(path));
  await atomicWrite(path, bytes);
}

async function requireIntact(place: HubPlace, dataset: HubDataset, file: HubDatasetFile): Promise<void> {
  const path = await wholeFile(place, dataset, file);
  if (path === undefined || file.sha256 === undefined || (await sha256File(path)) === file.sha256) return;
  throw new UserError(`${path} is damaged: its SHA-256 is not that of the hub`, {
    hint: 'remove it and pull again',
    exitCode: EXIT.prerequisite,
  });
}
