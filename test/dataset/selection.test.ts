import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/conversation.js';
import { selectIds } from '../../src/dataset/selection.js';

const TAGS: Record<string, Record<string, string>> = {
  '1': { conversation_type: 'casual', language: 'en' },
  '2': { conversation_type: 'narrative', language: 'en' },
  '10': { conversation_type: 'casual', language: 'de' },
  '11': { conversation_type: 'casual', note: 'a=b' },
};

const DATASET: Dataset = {
  location: 'tiny',
  info: { name: 'tiny', version: '1', licence: '', description: '', language: '', revision: '' },
  ids: ['1', '2', '10', '11'],
  warnings: [],
  open: async (id) => ({ id, tags: TAGS[id] ?? {}, durationS: 1 }),
};

describe('selectIds', () => {
  it('takes everything when nothing is said', async () => {
    expect(await selectIds(DATASET, {})).toEqual(['1', '2', '10', '11']);
  });

  it('keeps the natural order of named ids, and each once', async () => {
    expect(await selectIds(DATASET, { ids: ['10', '2', '10'] })).toEqual(['2', '10']);
  });

  it('needs every tag to match, and cuts off last', async () => {
    expect(await selectIds(DATASET, { where: ['conversation_type=casual'] })).toEqual(['1', '10', '11']);
    expect(await selectIds(DATASET, { where: ['conversation_type=casual', 'language=de'] })).toEqual(['10']);
    expect(await selectIds(DATASET, { where: ['conversation_type=casual'], ids: ['2', '10', '11'], limit: 1 })).toEqual(
      ['10'],
    );
    expect(await selectIds(DATASET, { where: ['note=a=b'], limit: 99 })).toEqual(['11']);
  });

  it.each([
    [{ ids: ['12'] }, "unknown conversation '12': did you mean '1'?", 'available: 1, 2, 10, 11'],
    [{ ids: [] }, 'no conversation is selected', 'name at least one id'],
    [
      { where: ['conversation_typ=casual'] },
      "did you mean 'conversation_type'?",
      'available: conversation_type, language, note',
    ],
    [
      { where: ['conversation_type=Casual'] },
      'no conversation is left where conversation_type=Casual',
      'values of conversation_type: casual, narrative',
    ],
    [{ where: ['language=de'], ids: ['1'] }, 'no conversation is left where language=de', 'values of language: en'],
    [{ where: ['casual'] }, "'casual' is not tag=value", 'such as conversation_type=casual'],
    [{ limit: 0 }, 'cannot select the first 0 conversations', 'give a whole number of at least 1'],
    [{ limit: 1.5 }, 'cannot select the first 1.5 conversations', 'give a whole number of at least 1'],
  ])('refuses %j', async (selection, message, hint) => {
    await expect(selectIds(DATASET, selection)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      hint,
    });
  });
});
