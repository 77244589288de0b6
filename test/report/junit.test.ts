import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/compare/compare.js';
import type { ScoredRun } from '../../src/compare/scored-run.js';
import { renderJunit } from '../../src/report/junit.js';
import { endsFound, scoredRunOf } from '../helpers/scored-run.js';
import { parseXml } from '../helpers/xml.js';

const EIGHT = [9, 8, 9, 7, 9, 8, 9, 8];
const REFERENCE = scoredRunOf(EIGHT.map((tp) => endsFound(tp)));
const TOLERANCES = {
  eot_recall: { absolute: 0.02 },
  eot_latency_p50_ms: { absolute: 20 },
  int_recall: { absolute: 0.02 },
};

function junit(run: ScoredRun): string {
  return renderJunit(compareRuns([REFERENCE, run], { seed: 1, gate: TOLERANCES }));
}

describe('JUnit XML', () => {
  it('has a case per gate and per broken conversation, with what happened in it', () => {
    const { conversations } = scoredRunOf(EIGHT.map((tp) => endsFound(tp - 1)));
    const failures = [{ conversation_id: '8', error: 'the model threw', hint: null }];
    const rest = new Map([...conversations].slice(1, 7));
    const root = parseXml(junit({ ...REFERENCE, conversations: rest, failures, source: 'results/b' }));

    expect(root).toMatchObject({ name: 'testsuites', attributes: { tests: '5', failures: '2', errors: '1' } });
    const [suite] = root.children;
    expect(suite?.attributes).toEqual({
      name: 'turnbench tiny energy-vad #2 against results/a-run',
      ...{ tests: '5', failures: '2', errors: '1', skipped: '1' },
    });
    const cases = suite!.children.map(({ attributes, children }) => [attributes.name, children[0]?.name]);
    expect(cases).toEqual([
      ['eot_recall', 'failure'],
      ['eot_latency_p50_ms', 'system-out'],
      ['int_recall', 'skipped'],
      ['conversation 8', 'error'],
      ['conversation 1', 'failure'],
    ]);
    expect(suite?.children[0]?.children[0]?.text).toBe(
      'eot_recall: 0.833 → 0.733, worse by +0.100 [+0.100, +0.100], allowed 0.020',
    );
    expect(suite?.children[3]?.children[0]?.attributes.message).toBe('the model threw');
  });

  it('stays well-formed and says what was said, whatever ids and messages hold', () => {
    const awkward = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(']]><x a="1">', '\u0000\u001b\uFFFF', '<!--', '&amp;', '"\'\n\t\r', '\uD800'),
    );
    const comparison = compareRuns([REFERENCE, REFERENCE], { seed: 1, gate: TOLERANCES });
    const [pair] = comparison.comparisons;
    fc.assert(
      fc.property(awkward, awkward, (id, message) => {
        const gate = { ...pair!.gate!, conversations: [{ conversation_id: id, kind: 'failed' as const, message }] };
        const dataset = { ...comparison.dataset, name: id };
        const text = renderJunit({ ...comparison, dataset, comparisons: [{ ...pair!, run: id, gate }] });
        const [suite] = parseXml(text).children;
        const last = suite?.children.at(-1);
        expect(last?.attributes.name).toBe(`conversation ${sayable(id)}`);
        expect(last?.children[0]?.attributes.message).toBe(sayable(message));
      }),
      { numRuns: 300 },
    );
  });

  it('is refused by the parser of these tests where it is broken', () => {
    for (const broken of ['<a b="<"/>', '<a>&nope;</a>', '<a></b>', '<a>\u0001</a>']) {
      expect(() => parseXml(broken), broken).toThrow();
    }
  });
});

/** XML 1.0 has no way to say some characters. */
function sayable(text: string): string {
  return Array.from(text, (character) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML cannot say
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(character) ? '\uFFFD' : character,
  ).join('');
}
