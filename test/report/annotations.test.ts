import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/compare/compare.js';
import { renderAnnotations } from '../../src/report/annotations.js';
import { endsFound, scoredRunOf } from '../helpers/scored-run.js';

const EIGHT = [9, 8, 9, 7, 9, 8, 9, 8];
const REFERENCE = scoredRunOf(EIGHT.map((tp) => endsFound(tp)));

function annotations(run: typeof REFERENCE): string[] {
  const gate = { eot_recall: { absolute: 0.02 } };
  return renderAnnotations(compareRuns([REFERENCE, run], { seed: 1, gate }))
    .split('\n')
    .slice(0, -1);
}

describe('annotations of GitHub', () => {
  it('are none for a run that passes', () => {
    expect(annotations(REFERENCE)).toEqual([]);
  });

  it('are an error for a gate that failed and a warning for one that is unclear', () => {
    const change = 'energy-vad #2: eot_recall: 0.838 → 0.738, worse by +0.100';
    expect(annotations(scoredRunOf(EIGHT.map((tp) => endsFound(tp - 1))))).toEqual([
      `::error title=turnbench%3A gate failed::${change} [+0.100, +0.100], allowed 0.020: ` +
        'worse by more than the tolerance, and the 95 %25 interval confirms it',
    ]);
    const [unclear] = annotations(scoredRunOf(EIGHT.map((tp, i) => endsFound(i === 0 ? 1 : tp))));
    expect(unclear).toMatch(/^::warning title=turnbench%3A gate unclear::energy-vad #2: eot_recall/);
  });

  it('are one line each, and cannot be ended or begun by an id or a message', () => {
    const failures = [{ conversation_id: 'a\n::stop-commands::x', error: '100 %\r\n::error::no', hint: null }];
    expect(annotations({ ...REFERENCE, failures })).toEqual([
      '::error title=turnbench%3A conversation failed::energy-vad #2: ' +
        'conversation a%0A::stop-commands::x: 100 %25%0D%0A::error::no',
    ]);
  });
});
