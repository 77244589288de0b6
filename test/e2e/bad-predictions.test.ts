/** Every way in which a predictions or probability file can break the public format, through the command line. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2'));
});

async function refused(command: string, content: unknown): Promise<string> {
  writeFileSync(join(place.folder, 'file.json'), typeof content === 'string' ? content : JSON.stringify(content));
  const { code, stdout, stderr } = await place.inside([command, 'file.json', '-d', 'tiny']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^error: file\.json:.*\n( {2}- .*\n)*hint: /);
  expect(stderr).not.toContain('    at ');
  return stderr;
}

const NONE = { eot: [], interruption: [] };
const entry = (id: string, speaker_1: object = NONE) => ({ conversation_id: id, speaker_1, speaker_2: NONE });
const file = (...predictions: object[]) => ({ schema_version: 1, predictions });
const eot = (...times: unknown[]) => file(entry('1', { eot: times, interruption: [] }), entry('2'));

describe('a predictions file', () => {
  it('may have no events at all', async () => {
    writeFileSync(join(place.folder, 'silent.json'), JSON.stringify(file(entry('1'), entry('2'))));
    const { code, stdout } = await place.inside(['score', 'silent.json', '-d', 'tiny']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^EOT +0\.000 \S+ +0\.000 \S+ +— +— +— +0 +6 +0 +2$/m);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"schema_version": 1,', 'file.json:1:22: expected a key'],
    ['another schema', { ...file(), schema_version: 2 }, 'schema_version: expected 1, found 2'],
    ['an unknown key', { ...file(), model: 'x' }, "unknown key 'model'"],
    [
      'a missing speaker',
      file({ conversation_id: '1', speaker_1: NONE }, entry('2')),
      "the key 'speaker_2' is missing",
    ],
    [
      'a text as time',
      eot('1.5'),
      "predictions[0].speaker_1.eot[0] (conversation '1'): expected a number, found '1.5'",
    ],
    ['a negative time', eot(-1), '-1 is no time: expected a finite number of at least 0'],
    ['times that do not increase', eot(1, 2, 2), 'predictions[0].speaker_1.eot[2]'],
    ['a conversation twice', file(entry('1'), entry('2'), entry('1')), "conversation '1' is there more than once"],
    ['a missing conversation', file(entry('1')), "conversation '2' is missing"],
    ['an unknown conversation', file(entry('1'), entry('2'), entry('7')), "conversation '7' is not in the data set"],
    ['a time after the end', eot(6.5), '6.5 s lies behind the end of the audio (6 s)'],
  ])('is refused with the place of its fault: %s', async (_, content, message) => {
    expect(await refused('score', content)).toContain(message);
  });

  it('is refused by check as by score', async () => {
    expect(await refused('check', eot(2, 1))).toBe(await refused('score', eot(2, 1)));
  });
});

describe('a probability file', () => {
  const frames = (value = 0.5, count = 12) => ({ prob: new Array<number>(count).fill(value) });
  const both = (id: string, first = frames()) => ({ conversation_id: id, speaker_1: first, speaker_2: frames() });
  const header = { schema_version: 1, task: 'eot', frame_rate_hz: 2 };

  it.each<[string, unknown, string]>([
    ['another task', { ...header, task: 'EOT', probs: [] }, "task: expected 'eot' or 'int', found 'EOT'"],
    [
      'no frame rate',
      { ...header, frame_rate_hz: 0, probs: [] },
      'frame_rate_hz: expected a finite number above 0, found 0',
    ],
    [
      'a score instead of a probability',
      { ...header, probs: [both('1', frames(1.5)), both('2')] },
      "probs[0].speaker_1.prob[0] (conversation '1'): 1.5 is no probability",
    ],
    [
      'a frame too few',
      { ...header, probs: [both('1'), both('2', frames(0.5, 11))] },
      "probs[1].speaker_1.prob (conversation '2'): 11 values, expected 12 (6 s at 2 Hz, rounded down)",
    ],
    ['a missing conversation', { ...header, probs: [both('1')] }, "conversation '2' is missing"],
  ])('is refused with the place of its fault: %s', async (_, content, message) => {
    expect(await refused('sweep', content)).toContain(message);
  });
});
