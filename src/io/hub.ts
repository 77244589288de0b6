/**
 * Files of model and data repositories on the Hugging Face hub, or a mirror of it (`HF_ENDPOINT`). A file is looked
 * up first: its hash, size, licence and the commit it is at, so that what is downloaded is what was looked up.
 */

import { z } from 'zod';
import { EXIT, UserError } from '../core/errors.js';
import { reasonOf } from './download.js';
import { type Environment, hubEndpoint, hubHeaders, hubRefusal } from './hub-access.js';
import { check } from './validate.js';

export interface HubFile {
  /** `owner/name` */
  readonly repository: string;
  readonly file: string;
}

export interface HubFileInfo extends HubFile {
  readonly url: string;
  readonly commit: string;
  readonly bytes: number;
  readonly sha256: string;
  /** As its publisher states it; absent when they do not. */
  readonly licence?: string;
}

const LOOKUP_TIMEOUT_MS = 30_000;

const repositorySchema = z.object({
  sha: z.string().regex(/^[0-9a-f]+$/),
  cardData: z.object({ license: z.string().optional() }).nullish(),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().nonnegative().optional(),
      lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int() }).nullish(),
    }),
  ),
});

/**
 * @throws UserError (exit code 5) without network, and when the repository is gated, gone, renamed, or has no such
 *   file: what to open, which variable to set.
 */
export async function lookUpHubFile(wanted: HubFile, environment: Environment = process.env): Promise<HubFileInfo> {
  const { repository, file } = wanted;
  const endpoint = hubEndpoint(environment);
  const url = `${endpoint}/api/models/${repository}?blobs=true`;
  const { sha, cardData, siblings } = await askHub(url, `${endpoint}/${repository}`, repositorySchema, environment);
  const entry = siblings.find(({ rfilename }) => rfilename === file);
  if (!entry?.lfs) {
    const names = siblings.map(({ rfilename }) => rfilename).slice(0, 10);
    throw new UserError(`${repository} has no weights named '${file}'`, {
      hint: `it has ${names.join(', ')}; open ${endpoint}/${repository} to see what became of it`,
      exitCode: EXIT.prerequisite,
    });
  }
  return {
    ...wanted,
    url: `${endpoint}/${repository}/resolve/${sha}/${file}`,
    commit: sha,
    bytes: entry.lfs.size,
    sha256: entry.lfs.sha256,
    ...(cardData?.license ? { licence: cardData.license } : {}),
  };
}

/**
 * What the hub says of a repository.
 * @param page what to open in a browser when it refuses.
 * @throws UserError (exit code 5) without network, when it refuses, or when something else answers.
 */
export async function askHub<S extends z.ZodType>(
  url: string,
  page: string,
  schema: S,
  environment: Environment,
): Promise<z.output<S>> {
  const response = await request(url, environment);
  if (!response.ok) throw hubRefusal(response.status, page, environment);
  const checked = check(schema, await response.json().catch(() => undefined));
  if (checked.ok) return checked.value;
  throw new UserError(`${url} did not answer like a hub: ${checked.problems[0]}`, {
    hint: environment['HF_ENDPOINT'] ? 'check HF_ENDPOINT' : 'a proxy may have answered in its place',
    exitCode: EXIT.prerequisite,
  });
}

async function request(url: string, environment: Environment): Promise<Response> {
  try {
    return await fetch(url, { headers: hubHeaders(environment), signal: AbortSignal.timeout(LOOKUP_TIMEOUT_MS) });
  } catch (error) {
    throw new UserError(`cannot reach ${new URL(url).origin}: ${reasonOf(error)}`, {
      hint: 'check the network, or set HF_ENDPOINT to a mirror',
      exitCode: EXIT.prerequisite,
      cause: error,
    });
  }
}
