import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { predictionsJsonSchema, probabilitiesJsonSchema } from '../../src/result/format-schemas.js';
import { readFixture } from '../helpers/fixtures.js';
import { readSweep } from '../helpers/parity.js';

/** What a program knows that has only the published schema. */
function accepts(schema: object, value: unknown): boolean {
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;
}

describe('the published schemas of the public formats', () => {
  it('refuse predictions exactly where the strict reader says schema, or a time is negative', () => {
    interface Case {
      readonly submission: unknown;
      readonly verdict: string;
    }
    const { submission_validation: cases } = readFixture<{ submission_validation: Case[] }>('parity/micro-open');
    for (const { submission, verdict } of cases) {
      const refused = verdict === 'schema' || verdict === 'times_not_finite_nonnegative';
      expect(accepts(predictionsJsonSchema, submission)).toBe(!refused);
    }
  });

  it('accept every probability file of the parity vectors, and no other keys, tasks or values', () => {
    for (const { probs_file } of readSweep().cases) expect(accepts(probabilitiesJsonSchema, probs_file)).toBe(true);
    const file = { schema_version: 1, task: 'eot', frame_rate_hz: 25, probs: [] };
    expect(accepts(probabilitiesJsonSchema, file)).toBe(true);
    expect(accepts(probabilitiesJsonSchema, { ...file, task: 'vad' })).toBe(false);
    expect(accepts(probabilitiesJsonSchema, { ...file, frame_rate_hz: 0 })).toBe(false);
    expect(accepts(probabilitiesJsonSchema, { ...file, model: 'x' })).toBe(false);
    const speaker = { prob: [1.01] };
    const probs = [{ conversation_id: '1', speaker_1: speaker, speaker_2: speaker }];
    expect(accepts(probabilitiesJsonSchema, { ...file, probs })).toBe(false);
  });
});
