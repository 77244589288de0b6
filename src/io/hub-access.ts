/**
 * How requests reach the Hugging Face hub, or a mirror of it (`HF_ENDPOINT`), and what its refusals mean. The token
 * goes to that host only: `fetch` drops the header when it is sent on to another one, as to the storage behind a hub.
 */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT, UserError } from '../core/errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** Without a slash at its end. */
export function hubEndpoint(environment: Environment = process.env): string {
  return (environment['HF_ENDPOINT'] || DEFAULT_ENDPOINT).replace(/\/+$/, '');
}

/** Sent with every request to the hub; nothing when there is no token. */
export function hubHeaders(environment: Environment = process.env): Record<string, string> {
  const token = hubToken(environment);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** Of `HF_TOKEN`, else of the file in which the hub's own tools keep it after a login. */
export function hubToken(environment: Environment): string | undefined {
  const { HF_TOKEN, HUGGING_FACE_HUB_TOKEN } = environment;
  const token = (HF_TOKEN || HUGGING_FACE_HUB_TOKEN || readTokenFile(environment) || '').trim();
  return token === '' ? undefined : token;
}

function readTokenFile(environment: Environment): string | undefined {
  const { HF_TOKEN_PATH, HF_HOME, XDG_CACHE_HOME, HOME } = environment;
  const home = HF_HOME || join(XDG_CACHE_HOME || join(HOME || homedir(), '.cache'), 'huggingface');
  try {
    return readFileSync(HF_TOKEN_PATH || join(home, 'token'), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * What a status of the hub means for a person. It answers 401 for what it does not want to show, be it gated, private
 * or not there.
 * @param page what to open in a browser.
 */
export function hubRefusal(status: number, page: string, environment: Environment = process.env): UserError {
  const said = `${page} answered ${status}`;
  if (status === 401 || status === 403) {
    const token =
      hubToken(environment) === undefined
        ? 'then set HF_TOKEN to a token of your account'
        : `the token of ${environment['HF_TOKEN'] ? 'HF_TOKEN' : 'your login'} is sent, but may not read it`;
    return new UserError(`${said}: it is gated, private or gone`, {
      hint: `open ${page}, accept its terms if it has any; ${token}`,
      exitCode: EXIT.prerequisite,
    });
  }
  const reason = status === 404 ? ': it is not there any more, or renamed' : '';
  return new UserError(said + reason, { hint: `open ${page} to see what became of it`, exitCode: EXIT.prerequisite });
}
