import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { datasetJsonSchemas } from '../../src/dataset/schemas.js';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

/** What a program knows that has only the published schema. */
function accepts(name: 'dataset' | 'metadata' | 'annotations', value: unknown): boolean {
  const schema = JSON.parse(JSON.stringify(datasetJsonSchemas()[name])) as JsonSchema;
  return z.fromJSONSchema(schema).safeParse(value).success;
}

describe('the published schemas of a data-set folder', () => {
  it('describe dataset.json', () => {
    expect(accepts('dataset', { name: 'tiny', homepage: 'x' })).toBe(true);
    expect(accepts('dataset', { version: '1' })).toBe(false);
  });

  it('describe metadata.json', () => {
    expect(accepts('metadata', { conversation_type: 'casual', duration_s: 60, take: 3 })).toBe(true);
    expect(accepts('metadata', { duration_s: 0 })).toBe(false);
  });

  it('describe annotations.json', () => {
    const segment = { start_s: 1.2, end_s: 2.9, label: 'Normal Turn', text: '…' };
    expect(accepts('annotations', { speaker_1: { a: [segment] }, speaker_2: { a: [] } })).toBe(true);
    expect(accepts('annotations', { speaker_1: { a: [segment] } })).toBe(false);
    expect(accepts('annotations', { speaker_1: { d: [] }, speaker_2: {} })).toBe(false);
    expect(accepts('annotations', { speaker_1: { a: [{ ...segment, start_s: -1 }] }, speaker_2: {} })).toBe(false);
  });
});
