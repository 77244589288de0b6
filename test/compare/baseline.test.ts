import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baselineOf,
  baselineSchema,
  DEFAULT_TOLERANCES,
  renderBaseline,
  runOfBaseline,
} from '../../src/compare/baseline.js';
import { changeOf } from '../../src/compare/baseline-change.js';
import { compareRuns } from '../../src/compare/compare.js';
import { countsFromDisk, countsToDisk } from '../../src/result/counts.js';
import { anyCounts } from '../helpers/counts.js';
import { endsFound, scoredRunOf } from '../helpers/scored-run.js';

const RUN = scoredRunOf([9, 8, 9, 7, 9, 8].map((tp) => endsFound(tp)));

describe('a baseline', () => {
  it('keeps all that a comparison needs, to the bit', () => {
    fc.assert(
      fc.property(fc.array(anyCounts(), { minLength: 1, maxLength: 4 }), (list) => {
        // A run comes from the disk, which knows no negative zero.
        const stored = list.map((counts) => countsFromDisk(JSON.parse(JSON.stringify(countsToDisk(counts)))));
        const run = scoredRunOf(stored);
        const text = renderBaseline(baselineOf(run, DEFAULT_TOLERANCES));
        const back = runOfBaseline(baselineSchema.parse(JSON.parse(text)), run.source);
        expect(back).toEqual({ ...run, tolerances: DEFAULT_TOLERANCES });
        const { comparisons } = compareRuns([back, run], { seed: 1, gate: back.tolerances! });
        expect(comparisons[0]!.metrics.every(({ difference }) => difference === null || difference === 0)).toBe(true);
        expect(comparisons[0]!.gate!.passed).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('is written for a diff: one line per tolerance, score and conversation, always in one order', () => {
    const text = renderBaseline(baselineOf(RUN, { ep50_ms: { relative: 0.1 }, eot_recall: { absolute: 0.02 } }));
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('    {"conversation_id":'))).toHaveLength(6);
    expect(text).toContain(
      '  "tolerances": {\n    "eot_recall": {"absolute":0.02},\n    "ep50_ms": {"relative":0.1}\n  },',
    );
    expect(lines).toContain('    "eot_recall": 0.8333333333333334,');
    expect(lines).toContain('    "ep50_ms": null,');
    expect(text.endsWith('  ]\n}\n')).toBe(true);
  });

  it('is not made of a run that is not whole or not scored', () => {
    expect(() => baselineOf({ ...RUN, status: 'partial' }, {})).toThrow("its status is 'partial'");
    expect(() => baselineOf({ ...RUN, shard: { index: 1, count: 4 } }, {})).toThrow('it is one of 4 shards');
    expect(() => baselineOf(scoredRunOf([]), {})).toThrow('nothing was scored');
  });

  it('is refused when somebody edited scores or conversations by hand', () => {
    const baseline = baselineOf(RUN, DEFAULT_TOLERANCES);
    const scores = { ...baseline.scores, eot_recall: 0.9 };
    expect(() => runOfBaseline({ ...baseline, scores }, 'b.json')).toThrow('b.json: the scores are not those of');
    const conversations = [...baseline.conversations, baseline.conversations[0]!];
    expect(() => runOfBaseline({ ...baseline, conversations }, 'b.json')).toThrow('a conversation is there twice');
  });

  it('may lack a score or a gate, but not name a metric that does not exist', () => {
    const { eot_recall: _, ...scores } = baselineOf(RUN, {}).scores;
    const baseline = { ...baselineOf(RUN, {}), scores };
    expect(runOfBaseline(baselineSchema.parse(baseline), 'b.json').tolerances).toEqual({});
    expect(baselineSchema.safeParse({ ...baseline, tolerances: { recall: { absolute: 1 } } }).success).toBe(false);
    expect(baselineSchema.safeParse({ ...baseline, tolerances: { eot_recall: { absolute: -1 } } }).success).toBe(false);
    expect(baselineSchema.safeParse({ ...baseline, tolerances: { eot_recall: 0.1 } }).success).toBe(false);
  });
});

describe('what rewriting a baseline changes', () => {
  const before = baselineOf(RUN, { eot_recall: { absolute: 0.02 } });

  it('is nothing when the run gives the same', () => {
    expect(changeOf('b.json', before, before)).toMatchObject({ kind: 'same', facts: [], scores: [] });
  });

  it('is everything when there was none', () => {
    const change = changeOf('b.json', null, before);
    expect(change).toMatchObject({ kind: 'new', conversations: { added: ['1', '2', '3', '4', '5', '6'] } });
    expect(change.facts[0]).toEqual({ name: 'model', before: null, after: 'energy-vad' });
  });

  it('names options, tolerances, scores and conversations', () => {
    const run = scoredRunOf([9, 8, 9, 7, 9, 5, 8].map((tp) => endsFound(tp)));
    const next = { ...run, model: { ...run.model, options: { threshold: 0.1 } } };
    const after = baselineOf(next, { eot_recall: { absolute: 0.02 }, ep50_ms: { relative: 0.1 } });
    expect(changeOf('b.json', before, after)).toEqual({
      file: 'b.json',
      kind: 'changed',
      facts: [
        { name: 'option threshold', before: null, after: '0.1' },
        { name: 'tolerance ep50_ms', before: null, after: '10%' },
      ],
      scores: [{ name: 'eot_recall', before: 50 / 60, after: 55 / 70, unit: 'rate' }],
      conversations: { added: ['7'], removed: [], changed: ['6'] },
    });
  });
});
