/** Stand-in servers by the name of the model that talks to them. */

import { UserError } from '../../core/errors.js';
import { nearest } from '../../core/registry.js';
import { fakeEchoStream } from './echostream.js';
import { fakeOpenAiRealtime } from './openai-realtime.js';
import type { FakeProtocol } from './stage.js';
import { fakeVllmDuplex } from './vllm-duplex.js';

export const FAKES: Readonly<Record<string, FakeProtocol>> = {
  'openai-realtime': fakeOpenAiRealtime,
  'vllm-duplex': fakeVllmDuplex(),
  'vllm-duplex-pr3907': fakeVllmDuplex('pr-3907'),
  echostream: fakeEchoStream,
};

/** @throws UserError when there is none of that name. */
export function fakeNamed(name: string): FakeProtocol {
  const found = FAKES[name];
  if (found) return found;
  const names = Object.keys(FAKES);
  const near = nearest(name, names);
  throw new UserError(`there is no stand-in for '${name}'${near ? `: did you mean '${near}'?` : ''}`, {
    hint: `available: ${names.join(', ')}`,
  });
}
