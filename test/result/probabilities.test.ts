import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/result/format-check.js';
import { formatProbabilities, parseProbabilities } from '../../src/result/probabilities.js';
import { readFixture } from '../helpers/fixtures.js';

interface Entry {
  conversation_id: string;
  speaker_1: { prob: unknown };
  speaker_2: { prob: unknown };
}

interface File {
  schema_version: unknown;
  task: unknown;
  frame_rate_hz: unknown;
  probs: Entry[];
}

interface SweepCase {
  readonly task: string;
  readonly frame_rate_hz: number;
  readonly conversations: readonly { conversation_id: string; duration_s: number }[];
  readonly probs_file: { readonly probs: readonly { conversation_id: string; speaker_2: { prob: number[] } }[] };
}

/** Two conversations of 0.1 s at 25 Hz: two whole frames each. */
const DURATIONS = new Map([
  ['9', 0.1],
  ['10', 0.1],
]);

function file(change: (file: File) => void = () => {}): File {
  const entry = (id: string): Entry => ({
    conversation_id: id,
    speaker_1: { prob: [0, 1] },
    speaker_2: { prob: [0.25, 0.5] },
  });
  const value: File = { schema_version: 1, task: 'int', frame_rate_hz: 25, probs: [entry('10'), entry('9')] };
  change(value);
  return value;
}

