/** `hf:owner/name[/folder][@revision]`: data sets of the hub by name. */

import { UserError } from '../core/errors.js';

export const HUB_PREFIX = 'hf:';

export interface HubName {
  readonly repository: string;
  /** Only shards below it, such as one language; empty = all. */
  readonly folder: string;
  /** Commit, branch or tag. */
  readonly revision: string;
}

/** What the public tools score on unless they are told otherwise. */
const USUAL_REVISIONS: Readonly<Record<string, string>> = {
  'mundo-ai/turn-benchmark-dev': '8fa18a24be51528a45397b35cbcaecd84202062b',
};

/** Short names of public data sets. */
export const HUB_ALIASES = [
  {
    name: 'turnbench-dev',
    location: 'hf:mundo-ai/turn-benchmark-dev',
    summary: 'public development set of TurnBench (gated): 38 conversations, three annotators; pull or stream it',
  },
  {
    name: 'turnbench-test',
    location: 'hf:mundo-ai/turn-benchmark-test',
    summary: 'public test set of TurnBench (gated): audio only, to be run and submitted',
  },
  {
    name: 'eot-bench',
    location: 'hf:livekit/eot-bench-data',
    summary: 'user turns of eot-bench in 14 languages, for turnbench policy',
  },
] as const;

/** The location of an alias, with its revision if one is named; anything else as it is. */
export function withoutAlias(name: string): string {
  const [alias = '', ...revision] = name.split('@');
  const known = HUB_ALIASES.find((candidate) => candidate.name === alias);
  return known === undefined ? name : [known.location, ...revision].join('@');
}

/** @throws UserError when it is no such name. */
export function parseHubName(name: string): HubName {
  const [, repository, folder = '', revision] =
    /^hf:([\w-][\w.-]*\/[\w-][\w.-]*?)((?:\/[\w-][\w.-]*)*)\/?(?:@([\w][\w./-]*))?$/.exec(name) ?? [];
  if (repository === undefined) {
    throw new UserError(`'${name}' is no data set of the hub`, {
      hint: 'write hf:owner/name or hf:owner/name@revision, such as hf:mundo-ai/turn-benchmark-dev',
    });
  }
  return { repository, folder: folder.slice(1), revision: revision ?? USUAL_REVISIONS[repository] ?? 'main' };
}
