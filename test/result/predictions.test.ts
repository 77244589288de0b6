import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import type { ConversationEvents } from '../../src/core/events.js';
import { FormatError } from '../../src/result/format-check.js';
import { eventsToDisk, formatPredictions, parsePredictions } from '../../src/result/predictions.js';
import { readFixture } from '../helpers/fixtures.js';

interface ValidationCase {
  readonly name: string;
  readonly submission: unknown;
  readonly durations_s: Readonly<Record<string, number>>;
  readonly verdict: string;
}

interface Entry {
  conversation_id: string;
  speaker_1: { eot: unknown; interruption: unknown };
  speaker_2: { eot: unknown; interruption: unknown };
}

const { submission_validation: cases } = readFixture<{ submission_validation: ValidationCase[] }>('parity/micro-open');

const DURATIONS = new Map([
  ['9', 60],
  ['10', 100],
]);

const entry = (id: string): Entry => ({
  conversation_id: id,
  speaker_1: { eot: [], interruption: [] },
  speaker_2: { eot: [], interruption: [] },
});

/** A valid file for the two conversations, after one change. */
function file(change: (entries: [Entry, Entry]) => void = () => {}): unknown {
  const entries: [Entry, Entry] = [entry('9'), entry('10')];
  change(entries);
  return { schema_version: 1, predictions: entries };
}

