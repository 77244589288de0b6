import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Annotations } from '../../src/core/conversation.js';
import { annotatorAgreement } from '../../src/corpus/agreement.js';
import { BACKCHANNEL, type Mark, segmentsOf } from '../helpers/gold.js';

/** What each annotator marked of speaker 1; speaker 2 is silent. */
function annotated(marks: Readonly<Record<string, readonly Mark[]>>): Annotations {
  const tracks = Object.entries(marks).map(([annotator, list]) => ({ annotator, segments: segmentsOf(list) }));
  return { 1: tracks, 2: tracks.map(({ annotator }) => ({ annotator, segments: [] })) };
}

const agreementOf = (marks: Readonly<Record<string, readonly Mark[]>>, durationS = 10) =>
  annotatorAgreement([{ annotations: annotated(marks), durationS }]);

/**
 *        0        2   3     4        5    6
 *   a    |--------|   |-----|        |bc|         0–2, 3–4, 5–5.4
 *   b     |--------|   |-------|          |bc|    0.1–2.1, 3.15–4.5, 6–6.4
 */
const WORLD = {
  a: [
    [0, 2],
    [3, 4],
    [5, 5.4, BACKCHANNEL],
  ],
  b: [
    [0.1, 2.1],
    [3.15, 4.5],
    [6, 6.4, BACKCHANNEL],
  ],
} satisfies Record<string, Mark[]>;

describe('agreement of annotators', () => {
  it('matches segments of one label by their onsets, and by onset and end', () => {
    const [{ pair, all, labels }] = agreementOf(WORLD) as [ReturnType<typeof agreementOf>[number]];
    expect(pair).toBe('a-b');
    expect(labels).toEqual({
      Turn: { first: 2, second: 2, onsets: 2, spans: 1, onset_f1: 1, span_f1: 0.5 },
      Backchannel: { first: 1, second: 1, onsets: 0, spans: 0, onset_f1: 0, span_f1: 0 },
    });
    expect(all).toEqual({ first: 3, second: 3, onsets: 2, spans: 1, onset_f1: 4 / 6, span_f1: 2 / 6 });
  });

  it('compares who holds the floor step by step, pauses included, beyond chance', () => {
    // 1000 steps of both speakers: a holds 0–4 (200), b 0.1–4.5 (220), both 0.1–4 (195), neither 775
    const { floor } = agreementOf(WORLD)[0]!;
    expect(floor.steps).toBe(1000);
    expect(floor.agreement).toBe(0.97);
    expect(floor.kappa).toBeCloseTo((0.97 - 0.668) / (1 - 0.668), 12);
  });

  it('is full between equals, and has no kappa where nobody speaks', () => {
    const [same] = agreementOf({ a: WORLD.a, b: WORLD.a });
    expect(same).toMatchObject({ all: { onset_f1: 1, span_f1: 1 }, floor: { agreement: 1, kappa: 1 } });
    const [silent] = agreementOf({ a: [], b: [] });
    expect(silent).toMatchObject({ all: { onset_f1: null, span_f1: null }, floor: { agreement: 1, kappa: null } });
    expect(agreementOf({ a: [], b: [] }, 0)[0]!.floor).toEqual({ steps: 0, agreement: null, kappa: null });
  });

  it('counts 0.2 s as within 0.2 s, and ignores labels that no view knows', () => {
    const [pair] = agreementOf({
      a: [
        [0, 1],
        [4, 5, 'Cough'],
      ],
      b: [
        [0.2, 1.2],
        [4, 5, 'Cough'],
      ],
    });
    expect(pair!.all).toMatchObject({ first: 1, second: 1, spans: 1 });
  });

  it('matches as many as possible, whatever the order', () => {
    // a: 0.2, 0     b: 0.2, 0.4: the first of a must leave 0.2 to the second
    const [pair] = agreementOf({
      a: [
        [0.2, 3],
        [0, 3],
      ],
      b: [
        [0.2, 3],
        [0.4, 3],
      ],
    });
    expect(pair!.all.onsets).toBe(2);
  });

  it('has every pair of three, and adds up conversations that two of them share', () => {
    const three = { annotations: annotated({ ...WORLD, c: [] }), durationS: 10 };
    const two = { annotations: annotated(WORLD), durationS: 10 };
    const pairs = annotatorAgreement([two, three]);
    expect(pairs.map(({ pair, conversations, all }) => [pair, conversations, all.first, all.second])).toEqual([
      ['a-b', 2, 6, 6],
      ['a-c', 1, 3, 0],
      ['b-c', 1, 3, 0],
    ]);
    expect(annotatorAgreement([{ annotations: annotated({ a: WORLD.a }), durationS: 10 }])).toEqual([]);
  });

  it('does not depend on who comes first', () => {
    const marks = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 10 }))
        .map(([start, length]): Mark => [start / 10, (start + length) / 10]),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(marks, marks, (a, b) => {
        const [there, back] = [agreementOf({ a, b })[0]!, agreementOf({ a: b, b: a })[0]!];
        expect(back.all).toEqual({ ...there.all, first: there.all.second, second: there.all.first });
        expect(back.floor.kappa).toBe(there.floor.kappa);
      }),
    );
  });
});
