/** What all adapters of live systems can be told, and what follows from it. */

import { z } from 'zod';
import type { DiscriminativeModel } from '../core/model.js';
import type { Address } from '../peers/address.js';
import { wallClock } from '../peers/clock.js';
import { liveModel } from '../peers/live-model.js';
import type { Protocol } from '../peers/protocol.js';
import { connectWebSocket } from '../peers/websocket.js';

export interface LiveDefaults {
  readonly conversationsAtOnce: number;
  readonly sessionLimitS: number;
  readonly graceS: number;
}

export function liveOptions(defaults: LiveDefaults) {
  return {
    key_variable: z.string().min(1).optional().meta({
      description: 'name of the environment variable whose content is sent as bearer token',
    }),
    conversations_at_once: z.number().int().min(1).max(256).default(defaults.conversationsAtOnce).meta({
      description: 'conversations streamed side by side, two sessions each; -j overrides it',
    }),
    session_limit_s: z.number().min(1).max(86_400).default(defaults.sessionLimitS).meta({
      description: 'longer conversations are refused, because the server would end their session',
      unit: 's',
    }),
    grace_s: z.number().min(0).max(25).default(defaults.graceS).meta({
      description: 'how long the server is given after the end of the audio',
      unit: 's',
    }),
    connect_timeout_s: z.number().min(0.1).max(25).default(20).meta({
      description: 'how long a server that does not answer is tried, and then how long it may take to be ready',
      unit: 's',
    }),
  };
}

type LiveOptions = z.output<z.ZodObject<ReturnType<typeof liveOptions>>>;

export function openLive(protocol: Protocol, address: Address, options: LiveOptions): DiscriminativeModel {
  return liveModel(
    protocol,
    {
      address: address.shown,
      isPaid: address.key !== undefined,
      secret: address.key,
      conversationsAtOnce: options.conversations_at_once,
      longestSessionS: options.session_limit_s,
      graceS: options.grace_s,
      connectTimeoutS: options.connect_timeout_s,
    },
    { clock: wallClock, connect: connectWebSocket },
  );
}

export function bearer({ key }: Address): Readonly<Record<string, string>> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}
