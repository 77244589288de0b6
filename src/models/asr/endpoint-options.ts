/** Options of every model that endpoints by words, and the rule that they make. */

import { z } from 'zod';
import { STEPS_PER_SECOND } from '../../core/time.js';
import type { EndpointSettings } from './endpoint.js';

const STEP_MS = 1000 / STEPS_PER_SECOND;

/** A time in whole steps. */
export function stepsOption(defaultMs: number, description: string) {
  return z.number().int().multipleOf(STEP_MS).min(STEP_MS).max(60_000).default(defaultMs).meta({
    description,
    unit: 'ms',
  });
}

export const ENDPOINT_OPTIONS = {
  silence_ms: stepsOption(300, 'settled time without a new word after which the floor is given back'),
  punctuation: z.boolean().default(false).meta({
    description: 'wait for unfinished_ms instead where the last word does not end a sentence',
  }),
  unfinished_ms: stepsOption(2000, 'the same as silence_ms, after a word that does not end a sentence'),
  onset: z.enum(['stable', 'tentative']).default('stable').meta({ description: 'which words take the floor' }),
};

export function endpointSettings(options: z.output<z.ZodObject<typeof ENDPOINT_OPTIONS>>): EndpointSettings {
  const { silence_ms, punctuation, unfinished_ms, onset } = options;
  return {
    silence: silence_ms / STEP_MS,
    unfinishedSilence: (punctuation ? unfinished_ms : silence_ms) / STEP_MS,
    onset,
  };
}
