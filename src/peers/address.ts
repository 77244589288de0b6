/** Where a peer is, and the key that it wants. Keys come from the environment and are never part of an address. */

import { UserError } from '../core/errors.js';
import { isLoopback } from './proxy.js';

export interface Address {
  /** With what the protocol adds to the query. */
  readonly url: string;
  /** Host and path, for people. */
  readonly shown: string;
  /** From the environment; undefined = the server wants none. */
  readonly key?: string | undefined;
}

/** Query parameters by such names are keys, and would end up in the record of the run. */
const SECRET_NAMES = /key|token|secret|sig|passw|auth|credential/i;

/**
 * @param query added to the URL's own where it has no such parameter.
 * @param keyVariable name of the environment variable that holds the key; undefined = no key is sent.
 * @throws UserError when the URL is none, holds a key, would send one unencrypted, or when the variable is not set.
 */
export function addressOf(
  text: string,
  query: Readonly<Record<string, string>> = {},
  keyVariable?: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Address {
  if (!URL.canParse(text)) throw new UserError(`'${text.slice(0, 200)}' is no URL`, { hint: URL_HINT });
  const url = new URL(text);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw new UserError(`the URL begins with ${url.protocol}//, not with ws:// or wss://`, { hint: URL_HINT });
  }
  const isSecretName = (name: string) => SECRET_NAMES.test(name);
  if (url.username !== '' || url.password !== '' || [...url.searchParams.keys()].some(isSecretName)) {
    throw new UserError('the URL holds a key or password, and URLs are recorded', {
      hint: 'leave it out, put it into an environment variable and name that: -o key_variable=NAME',
    });
  }
  for (const [name, value] of Object.entries(query)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  const shown = `${url.host}${url.pathname}`;
  if (keyVariable === undefined) return { url: url.href, shown };
  const key = environment[keyVariable]?.trim();
  if (!key) {
    throw new UserError(`${shown} wants a key, and the environment variable ${keyVariable} is not set`, {
      hint: `export ${keyVariable}=…, or for a server of your own: -o url=ws://…`,
    });
  }
  if (url.protocol === 'ws:' && !isLoopback(url.hostname)) {
    throw new UserError(`the key in ${keyVariable} would travel to ${url.host} unencrypted`, { hint: 'use wss://' });
  }
  return { url: url.href, shown, key };
}

const URL_HINT = 'such as ws://127.0.0.1:8000/v1/realtime or wss://example.org/v1/realtime';
