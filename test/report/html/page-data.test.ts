import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationData, packGold, peaksOf, unpackGold } from '../../../src/report/html/page-data.js';
import { goldWorlds } from '../../helpers/gold.js';

describe('what a page carries', () => {
  it('is the gold, to the last bit', () => {
    fc.assert(
      fc.property(goldWorlds(), (gold) => {
        expect(unpackGold(JSON.parse(JSON.stringify(packGold(gold))))).toEqual({ ...gold, unknownLabels: {} });
      }),
    );
  });

  it('is the loudness, a byte per step', () => {
    const peaks = { 1: Uint8Array.from({ length: 9000 }, (_, i) => i % 256), 2: new Uint8Array(9000) };
    const data = conversationData({ id: '1', tags: {}, durationS: 180, peaks }, []);
    const read = peaksOf(JSON.parse(JSON.stringify(data)))!;
    expect(Buffer.compare(read[1], peaks[1])).toBe(0);
    expect(Buffer.compare(read[2], peaks[2])).toBe(0);
    expect(data.gold).toBeNull();
  });
});
