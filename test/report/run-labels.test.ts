import { describe, expect, it } from 'vitest';
import { runLabels } from '../../src/report/run-labels.js';
import type { RunHeader } from '../../src/result/schema.js';
import { runHeader } from '../helpers/run-header.js';

function run(name: string, options: Record<string, number> = {}, change: Partial<RunHeader> = {}): RunHeader {
  const { spec } = runHeader();
  return runHeader({ spec: { ...spec, model: { ...spec.model, name, options } }, ...change });
}

describe('labels of runs', () => {
  it('are the names of the models where these tell them apart', () => {
    expect(runLabels([run('a', { k: 1 }), run('b')])).toEqual(['a', 'b']);
  });

  it('say as much more as tells them apart', () => {
    expect(runLabels([run('a', { k: 1 }), run('a', { k: 2 }), run('b', { k: 1 })])).toEqual(['a k=1', 'a k=2', 'b']);
    const [one, two] = [run('a', {}, { run: 'first' }), run('a', {}, { run: 'second' })];
    expect(runLabels([one, two])).toEqual(['a on tiny 1.0.0 first', 'a on tiny 1.0.0 second']);
  });

  it('differ even for the same run named twice', () => {
    expect(new Set(runLabels([run('a'), run('a')])).size).toBe(2);
  });
});
