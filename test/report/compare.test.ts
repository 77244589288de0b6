import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/compare/compare.js';
import { renderComparison, renderComparisonMarkdown, renderGates } from '../../src/report/compare.js';
import { endsFound, scoredRunOf } from '../helpers/scored-run.js';

const EIGHT = [9, 8, 9, 7, 9, 8, 9, 8];
const REFERENCE = scoredRunOf(EIGHT.map((tp) => endsFound(tp, 100)));
const WORSE = scoredRunOf(
  EIGHT.map((tp) => endsFound(tp - 1, 130)),
  { model: { ...REFERENCE.model, name: 'mine', options: { x: 1 } }, source: 'results/b' },
);
const GATE = { eot_recall: { absolute: 0.02 }, eot_fp_rate: { absolute: 0.02 }, int_recall: { absolute: 0.02 } };

describe('a comparison for people', () => {
  it('shows the runs side by side, the reference first, then the tag', () => {
    const text = renderComparison(compareRuns([REFERENCE, WORSE], { seed: 1, gate: null }));
    expect(text).toContain('tiny 1.0.0 (0123456789ab) · 8 common conversations · scorer 1, gold 1, floor-edges');
    expect(text).toMatch(/^reference +energy-vad +0\.50 +— +results\/a-run$/m);
    expect(text).toMatch(/^ +mine +0\.50 +x=1 +results\/b$/m);
    expect(text).toMatch(/^metric +energy-vad +mine +difference +95 % interval +verdict$/m);
    expect(text).toMatch(/^eot_recall +0\.838 +0\.738 +-0\.100 +\[-0\.100, -0\.100\] +worse$/m);
    expect(text).toMatch(/^eot_latency_p50_ms +100 +130 +\+30 +\[\+30, \+30\] +worse$/m);
    expect(text).toMatch(/^eot_fp_rate +0\.000 +0\.000 +0\.000 +\[0\.000, 0\.000\] +no evidence$/m);
    expect(text).toMatch(/^int_recall +— +— +— +— +no evidence$/m);
    expect(text).toContain('conversation_type: mine minus energy-vad');
    expect(text).toMatch(/^odd +4 +-0\.100/m);
    expect(text).not.toContain('gate');
  });

  it('counts what passed a gate and shows the rest', () => {
    const comparison = compareRuns([REFERENCE, WORSE], { seed: 1, gate: GATE });
    const text = renderGates([comparison]);
    expect(text).toContain('gate of mine against results/a-run: FAILED (1 of 3 metrics passed, 1 without a reference)');
    expect(text).toMatch(/^eot_recall +failed +0\.838 +0\.738 +\+0\.100 +\[\+0\.100, \+0\.100\] +0\.020$/m);
    expect(text).not.toContain('eot_fp_rate');
    expect(renderComparison(comparison)).toContain('gate of mine: FAILED');
  });

  it('is a document for the summary of a job, in which names are text', () => {
    const failures = [{ conversation_id: '<b>|', error: 'a `b`', hint: null }];
    const markdown = renderComparisonMarkdown(
      compareRuns([REFERENCE, { ...WORSE, failures, source: '<i>' }], { seed: 1, gate: GATE }),
    );
    expect(markdown).toContain('## Gate of mine: ❌ failed');
    expect(markdown).toContain('| eot_recall | failed | 0.838 | 0.738 | +0.100 | [+0.100, +0.100] | 0.020 |');
    expect(markdown).toContain('- conversation &lt;b>\\| failed: a \\`b\\`');
    expect(markdown).toContain('| reference | energy-vad | 0.50 | — | results/a-run |');
    expect(markdown).not.toMatch(/<[bi]>/);
  });
});
