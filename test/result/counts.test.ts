import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsFromDisk, countsToDisk } from '../../src/result/counts.js';
import { countsSchema } from '../../src/result/schema.js';
import { anyCounts } from '../helpers/counts.js';

describe('counts', () => {
  it('come back from disk as they were, in the published shape', () => {
    fc.assert(
      fc.property(anyCounts(), (counts) => {
        const text = JSON.stringify(countsToDisk(counts));
        const read = countsFromDisk(countsSchema.parse(JSON.parse(text)));
        // JSON has no -0.
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(counts)));
        expect(JSON.stringify(countsToDisk(read))).toBe(text);
      }),
    );
  });
});
