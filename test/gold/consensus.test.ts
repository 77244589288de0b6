import { describe, expect, it } from 'vitest';
import type { Annotations } from '../../src/core/conversation.js';
import { perSpeaker } from '../../src/core/speaker.js';
import { findConsensus, labelled } from '../../src/gold/consensus.js';
import { LABEL_VIEW } from '../../src/gold/labels.js';
import { marksOf } from '../../src/gold/marks.js';
import { BACKCHANNEL, type Mark, segmentsOf } from '../helpers/gold.js';

/** Consensus of speaker 1, each argument one annotator. */
function consensusOf(...tracks: (readonly Mark[])[]) {
  const annotations: Annotations = {
    1: tracks.map((marks, i) => ({ annotator: 'abc'[i] ?? '?', segments: segmentsOf(marks) })),
    2: [],
  };
  const { events, excluded } = findConsensus(
    perSpeaker((speaker) => marksOf(annotations[speaker])),
    LABEL_VIEW,
    labelled,
  )[1];
  return {
    events: events.map(({ startS, endS }) => [startS, endS]),
    excluded: excluded.map(({ startS, endS }) => [startS, endS]),
  };
}

describe('consensus of annotators', () => {
  it('takes the median of three who agree, and the mean of two', () => {
    expect(consensusOf([[1.0, 2.0]], [[1.1, 2.1]], [[1.05, 2.15]])).toEqual({ events: [[1.05, 2.1]], excluded: [] });
    expect(consensusOf([[1.0, 2.0]], [[1.1, 2.1]])).toEqual({ events: [[1.05, 2.05]], excluded: [] });
  });

  it('drops the annotator who is too far off, and does not exclude what the others explain', () => {
    // a  |-----|            1.0–2.0
    // b  |-----|            1.0–2.0
    // c  |---------|        1.0–2.5: its end is 0.5 s off, and it overlaps the accepted event
    expect(consensusOf([[1.0, 2.0]], [[1.0, 2.0]], [[1.0, 2.5]])).toEqual({ events: [[1, 2]], excluded: [] });
  });

  it('excludes what nobody confirms, merged where it touches', () => {
    // a  |---|              1–2
    // b      |---|          2–3: touches
    // c             |---|   5–6
    expect(consensusOf([[1, 2]], [[2, 3]], [[5, 6]])).toEqual({
      events: [],
      excluded: [
        [1, 3],
        [5, 6],
      ],
    });
  });

  it('asks for the same canonical label, not for the same fine one', () => {
    expect(consensusOf([[1, 2, 'Normal Turn']], [[1, 2, 'Filler']]).events).toEqual([[1, 2]]);
    expect(consensusOf([[1, 2, 'Normal Turn']], [[1, 2, BACKCHANNEL]]).events).toEqual([]);
  });

  it('tries only the nearest candidate, in the file order of equals', () => {
    // Both candidates of b start 0.125 s away; the first in the file has the wrong end, and no other is tried.
    expect(
      consensusOf(
        [[1, 2]],
        [
          [1.125, 3],
          [0.875, 2],
        ],
        [],
      ).events,
    ).toEqual([]);
    expect(
      consensusOf(
        [[1, 2]],
        [
          [0.875, 2],
          [1.125, 3],
        ],
        [],
      ).events,
    ).toEqual([[0.9375, 2]]);
  });

  it('has b and c agree where a is silent, in the order in which they are accepted', () => {
    const { events } = consensusOf(
      [[8, 9]],
      [
        [1, 2],
        [8, 9],
      ],
      [[1, 2]],
    );
    expect(events).toEqual([
      [8, 9],
      [1, 2],
    ]);
  });

  it('takes a single annotator at his word: as annotated, in file order, nothing excluded', () => {
    expect(
      consensusOf([
        [5.123456, 6],
        [1, 2, 'Unheard of'],
        [1, 2],
      ]),
    ).toEqual({
      events: [
        [5.123456, 6],
        [1, 2],
      ],
      excluded: [],
    });
  });

  it('has nothing to say without annotators, and refuses more than three', () => {
    expect(consensusOf()).toEqual({ events: [], excluded: [] });
    expect(() => consensusOf([], [], [], [])).toThrow('4 annotators');
  });
});
