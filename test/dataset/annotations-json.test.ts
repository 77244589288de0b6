import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotationsSchema, parseAnnotations } from '../../src/dataset/annotations-json.js';
import { readAnnotations } from '../../src/dataset/annotations-reader.js';

const SEGMENT = { start_s: 0.1, end_s: 0.9, label: 'Normal Turn', text: 'hello' };

function withSegment(segment: unknown) {
  return { speaker_1: { a: [SEGMENT, segment] }, speaker_2: {} };
}

describe('annotations.json', () => {
  it('becomes tracks in the order of annotators, segments in file order, words only where there are some', () => {
    const { text: _, ...silent } = SEGMENT;
    const value = { speaker_2: {}, speaker_1: { c: [], a: [SEGMENT, { ...SEGMENT, text: '' }, silent] } };
    expect(parseAnnotations(value)).toEqual({
      ok: true,
      value: {
        1: [
          {
            annotator: 'a',
            segments: [
              { startS: 0.1, endS: 0.9, label: 'Normal Turn', text: 'hello' },
              { startS: 0.1, endS: 0.9, label: 'Normal Turn' },
              { startS: 0.1, endS: 0.9, label: 'Normal Turn' },
            ],
          },
          { annotator: 'c', segments: [] },
        ],
        2: [],
      },
    });
  });

  it('is refused with every problem and its place', () => {
    const value = {
      speaker_1: { a: [{ ...SEGMENT, end_s: 0 }, { ...SEGMENT, labels: [] }, 3], d: [] },
      speaker_2: { b: [{ start_s: -1, end_s: '2' }] },
    };
    expect(parseAnnotations(value)).toEqual({
      ok: false,
      problems: [
        'speaker_1.a[0].end_s: ends at 0 s, before it starts at 0.1 s: mend or swap the times',
        expect.stringMatching(/^speaker_1\.a\[1\]: .*labels/),
        expect.stringMatching(/^speaker_1\.a\[2\]: .*object/),
        expect.stringMatching(/^speaker_1: .*"d"/),
        expect.stringMatching(/^speaker_2\.b\[0\]\.start_s: /),
        expect.stringMatching(/^speaker_2\.b\[0\]\.end_s: /),
        expect.stringMatching(/^speaker_2\.b\[0\]\.label: /),
      ],
    });
  });

  it.each<[string, unknown]>([
    ['no object', []],
    ['a further speaker', { speaker_1: {}, speaker_2: {}, speaker_3: {} }],
    ['tracks that are a list', { speaker_1: {}, speaker_2: [] }],
    ['a track that is an object', { speaker_1: {}, speaker_2: { a: { 0: SEGMENT } } }],
    ['a track that is null', { speaker_1: {}, speaker_2: { a: null } }],
    ['a hidden key', JSON.parse('{"speaker_1": {}, "speaker_2": {}, "__proto__": {}}')],
    ['a segment with a hidden key', withSegment({ ...JSON.parse('{"__proto__": 1}'), ...SEGMENT })],
    ['text that is null', withSegment({ ...SEGMENT, text: null })],
    ['an endless segment', withSegment({ ...SEGMENT, end_s: Number.POSITIVE_INFINITY })],
    ['a time that is no number', withSegment({ ...SEGMENT, start_s: Number.NaN })],
  ])('with %s is refused', (_, value) => {
    expect(parseAnnotations(value)).toMatchObject({ ok: false });
  });

  it('is read exactly where the published schema accepts it', () => {
    const time = fc.constantFrom<unknown>(
      0,
      -0,
      -1,
      5,
      1e308,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '1',
      null,
      undefined,
    );
    const text = fc.constantFrom<unknown>('', 'hello', 3, null, undefined);
    const good = fc
      .tuple(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.double({ min: 0, max: 60, noNaN: true }), fc.string())
      .map(([start_s, length, label]) => ({ start_s, end_s: start_s + length, label }));
    const segment = fc.oneof(
      { weight: 20, arbitrary: good },
      fc.record({ start_s: time, end_s: time, label: text, text }, { requiredKeys: [] }),
      fc.record({ start_s: fc.constant(1), end_s: time, label: fc.constant(''), text }),
      fc.constantFrom<unknown>(null, [], 'x', 3, { ...SEGMENT, speaker: 1 }),
    );
    const track = fc.oneof({ weight: 20, arbitrary: fc.array(segment, { maxLength: 2 }) }, fc.constant({}));
    const speaker = fc.oneof(
      { weight: 20, arbitrary: fc.record({ a: track, b: track, c: track }, { requiredKeys: [] }) },
      fc.constantFrom<unknown>([], null, { d: [] }),
    );
    const file = fc.record({ speaker_1: speaker, speaker_2: speaker });
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(file, (value) => {
        const read = readAnnotations(value) !== undefined;
        expect(read).toBe(annotationsSchema.safeParse(value).success);
        seen[read ? 'read' : 'refused']++;
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(100);
  });
});
