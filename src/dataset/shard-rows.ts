/** Values of parquet rows in the form of the files of a data-set folder, so that both are checked by one reader. */

import { SPEAKERS, speakerKey } from '../core/speaker.js';
import type { Row } from '../parquet/shard.js';
import { ANNOTATORS } from './annotations-reader.js';

/** Columns of the public corpora that are read before any audio. */
export const CONVERSATION_COLUMNS = [
  'conversation_id',
  ...SPEAKERS.flatMap((speaker) => ANNOTATORS.map((annotator) => `${speakerKey(speaker)}_annotation_${annotator}`)),
  'metadata',
];
export const TURN_COLUMNS = ['id', 'language', 'silence_spans', 'messages', 'words'];

/** As in `annotations.json`. A track that is null has nothing in it; annotators without a column are left out. */
export function annotationsOf(row: Row): Record<string, Record<string, unknown>> {
  const tracks = SPEAKERS.map((speaker) => {
    const named = ANNOTATORS.flatMap((annotator) => {
      const track = row[`${speakerKey(speaker)}_annotation_${annotator}`];
      return track === undefined ? [] : [[annotator, (withoutNulls(plain(track)) ?? []) as unknown] as const];
    });
    return [speakerKey(speaker), Object.fromEntries(named)] as const;
  });
  return Object.fromEntries(tracks);
}

/** As in `metadata.json`: a struct, or JSON as text. */
export function metadataOf({ metadata }: Row): unknown {
  if (metadata === undefined || metadata === null || metadata === '') return {};
  const value = typeof metadata === 'string' ? (JSON.parse(metadata) as unknown) : plain(metadata);
  return withoutNulls(value);
}

/** As a row of `turns.jsonl`. */
export function turnOf(row: Row): unknown {
  const chosen = TURN_COLUMNS.filter((column) => column in row).map((column) => [column, plain(row[column])]);
  return withoutNulls({ ...Object.fromEntries(chosen), audio: 'in the shard' });
}

/** 64-bit integers as numbers, and a struct of lists, as older tools write a list of structs, as that list. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, plain(item)] as const);
  const lists = entries.map(([, item]) => item);
  const length = Array.isArray(lists[0]) ? lists[0].length : -1;
  if (!lists.every((list) => Array.isArray(list) && list.length === length)) return Object.fromEntries(entries);
  return Array.from({ length }, (_, i) =>
    Object.fromEntries(entries.map(([key, list]) => [key, (list as unknown[])[i]])),
  );
}

/** A field that is null is not there. */
function withoutNulls(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object') return value;
  const kept = Object.entries(value as object).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
