/** Data-set repositories of the hub: which files they have at which commit, what each must be, and where it is. */

import { z } from 'zod';
import { EXIT, UserError } from '../core/errors.js';
import { askHub } from './hub.js';
import { type Environment, hubEndpoint } from './hub-access.js';

export interface HubDataset {
  /** `owner/name` */
  readonly repository: string;
  readonly commit: string;
  /** As their publisher states them; absent when they do not. */
  readonly licence?: string;
  readonly language?: string;
  readonly files: readonly HubDatasetFile[];
}

export interface HubDatasetFile {
  /** In the repository, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Of large files, lower-case hex. */
  readonly sha256?: string;
  /** Of small files: git's SHA-1 of the blob, lower-case hex. */
  readonly gitSha1?: string;
}

const oneOrMore = z.union([z.string(), z.array(z.string())]).nullish();

const datasetSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]+$/),
  cardData: z.object({ license: oneOrMore.catch(undefined), language: oneOrMore.catch(undefined) }).nullish(),
  siblings: z.array(
    z.object({
      rfilename: z.string().regex(/^(?!\.{0,2}(\/|$))(?!.*\/\.{0,2}(\/|$))[^\\]+$/, 'a path that leaves its folder'),
      size: z.number().int().nonnegative().nullish(),
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int() }).nullish(),
    }),
  ),
});

/** What a person opens in a browser. */
export function datasetPage(repository: string, environment: Environment = process.env): string {
  return `${hubEndpoint(environment)}/datasets/${repository}`;
}

/** Where a file of a commit is. */
export function datasetFileUrl(dataset: HubDataset, path: string, environment: Environment = process.env): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${datasetPage(dataset.repository, environment)}/resolve/${dataset.commit}/${encoded}`;
}

/**
 * @param revision commit, branch or tag.
 * @throws UserError (exit code 5) without network, and when the repository is gated, gone or has no such revision.
 */
export async function lookUpDataset(
  repository: string,
  revision: string,
  environment: Environment = process.env,
): Promise<HubDataset> {
  const url = `${hubEndpoint(environment)}/api/datasets/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const { sha, cardData, siblings } = await askHub(
    url,
    datasetPage(repository, environment),
    datasetSchema,
    environment,
  );
  if (/^[0-9a-f]{40}$/.test(revision) && sha !== revision) {
    throw new UserError(`${url} answered for commit ${sha}`, {
      hint: 'check HF_ENDPOINT',
      exitCode: EXIT.prerequisite,
    });
  }
  const files = siblings.map(({ rfilename: path, size, blobId, lfs }) => ({
    path,
    bytes: lfs?.size ?? size ?? 0,
    ...(lfs ? { sha256: lfs.sha256 } : blobId ? { gitSha1: blobId } : {}),
  }));
  const [licence, language] = [onlyText(cardData?.license), onlyText(cardData?.language)];
  return { repository, commit: sha, files, ...(licence && { licence }), ...(language && { language }) };
}

function onlyText(value: string | readonly string[] | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.length === 1 ? value[0] : undefined;
}