function failure(value: unknown): FormatError {
  try {
    parseProbabilities(value, DURATIONS, 'p.json');
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('parseProbabilities', () => {
  it('gives tracks by conversation in natural order', () => {
    const track = { 1: Float64Array.of(0, 1), 2: Float64Array.of(0.25, 0.5) };
    const { tracks, ...header } = parseProbabilities(file(), DURATIONS, 'p.json');
    expect(header).toEqual({ task: 'int', frameRateHz: 25 });
    expect([...tracks]).toEqual([
      ['9', track],
      ['10', track],
    ]);
  });

  it('reads every probability file of the parity vectors', () => {
    const { cases } = readFixture<{ cases: SweepCase[] }>('parity/sweep-open');
    expect(cases).toHaveLength(12);
    for (const { conversations, probs_file, task, frame_rate_hz } of cases) {
      const durations = new Map(conversations.map((each) => [each.conversation_id, each.duration_s]));
      const read = parseProbabilities(probs_file, durations, 'p.json');
      expect(read).toMatchObject({ task, frameRateHz: frame_rate_hz });
      for (const entry of probs_file.probs) {
        expect([...(read.tracks.get(entry.conversation_id)?.[2] ?? [])]).toEqual(entry.speaker_2.prob);
      }
    }
  });

  it.each<[string, (file: File) => void, string, string]>([
    [
      'a wrong task',
      (f) => {
        f.task = 'vad';
      },
      'schema',
      "task: expected 'eot' or 'int', found 'vad'",
    ],
    [
      'a rate of nothing',
      (f) => {
        f.frame_rate_hz = 0;
      },
      'schema',
      'frame_rate_hz: expected a finite number above 0, found 0',
    ],
    [
      'an infinite rate',
      (f) => {
        f.frame_rate_hz = Number.POSITIVE_INFINITY;
      },
      'schema',
      'found Infinity',
    ],
    [
      'another version',
      (f) => {
        f.schema_version = 2;
      },
      'schema',
      'schema_version: expected 1, found 2',
    ],
    [
      'the key of the other format',
      (f) => {
        f.probs[0]!.speaker_1 = { eot: [] } as never;
      },
      'schema',
      "the key 'prob' is missing",
    ],
    [
      'a null among the numbers',
      (f) => {
        f.probs[1]!.speaker_2.prob = [0, null];
      },
      'schema',
      "probs[1].speaker_2.prob[1] (conversation '9'): expected a number, found null",
    ],
    [
      'a logit',
      (f) => {
        f.probs[1]!.speaker_2.prob = [0, 1.5];
      },
      'probabilities_not_in_range',
      "probs[1].speaker_2.prob[1] (conversation '9'): 1.5 is no probability",
    ],
    [
      'not a number',
      (f) => {
        f.probs[1]!.speaker_2.prob = [0, Number.NaN];
      },
      'probabilities_not_in_range',
      'NaN is no probability',
    ],
    [
      'a conversation twice',
      (f) => {
        f.probs.push(f.probs[0]!);
      },
      'duplicate_conversation_ids',
      "conversation '10' is there more than once",
    ],
    [
      'a conversation less',
      (f) => {
        f.probs.pop();
      },
      'missing_conversation_ids',
      "conversation '9' is missing",
    ],
    [
      'a conversation more',
      (f) => {
        f.probs.push({ ...f.probs[0]!, conversation_id: '11' });
      },
      'unknown_conversation_ids',
      "conversation '11' is not in the data set",
    ],
    [
      'a frame too many',
      (f) => {
        f.probs[0]!.speaker_2.prob = [0, 1, 1];
      },
      'wrong_frame_count',
      "probs[0].speaker_2.prob (conversation '10'): 3 values, expected 2 (0.1 s at 25 Hz, rounded down)",
    ],
    [
      'a frame too few',
      (f) => {
        f.probs[0]!.speaker_1.prob = [0];
      },
      'wrong_frame_count',
      '1 values, expected 2',
    ],
  ])('refuses %s', (_, change, verdict, message) => {
    expect(failure(file(change))).toMatchObject({ verdict, message: expect.stringContaining(message) });
  });

  it('checks the range before coverage and coverage before the number of frames', () => {
    const value = file((f) => {
      f.probs[0]!.speaker_1.prob = [0];
    });
    expect(failure(value).verdict).toBe('wrong_frame_count');
    value.probs[0]!.conversation_id = '11';
    expect(failure(value).verdict).toBe('missing_conversation_ids');
    value.probs[0]!.speaker_2.prob = [2, 2];
    expect(failure(value).verdict).toBe('probabilities_not_in_range');
  });
});

describe('formatProbabilities', () => {
  const format = (...args: Parameters<typeof formatProbabilities>) => [...formatProbabilities(...args)].join('');

  it('writes what is read back to the last bit', () => {
    const track = fc.array(
      fc.double({ min: 0, max: 1, noNaN: true }).map((p) => p + 0),
      { minLength: 3, maxLength: 3 },
    );
    const speakers = fc.record({ 1: track, 2: track });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), speakers), fc.constantFrom(12.5, 29.97, 50), (byId, frameRateHz) => {
        const tracks = new Map(
          Object.entries(byId).map(([id, both]) => [
            id,
            { 1: Float64Array.from(both[1]), 2: Float64Array.from(both[2]) },
          ]),
        );
        const durations = new Map([...tracks.keys()].map((id) => [id, 3.5 / frameRateHz]));
        const read = parseProbabilities(JSON.parse(format('eot', frameRateHz, tracks)), durations, 'p.json');
        expect(read.task).toBe('eot');
        expect(Object.fromEntries(read.tracks)).toEqual(Object.fromEntries(tracks));
      }),
    );
  });

  it('writes a line per conversation, in the order in which they come', () => {
    const track = { 1: Float64Array.of(0, 0.1), 2: Float64Array.of(1, 1e-7) };
    expect(format('int', 50, new Map(['9', '10'].map((id) => [id, track])))).toBe(
      '{"schema_version":1,"task":"int","frame_rate_hz":50,"probs":[\n' +
        '{"conversation_id":"9","speaker_1":{"prob":[0,0.1]},"speaker_2":{"prob":[1,1e-7]}},\n' +
        '{"conversation_id":"10","speaker_1":{"prob":[0,0.1]},"speaker_2":{"prob":[1,1e-7]}}\n' +
        ']}\n',
    );
    expect(JSON.parse(format('int', 50, new Map()))).toMatchObject({ probs: [] });
  });

  it('writes nothing that a reader would refuse', () => {
    const tracks = new Map([['9', { 1: Float64Array.of(0, 0), 2: Float64Array.of(0, Number.NaN) }]]);
    expect(() => format('eot', 50, tracks)).toThrow("speaker 2 of '9', frame 1: NaN is no probability");
  });
});
