import { describe, expect, it } from 'vitest';
import { SPEAKERS, speakerKey } from '../../src/core/speaker.js';
import { commitEvents, refractoryFrames } from '../../src/decide/commit.js';
import { buildGold } from '../../src/gold/build.js';
import { percentile, sortNumbers } from '../../src/stats/percentile.js';
import { candidateThresholds } from '../../src/sweep/candidates.js';
import { UNIFORM_THRESHOLDS } from '../../src/sweep/grid.js';
import { operatingPoint } from '../../src/sweep/operating-point.js';
import { type ProbabilityRow, sweepProbabilities } from '../../src/sweep/probabilities.js';
import { bySpeaker, readMicro, readSweep, type StoredProbs, type SweepCase, toAnnotations } from '../helpers/parity.js';

// Outputs of the public reference scorer, commit a87ffac; `toEqual` compares numbers with Object.is.

const sweep = readSweep();

describe('sweep building blocks against the public reference, to the last bit', () => {
  const micro = readMicro();

  it(`takes ${micro.percentile.length * 3} percentiles`, () => {
    for (const { values, p10, p50, p90 } of micro.percentile) {
      const sorted = sortNumbers(values);
      expect([10, 50, 90].map((q) => percentile(sorted, q / 100) ?? null)).toEqual([p10, p50, p90]);
    }
  });

  it(`commits the events of ${micro.commit_events.length} tracks`, () => {
    for (const [i, vector] of micro.commit_events.entries()) {
      const { prob, frame_rate_hz, theta, refractory_s } = vector;
      expect(refractoryFrames(frame_rate_hz, refractory_s)).toBe(vector.refractory_frames);
      expect(commitEvents(prob, frame_rate_hz, theta, refractory_s), `track ${i}`).toEqual(vector.expected);
    }
  });

  it(`proposes the candidate thresholds of ${micro.candidate_thetas.length} probability files`, () => {
    for (const { probs_file, n, expected } of micro.candidate_thetas) {
      expect(candidateThresholds(tracksOf(probs_file), n)).toEqual(expected);
    }
  });

  it('has the uniform thresholds of the public sweep', () => {
    expect(UNIFORM_THRESHOLDS).toEqual(sweep.uniform_thetas);
  });
});

describe(`${sweep.cases.length} probability sweeps against the public reference, to the last bit`, () => {
  for (const vector of sweep.cases) {
    const { expected } = vector;
    const rowCount = expected.candidate_rows.length + expected.uniform_rows.length;

    it(`${vector.name}: ${rowCount} rows and their operating points`, () => {
      expect(refractoryFrames(vector.frame_rate_hz, vector.refractory_s)).toBe(vector.refractory_frames);
      const candidates = candidateThresholds(tracksOf(vector.probs_file));
      expect(candidates).toEqual(expected.candidate_rows.map(([theta]) => theta));
      expect(candidateThresholds(tracksOf(vector.probs_file), 16)).toEqual(expected.candidate_thetas_n16);

      const rows = sweepCase(vector, candidates);
      expect(rows.map(toStoredRow)).toEqual(expected.candidate_rows);
      expect(choose(rows)).toEqual(expected.operating_point);

      const uniform = sweepCase(vector, UNIFORM_THRESHOLDS);
      expect(uniform.map(toStoredRow)).toEqual(expected.uniform_rows);
      expect(choose(uniform)).toEqual(expected.uniform_operating_point);
    });

    it(`${vector.name}: events committed at 0.5`, () => {
      for (const conversation of vector.probs_file.probs) {
        for (const speaker of SPEAKERS) {
          const { prob } = conversation[speakerKey(speaker)];
          expect(commitEvents(prob, vector.frame_rate_hz, 0.5, vector.refractory_s)).toEqual(
            expected['commits_at_0.5'][conversation.conversation_id]?.[speakerKey(speaker)],
          );
        }
      }
    });
  }
});

function tracksOf({ probs }: StoredProbs): number[][] {
  return probs.flatMap((conversation) => [conversation.speaker_1.prob, conversation.speaker_2.prob]);
}

function sweepCase(vector: SweepCase, thresholds: readonly number[]): ProbabilityRow[] {
  const conversations = vector.conversations.map(({ annotations }, i) => {
    const prob = bySpeaker(vector.probs_file.probs[i]!);
    return { gold: buildGold(toAnnotations(annotations)), prob: { 1: prob[1].prob, 2: prob[2].prob } };
  });
  return sweepProbabilities(conversations, {
    task: vector.task,
    frameRateHz: vector.frame_rate_hz,
    refractoryS: vector.refractory_s,
    thresholds,
  });
}

function choose(rows: readonly ProbabilityRow[]): unknown {
  const best = operatingPoint(rows, sweep.fp_budget, (row) => row);
  return best === undefined ? null : toStoredRow(best);
}

function toStoredRow(row: ProbabilityRow): (number | null)[] {
  return [
    row.threshold,
    row.recall ?? null,
    row.fpRate ?? null,
    row.falseIntRate ?? null,
    row.latencyP10Ms ?? null,
    row.latencyP50Ms ?? null,
    row.latencyP90Ms ?? null,
    row.tp,
    row.fp,
    row.fn,
  ];
}
