import { describe, expect, it } from 'vitest';
import { evaluatePolicies } from '../../src/policy/evaluate.js';
import type { Judged } from '../../src/policy/judged.js';
import type { PredictionRow } from '../../src/policy/predictions.js';
import { renderPolicyMarkdown, renderPolicyText } from '../../src/report/policy.js';

/** A pause of 0.5 s and an end of 1 s, in which the score is that of `p` at every 0.1 s. */
function judged(model: string, p: (silenceS: number) => number): Judged {
  const span = (spanIndex: number, label: 'hold' | 'eot', steps: number): PredictionRow[] =>
    Array.from({ length: steps + 1 }, (_, i) => {
      return { id: 'a', language: 'en', spanIndex, label, timestampS: i / 10, silenceS: i / 10, pEot: p(i / 10) };
    });
  const evaluation = evaluatePolicies([...span(0, 'hold', 5), ...span(1, 'eot', 10)]);
  const origin = { model, source: `${model}.jsonl`, dataset: null, language: 'en', intervalS: null };
  return { ...origin, protocol: 'eot-bench', evaluation };
}

const quick = judged('quick', (silenceS) => (silenceS > 0.55 ? 0.9 : 0.1));
const never = judged('never', () => 0);

describe('judged policies', () => {
  it('stand in one table, the fastest within 5 % first and the baseline last', () => {
    const lines = renderPolicyText([never, quick]).split('\n');
    expect(lines[0]).toBe('eot-bench policy sweep · from files, en · 1 pauses, 1 ends of turn');
    const table = lines.slice(4, 8).map((line) => line.split(/ {2,}/));
    expect(table.map(([name]) => name)).toEqual(['model', 'quick', 'never', 'VAD baseline']);
    expect(table[1]).toEqual(['quick', '100.0 %', '0.0 %', '500', '500', '500', '500', '1.000', '1.000']);
    expect(table[2]).toEqual(['never', '—', '—', '1000', '1000', '1000', '1000', '0.500', '0.500']);
    expect(table[3]).toEqual(['VAD baseline', '100.0 %', '0.0 %', '500', '500', '500', '—', '—', '—']);
  });

  it('name their knobs, and warn of a small set', () => {
    const text = renderPolicyText([quick]);
    expect(text).toContain('only 1 pauses: below 100 a budget of 5 % means little');
    expect(
      text
        .split('\n')
        .find((line) => /^ +600 ms/.test(line))
        ?.trim()
        .split(/ {2,}/),
    ).toHaveLength(7);
  });

  it('are Markdown where that is wanted', () => {
    const markdown = renderPolicyMarkdown([quick], 3);
    expect(markdown).toMatch(/^### eot-bench policy sweep/);
    expect(markdown).toContain('| model | cut-offs @ 300 ms |');
  });

  it('of two languages are two sections', () => {
    const german = { ...quick, language: 'de' } as Judged;
    expect(renderPolicyText([quick, german]).match(/^eot-bench/gm)).toHaveLength(2);
  });
});
