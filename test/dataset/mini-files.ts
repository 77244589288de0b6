/** The committed files of the bundled data set, as the tests read them. */

import { readdir, readFile } from 'node:fs/promises';
import type { Timeline } from '../../src/dataset/assemble.js';
import { parseSrt, type SrtTrack } from '../../src/dataset/srt.js';

export const DATASETS = new URL('../../datasets/', import.meta.url);
const CONVERSATIONS = new URL('mini/conversations/', DATASETS);

/** In the order of ids. */
export async function miniTimelines(): Promise<Timeline[]> {
  const ids = (await readdir(CONVERSATIONS)).sort();
  return Promise.all(ids.map(async (id) => JSON.parse(await readConversationFile(id, 'timeline.json'))));
}

export async function readConversationFile(id: string, name: string): Promise<string> {
  return readFile(new URL(`${id}/${name}`, CONVERSATIONS), 'utf8');
}

export async function miniTrack(id: string, speaker: 1 | 2, annotator: string): Promise<SrtTrack> {
  return parseSrt(await readConversationFile(id, `speaker_${speaker}_annotation_${annotator}.srt`));
}
