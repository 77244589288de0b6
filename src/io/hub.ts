/**
 * Files of model and data repositories on the Hugging Face hub, or a mirror of it (`HF_ENDPOINT`). A file is looked
 * up first: its hash, size, licence and the commit it is at, so that what is downloaded is what was looked up.
 */

import { z } from 'zod';
import { EXIT, UserError } from '../core/errors.js';
import { reasonOf } from './download.js';
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

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_ENDPOINT = 'https://huggingface.co';
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

/** Sent with every request; nothing when there is no token. */
export function hubHeaders({ HF_TOKEN }: Environment = process.env): Record<string, string> {
  return HF_TOKEN ? { authorization: `Bearer ${HF_TOKEN}` } : {};
}

/**
 * @throws UserError (exit code 5) without network, and when the repository is gated, gone, renamed, or has no such
 *   file: what to open, which variable to set.
 */
export async function lookUpHubFile(wanted: HubFile, environment: Environment = process.env): Promise<HubFileInfo> {
  const { repository, file } = wanted;
  const endpoint = (environment['HF_ENDPOINT'] || DEFAULT_ENDPOINT).replace(/\/+$/, '');
  const url = `${endpoint}/api/models/${repository}?blobs=true`;
  const response = await request(url, environment);
  if (!response.ok) throw refused(response.status, wanted, endpoint, environment);
  const checked = check(repositorySchema, await response.json().catch(() => undefined));
  if (!checked.ok) {
    throw new UserError(`${url} did not answer like a hub: ${checked.problems[0]}`, {
      hint: environment['HF_ENDPOINT'] ? 'check HF_ENDPOINT' : 'a proxy may have answered in its place',
      exitCode: EXIT.prerequisite,
    });
  }
  const { sha, cardData, siblings } = checked.value;
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

/** The hub answers 401 for what it does not want to show, be it gated, private or not there. */
function refused(status: number, { repository }: HubFile, endpoint: string, environment: Environment): UserError {
  const page = `${endpoint}/${repository}`;
  const said = `${page} answered ${status}`;
  if (status === 401 || status === 403) {
    const token = environment['HF_TOKEN']
      ? 'HF_TOKEN is set, but may not read it'
      : 'then set HF_TOKEN to a token of your account';
    return new UserError(`${said}: it is gated, private or gone`, {
      hint: `open ${page}, accept its terms if it has any; ${token}`,
      exitCode: EXIT.prerequisite,
    });
  }
  const reason = status === 404 ? ': it is not there any more, or renamed' : '';
  return new UserError(said + reason, { hint: `open ${page} to see what became of it`, exitCode: EXIT.prerequisite });
}
