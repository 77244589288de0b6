import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../src/run/changes.js';

describe('the changes between two records', () => {
  it('are named by the path of their key', () => {
    const before = { model: { name: 'a', options: { x: 1 } }, seed: 1, ids: ['1', '2'] };
    const after = { model: { name: 'a', options: { x: 2, y: true } }, seed: 1, ids: ['1'] };
    expect(changesBetween(before, after)).toEqual([
      { key: 'model.options.x', before: '1', after: '2' },
      { key: 'ids', before: '["1","2"]', after: '["1"]' },
      { key: 'model.options.y', before: 'nothing', after: 'true' },
    ]);
    expect(changesBetween(before, structuredClone(before))).toEqual([]);
  });

  it('are seen and shown where long values part late', () => {
    const ids = Array.from({ length: 100 }, (_, i) => `conversation-${i}`);
    const [change] = changesBetween({ ids }, { ids: [...ids.slice(0, -1), 'another'] });
    expect(change?.before).toMatch(/^….*conversation-98","conversation-99"\]$/);
    expect(change?.after).toMatch(/^….*conversation-98","another"\]$/);
    expect(change!.before.length).toBeLessThan(100);
  });
});
