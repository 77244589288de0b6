import type { ScoredConversation, ScoredRun } from '../../src/compare/scored-run.js';
import type { Counts } from '../../src/core/counts.js';
import { zeroCounts } from '../../src/score/counts.js';

/** A whole run over conversations 1, 2, 3 … of odd and even type. */
export function scoredRunOf(counts: readonly Partial<Counts>[], change: Partial<ScoredRun> = {}): ScoredRun {
  const conversations = counts.map((some, i): [string, ScoredConversation] => [
    String(i + 1),
    { tags: { conversation_type: i % 2 === 0 ? 'odd' : 'even' }, counts: { ...zeroCounts(), ...some } },
  ]);
  return {
    source: 'results/a-run',
    model: { name: 'energy-vad', options: {}, input_sample_rate_hz: 16_000, code_sha256: null, weights: [] },
    dataset: { name: 'tiny', version: '1.0.0', revision: '0123456789ab' },
    rules: { scorerVersion: 1, goldVersion: 1, commitRule: 'floor-edges' },
    operatingThreshold: 0.5,
    status: 'success',
    failures: [],
    conversations: new Map(conversations),
    ...change,
  };
}

/** Of ten turn ends, so many found, each so late; of ten pauses, so many taken for ends. */
export function endsFound(tp: number, latencyMs = 100, fp = 0): Partial<Counts> {
  return { eot: { tp, fn: 10 - tp, fp, tn: 10 - fp, latenciesMs: Array<number>(tp).fill(latencyMs) } };
}
