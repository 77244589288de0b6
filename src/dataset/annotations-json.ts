/**
 * `annotations.json`: all tracks of a conversation in one file, times in seconds. The schema is what is published and
 * what words the problems of a bad file; good files are read by hand, because a schema library makes many times the
 * objects that are kept.
 */

import { z } from 'zod';
import type { Annotations } from '../core/conversation.js';
import { type Checked, check } from '../io/validate.js';
import { readAnnotations } from './annotations-reader.js';

const segmentSchema = z
  .strictObject({
    start_s: z.number().min(0),
    end_s: z.number().min(0),
    label: z.string().meta({ description: 'fine label, verbatim' }),
    text: z.string().optional(),
  })
  .superRefine(({ start_s, end_s }, context) => {
    if (end_s >= start_s) return;
    const message = `ends at ${end_s} s, before it starts at ${start_s} s: mend or swap the times`;
    context.addIssue({ code: 'custom', path: ['end_s'], message });
  });

const trackSchema = z
  .array(segmentSchema)
  .meta({ description: 'segments in any order; the order is part of the data' });

const speakerSchema = z.strictObject({
  a: trackSchema.optional(),
  b: trackSchema.optional(),
  c: trackSchema.optional(),
});

export const annotationsSchema = z.strictObject({ speaker_1: speakerSchema, speaker_2: speakerSchema });

/** Tracks ordered a, b, c; segments in file order. A speaker may lack annotators: that is judged by who sees both. */
export function parseAnnotations(value: unknown): Checked<Annotations> {
  const annotations = readAnnotations(value);
  if (annotations) return { ok: true, value: annotations };
  const checked = check(annotationsSchema, value);
  if (!checked.ok) return checked;
  throw new Error('annotations.json fits its schema, but cannot be read');
}