function failure(value: unknown): FormatError {
  try {
    parsePredictions(value, DURATIONS, 'p.json');
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('parsePredictions', () => {
  it.each(cases.map((testCase) => [testCase.name, testCase] as const))(
    'judges %s as the public validation does',
    (_, testCase) => {
      const durations = new Map(Object.entries(testCase.durations_s));
      const parse = () => parsePredictions(testCase.submission, durations, 'p.json');
      if (testCase.verdict === 'ok') expect([...parse().keys()]).toEqual(['9', '10', '233']);
      else expect(parse).toThrow(expect.objectContaining({ verdict: testCase.verdict }));
    },
  );

  it('has a vector for every verdict of the public validation', () => {
    expect(cases).toHaveLength(34);
    expect(new Set(cases.map(({ verdict }) => verdict)).size).toBe(8);
  });

  it('gives events by conversation in natural order, with the doubles of the file', () => {
    const value = file((entries) => {
      entries[0].speaker_1 = { eot: [0, 12.84, 60], interruption: [0.1] };
      entries.reverse();
    });
    expect([...parsePredictions(value, DURATIONS, 'p.json')]).toEqual([
      ['9', { 1: { eot: [0, 12.84, 60], int: [0.1] }, 2: { eot: [], int: [] } }],
      ['10', { 1: { eot: [], int: [] }, 2: { eot: [], int: [] } }],
    ]);
  });

  it.each<[unknown, string]>([
    [null, 'p.json: expected an object, found null'],
    [{ schema_version: 1, predictions: [], model: 'x' }, "unknown key 'model'"],
    [{ schema_version: true, predictions: [] }, 'schema_version: expected 1, found true'],
    [{ schema_version: 1, predictions: [3] }, 'predictions[0]: expected an object, found 3'],
    [
      file(([, second]) => {
        second.conversation_id = 10 as never;
      }),
      'predictions[1].conversation_id: expected a text, found 10',
    ],
    [
      file(([, second]) => {
        second.speaker_2 = [] as never;
      }),
      "predictions[1].speaker_2 (conversation '10'): expected an object, found a list",
    ],
    [
      file(([first]) => {
        first.speaker_1 = { eot: [], interuption: [] } as never;
      }),
      "predictions[0].speaker_1 (conversation '9'): unknown key 'interuption': did you mean 'interruption'?",
    ],
    [
      file(([first]) => {
        first.speaker_1.eot = [1, '2'];
      }),
      "predictions[0].speaker_1.eot[1] (conversation '9'): expected a number, found '2'",
    ],
    [
      file(([first]) => {
        first.speaker_1.eot = { 0: 1 };
      }),
      "predictions[0].speaker_1.eot (conversation '9'): expected a list of numbers, found an object",
    ],
  ])('locates a breach of the schema: %j', (value, message) => {
    expect(failure(value)).toMatchObject({ verdict: 'schema', message: expect.stringContaining(message) });
  });

  it('refuses NaN and infinity, which a program can pass though no file can', () => {
    for (const timeS of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(
        failure(
          file(([first]) => {
            first.speaker_2.eot = [1, timeS];
          }),
        ),
      ).toMatchObject({
        verdict: 'times_not_finite_nonnegative',
        message: `p.json: predictions[0].speaker_2.eot[1] (conversation '9'): ${timeS} is no time: expected a finite number of at least 0`,
      });
    }
  });

  it('checks in the public order: schema, range, order, duplicate, missing, unknown, end', () => {
    const faults: [string, (entries: [Entry, Entry, ...Entry[]]) => void][] = [
      [
        'event_past_end',
        ([, second]) => {
          second.speaker_1.eot = [1000];
        },
      ],
      [
        'unknown_conversation_ids',
        (entries) => {
          entries.push(entry('11'));
        },
      ],
      [
        'missing_conversation_ids',
        (entries) => {
          entries[0].conversation_id = '12';
        },
      ],
      [
        'duplicate_conversation_ids',
        (entries) => {
          entries.push(entry('10'));
        },
      ],
      [
        'times_not_increasing',
        ([, second]) => {
          second.speaker_1.interruption = [2, 2];
        },
      ],
      [
        'times_not_finite_nonnegative',
        ([, second]) => {
          second.speaker_2.interruption = [-1];
        },
      ],
      [
        'schema',
        ([, second]) => {
          second.speaker_2.eot = ['x'];
        },
      ],
    ];
    const value = file();
    for (const [verdict, breakIt] of faults) {
      breakIt((value as { predictions: [Entry, Entry] }).predictions);
      expect(failure(value).verdict).toBe(verdict);
    }
  });

  it('reports everything that one check finds, and stays readable when that is much', () => {
    const { message, hint } = failure(
      file(([first, second]) => {
        first.speaker_1.eot = [60, 60.5];
        second.speaker_2.interruption = Array.from({ length: 30 }, (_, i) => 12_840 + i);
      }),
    );
    const lines = message.split('\n');
    expect(lines[0]).toBe('p.json: 31 problems');
    expect(lines[1]).toBe(
      "  - predictions[0].speaker_1.eot[1] (conversation '9'): 60.5 s lies behind the end of the audio (60 s)",
    );
    expect(lines.at(-1)).toBe('  … and 11 more');
    expect(hint).toContain('not milliseconds');
  });

  it('names unknown ids beside missing ones, because they are often the same conversations', () => {
    const { verdict, hint } = failure(
      file(([first]) => {
        first.conversation_id = '09';
      }),
    );
    expect(verdict).toBe('missing_conversation_ids');
    expect(hint).toContain('not in the data set: 09');
  });

  it('fails in a way that users can act on', () => {
    expect(failure(file((entries) => entries.pop()))).toBeInstanceOf(UserError);
  });
});

describe('formatPredictions', () => {
  const times = fc
    .array(fc.double({ min: 0, max: 1e4, noNaN: true }), { maxLength: 6 })
    .map((list) => [...new Set(list.map((t) => t + 0))].sort((a, b) => a - b));
  const speaker = fc.record({ eot: times, int: times });
  const conversation = fc.record({ 1: speaker, 2: speaker });

  it('writes what is read back to the last bit', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), conversation), (byId) => {
        const events = new Map<string, ConversationEvents>(Object.entries(byId));
        const durations = new Map([...events.keys()].map((id) => [id, 1e4]));
        const onDisk = new Map([...events].map(([id, those]) => [id, eventsToDisk(those)]));
        const read = parsePredictions(JSON.parse(formatPredictions(onDisk)), durations, 'p.json');
        expect(Object.fromEntries(read)).toEqual(byId);
      }),
    );
  });

  it('writes the same bytes whatever order conversations finished in', () => {
    const events = eventsToDisk({ 1: { eot: [1], int: [] }, 2: { eot: [], int: [2.5] } });
    const text = formatPredictions(new Map(['10', '9'].map((id) => [id, events])));
    expect(text).toBe(
      '{"schema_version":1,"predictions":[\n' +
        '{"conversation_id":"9","speaker_1":{"eot":[1],"interruption":[]},"speaker_2":{"eot":[],"interruption":[2.5]}},\n' +
        '{"conversation_id":"10","speaker_1":{"eot":[1],"interruption":[]},"speaker_2":{"eot":[],"interruption":[2.5]}}\n' +
        ']}\n',
    );
  });

  it('writes nothing that a reader would refuse', () => {
    for (const eot of [[Number.NaN], [-1], [2, 1], [1, 1], [Number.POSITIVE_INFINITY]]) {
      const events = { 1: { eot: [], int: [] }, 2: { eot, int: [] } };
      expect(() => eventsToDisk(events)).toThrow('speaker 2, EOT, index ');
    }
  });
});
