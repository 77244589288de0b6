/** `annotations.json`: all tracks of a conversation in one file, times in seconds. */

import { z } from 'zod';
import type { Annotations, Segment } from '../core/conversation.js';
import { perSpeaker, speakerKey } from '../core/speaker.js';
import { type Checked, check } from '../io/validate.js';

export const ANNOTATORS = ['a', 'b', 'c'] as const;

export type Annotator = (typeof ANNOTATORS)[number];

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
  const checked = check(annotationsSchema, value);
  if (!checked.ok) return checked;
  const annotations = perSpeaker((speaker) => {
    const tracks = checked.value[speakerKey(speaker)];
    return ANNOTATORS.flatMap((annotator) => {
      const track = tracks[annotator];
      return track === undefined ? [] : [{ annotator, segments: track.map(toSegment) }];
    });
  });
  return { ok: true, value: annotations };
}

/** A segment without words is the same whether its file says so with an empty text or with none. */
function toSegment({ start_s, end_s, label, text }: z.output<typeof segmentSchema>): Segment {
  return text ? { startS: start_s, endS: end_s, label, text } : { startS: start_s, endS: end_s, label };
}
