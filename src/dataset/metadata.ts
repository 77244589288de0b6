/** `dataset.json` and `metadata.json`: what a data set and a conversation say about themselves. */

import { z } from 'zod';
import type { DatasetInfo } from '../core/conversation.js';
import { nearest } from '../core/registry.js';
import { check } from '../io/validate.js';

/** s. Beyond it times are in another unit, and 20 ms steps would soon be more than doubles can count. */
const LONGEST_S = 1e7;

export const datasetSchema = z.looseObject({
  name: z.string().min(1).meta({ description: 'how the data set is called in reports and run folders' }),
  version: z.string().default('unversioned'),
  licence: z.string().default('unspecified'),
  description: z.string().default(''),
  language: z.string().default('und').meta({ description: 'BCP 47 tag; und = undetermined' }),
});

export const metadataSchema = z
  .object({
    conversation_type: z.string().optional(),
    duration_s: z
      .number()
      .positive()
      .max(LONGEST_S, 'longer than 115 days: are these seconds?')
      .optional()
      .meta({ description: 's; needed when there is no audio, so that the conversation can be scored' }),
  })
  .catchall(z.unknown())
  .meta({ description: 'further keys with text, numbers or true/false are free tags' });

/** What was read, with everything that is wrong or odd about it; `value` is absent when something is wrong. */
export interface Reading<T> {
  readonly value?: T;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export interface Metadata {
  readonly tags: Readonly<Record<string, string>>;
  readonly durationS?: number;
}

/** What is known of a data set that says nothing about itself. */
export function undescribed(name: string): Omit<DatasetInfo, 'revision'> {
  const { version, licence, description, language } = datasetSchema.parse({ name });
  return { name, version, licence, description, language };
}

export function parseDatasetInfo(value: unknown): Reading<Omit<DatasetInfo, 'revision'>> {
  const checked = check(datasetSchema, value);
  if (!checked.ok) return { problems: checked.problems, warnings: [] };
  const { name, version, licence, description, language, ...others } = checked.value;
  const warnings = Object.keys(others).flatMap((key) => {
    const meant = nearest(key, Object.keys(datasetSchema.shape));
    return meant === undefined ? [] : [`unknown key '${key}' has no effect: did you mean '${meant}'?`];
  });
  return { value: { name, version, licence, description, language }, problems: [], warnings };
}

/** Every scalar becomes a tag in its text form; other values cannot be selected by and are left out with a warning. */
export function parseMetadata(value: unknown): Reading<Metadata> {
  const checked = check(metadataSchema, value);
  if (!checked.ok) return { problems: checked.problems, warnings: [] };
  const { duration_s: durationS, ...others } = checked.value;
  const tags: Record<string, string> = {};
  const warnings: string[] = [];
  for (const [key, tag] of Object.entries(others)) {
    if (typeof tag === 'string' || typeof tag === 'number' || typeof tag === 'boolean') tags[key] = String(tag);
    else warnings.push(`'${key}' is no text, number or true/false and is no tag`);
  }
  return { value: durationS === undefined ? { tags } : { tags, durationS }, problems: [], warnings };
}
