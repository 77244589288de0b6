import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProbabilities } from '../../src/result/probabilities.js';
import { mergedProbabilities } from '../../src/run/merged-probabilities.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';

const folder = temporaryFolder();
const IDS = ['1', '2', 'with "quotes", commas', '10', 'ünï'];

function textOf(ids: readonly string[]): string {
  const tracks = ids.map((id) => [id, { 1: Float64Array.of(0.1, id.length / 100), 2: Float64Array.of(1e-9) }] as const);
  return [...formatProbabilities('eot', 50, tracks)].join('');
}

function fileOf(name: string, text: string): string {
  writeFileSync(join(folder(), name), text);
  return join(folder(), name);
}

async function merged(files: readonly string[]): Promise<string> {
  let text = '';
  for await (const piece of mergedProbabilities(files, IDS)) text += piece;
  return text;
}

describe('merged probability files', () => {
  it('are, to the byte, the file of all conversations, whoever has which, and however often', async () => {
    const owners = fc.array(fc.subarray([0, 1, 2], { minLength: 1 }), { minLength: IDS.length, maxLength: IDS.length });
    await fc.assert(
      fc.asyncProperty(owners, async (holders) => {
        const files = [0, 1, 2]
          .map((shard) => IDS.filter((_, i) => holders[i]!.includes(shard)))
          .flatMap((ids, shard) => (ids.length > 0 ? [fileOf(`${shard}.json`, textOf(ids))] : []));
        expect(await merged(files)).toBe(textOf(IDS));
      }),
      { numRuns: 30 },
    );
  });

  it('leave out conversations that no file has', async () => {
    expect(await merged([fileOf('a', textOf(['1'])), fileOf('b', textOf(['10']))])).toBe(textOf(['1', '10']));
  });

  const whole = textOf(['1', '2']);
  it.each([
    ['ends too early', whole.slice(0, -4)],
    ['is torn in a line', whole.slice(0, whole.length / 2)],
    ['is of another task', whole.replace('"eot"', '"int"')],
    ['has a conversation that is not asked for', whole.replace('"2"', '"3"')],
    ['is in another order', textOf(['2', '1'])],
    ['is empty', ''],
  ])('refuse a file that %s', async (_, text) => {
    const files = [fileOf('good.json', textOf(['10'])), fileOf('bad.json', text)];
    await expect(merged(files)).rejects.toThrow('bad.json is not as this version writes probability files');
  });
});
