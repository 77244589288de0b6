import { describe, expect, it } from 'vitest';
import type { LabelledInterval } from '../../src/core/gold.js';
import { perSpeaker } from '../../src/core/speaker.js';
import { buildGold } from '../../src/gold/build.js';
import { type Consensus, findConsensus, labelled } from '../../src/gold/consensus.js';
import { exportGold } from '../../src/gold/export.js';
import { mergeIntervals } from '../../src/gold/intervals.js';
import { LABEL_VIEW, TURN_VIEW } from '../../src/gold/labels.js';
import { marksOf } from '../../src/gold/marks.js';
import { median, round4 } from '../../src/gold/rounding.js';
import { parity, readConsensus, readMicro, toAnnotations } from '../helpers/parity.js';

// Inputs and outputs of the public reference scorer (SesameAILabs/turnbench, commit a87ffac). Every number must be the
// same double: `toEqual` compares numbers with Object.is.

describe('gold against the public reference, to the last bit', () => {
  const micro = readMicro();

  it(`rounds ${micro.round4.length} values to four decimals`, () => {
    expect(micro.round4.map(([x]) => round4(x))).toEqual(micro.round4.map(([, expected]) => expected));
  });

  it(`takes and rounds ${micro.median.length} medians`, () => {
    for (const { values, median: expected, round4: rounded } of micro.median) {
      const [a = Number.NaN, b = Number.NaN, c] = values;
      expect(median(a, b, c)).toBe(expected);
      expect(round4(median(a, b, c))).toBe(rounded);
    }
  });

  it(`merges ${micro.merge_intervals.length} lists of intervals`, () => {
    for (const { intervals, expected } of micro.merge_intervals) {
      const merged = mergeIntervals(intervals.map(([startS, endS]) => ({ startS, endS })));
      expect(merged.map(({ startS, endS }) => [startS, endS])).toEqual(expected);
    }
  });

  const consensus = readConsensus();
  it(`finds the consensus of ${consensus.length} conversations in both views`, () => {
    expect(consensus.map((expected) => expected.conversation_id)).toEqual(
      parity.conversations.map((conversation) => conversation.conversation_id),
    );
    for (const [i, { conversation_id, ...expected }] of consensus.entries()) {
      const annotations = toAnnotations(parity.conversations[i]!.annotations);
      const marks = perSpeaker((speaker) => marksOf(annotations[speaker]));
      const labels = bothSpeakers(findConsensus(marks, LABEL_VIEW, labelled));
      const turns = bothSpeakers(findConsensus(marks, TURN_VIEW, labelled));
      const span = ({ speaker, startS, endS }: { speaker: number; startS: number; endS: number }) => ({
        speaker,
        start: startS,
        end: endS,
      });
      expect(
        {
          label_events: labels.events.map((event) => ({ ...span(event), label: event.label })),
          turn_events: turns.events.map((event) => ({ ...span(event), label: event.label })),
          label_excluded: labels.excluded.map(span),
          turn_excluded: turns.excluded.map(span),
        },
        conversation_id,
      ).toEqual(expected);
    }
  });

  it(`builds the gold of ${parity.conversations.length} conversations`, () => {
    for (const { conversation_id, kind, annotations, gold } of parity.conversations) {
      expect(exportGold(buildGold(toAnnotations(annotations))), `${conversation_id} (${kind})`).toEqual(gold);
    }
  });
});

/** Speaker 1 first. */
function bothSpeakers({ 1: first, 2: second }: Consensus<LabelledInterval>) {
  return { events: [...first.events, ...second.events], excluded: [...first.excluded, ...second.excluded] };
}
