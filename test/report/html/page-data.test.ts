import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  commonThresholds,
  conversationData,
  packGold,
  peaksOf,
  unpackGold,
} from '../../../src/report/html/page-data.js';
import type { ConversationRow } from '../../../src/result/schema.js';
import { goldWorlds } from '../../helpers/gold.js';

describe('the thresholds that a run can be moved to', () => {
  const row = (thresholds: readonly number[] | null) =>
    ({ status: 'ok', floor: { steps: 0, thresholds, speaker_1: '', speaker_2: '' } }) as unknown as ConversationRow;
  const failed = { status: 'failed' } as ConversationRow;

  it('are those of every conversation that finished', () => {
    expect(commonThresholds([row([0.1, 0.5, 0.9]), failed, row([0.1, 0.2, 0.5])])).toEqual([0.1, 0.5]);
  });

  it('are none when one conversation is known at its operating point only, or nothing finished', () => {
    expect(commonThresholds([row([0.1, 0.5]), row(null)])).toBeNull();
    expect(commonThresholds([failed])).toBeNull();
  });
});

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
