/**
 * A data set in parquet shards, one row per conversation or per user turn. Annotations are read a row group at a time;
 * of audio only the headers, by the ranges they lie in. Where audio is compressed by the file itself, or too short to
 * be worth a request each, the shard is fetched as a whole.
 */

import { type AudioSource, type Conversation, compareIds } from '../core/conversation.js';
import { EXIT, messageOf, UserError } from '../core/errors.js';
import { SPEAKERS, speakerKey } from '../core/speaker.js';
import { canonicalJson, sha256Text } from '../io/hash.js';
import { openBlobColumn, openShard, type Row, readRows, type Shard } from '../parquet/shard.js';
import { parseAnnotations } from './annotations-json.js';
import { collidingIds, missingAnnotators } from './consistency.js';
import { type ConversationReading, checkEnds, checkStatedDuration } from './conversation.js';
import { turnConversation } from './eot.js';
import { parseTurnRow } from './eot-rows.js';
import { attempt, type Findings, noFindings, note } from './findings.js';
import { parseMetadata } from './metadata.js';
import { type ShardAudio, shardPair, shardVoice } from './shard-audio.js';
import { type PlacedBlobs, placeBlobs, type ShardFile } from './shard-file.js';
import { annotationsOf, CONVERSATION_COLUMNS, metadataOf, TURN_COLUMNS, turnOf } from './shard-rows.js';

export interface ShardsReading extends Findings {
  readonly conversations: readonly Conversation[];
  /** One line per row: what identifies its content, audio by its size. */
  readonly fingerprint: readonly string[];
  /** Of single turns, when all have one. */
  readonly language?: string;
}

/** Shards read at a time. */
const AT_ONCE = 4;

/** Bytes of a value that are read along with its length, when it lies elsewhere. */
const HEAD_BYTES = 4096;
/** Shorter audio than this is not worth a request for its header, bytes on average. */
const WORTH_A_REQUEST_BYTES = 1 << 18;

/** @param cacheFolder where compressed audio is unpacked. */
export async function readShards(files: readonly ShardFile[], cacheFolder: string): Promise<ShardsReading> {
  const findings = noFindings();
  const readings: ConversationReading[] = [];
  for (let i = 0; i < files.length; i += AT_ONCE) {
    const group = files.slice(i, i + AT_ONCE).map((file) => readShard(file, cacheFolder, findings));
    readings.push(...(await Promise.all(group)).flat());
  }
  for (const { problems, warnings } of readings) {
    findings.problems.push(...problems);
    findings.warnings.push(...warnings);
  }
  readings.sort((a, b) => compareIds(a.id, b.id));
  findings.problems.push(...repeatedIds(readings), ...collidingIds(readings.map(({ id }) => id)));
  if (readings.length === 0 && findings.problems.length === 0) findings.problems.push('no rows in its parquet files');
  const conversations = annotatedOnly(readings, findings);
  const languages = [...new Set(conversations.flatMap(({ userTurn }) => userTurn?.language ?? []))];
  return {
    ...findings,
    conversations,
    fingerprint: readings.flatMap(({ fingerprint }) => fingerprint),
    ...(languages.length === 1 && { language: languages[0]! }),
  };
}

/** A set whose annotations are all empty has had them taken out, as public test sets have. */
function annotatedOnly(readings: readonly ConversationReading[], findings: Findings): Conversation[] {
  const conversations = readings.flatMap(({ conversation }) => (conversation ? [conversation] : []));
  const tracks = conversations.flatMap(({ annotations }) =>
    annotations ? [...annotations[1], ...annotations[2]] : [],
  );
  if (tracks.some(({ segments }) => segments.length > 0)) {
    findings.problems.push(...missingAnnotators(readings));
    return conversations;
  }
  if (tracks.length > 0) {
    findings.warnings.push('its annotations are empty, as in a public test set: it can be run, not scored');
  }
  return conversations.map(({ annotations: _, ...conversation }) => conversation);
}

/** As `attempt`; but what must be accepted, downloaded or reached first is no fault of the data, and ends the reading. */
function unlessRefused<T>(findings: Findings, action: () => Promise<T>): Promise<T | undefined> {
  let refusal: unknown;
  const watched = () =>
    action().catch((error: unknown) => {
      if (error instanceof UserError && error.exitCode === EXIT.prerequisite) refusal = error;
      throw error;
    });
  return attempt(findings, '', watched).then((value) => {
    if (refusal !== undefined) throw refusal;
    return value;
  });
}

function repeatedIds(readings: readonly ConversationReading[]): string[] {
  const repeated = readings.filter(({ id }, i) => readings[i - 1]?.id === id);
  return [...new Set(repeated.map(({ id }) => `${id}: several rows have this id`))];
}

async function readShard(file: ShardFile, cacheFolder: string, findings: Findings): Promise<ConversationReading[]> {
  const readings = await unlessRefused(findings, async () => {
    const shard = await openShard(file.ranges);
    const isTurn = shard.columns.includes('silence_spans') && shard.columns.includes('id');
    if (!isTurn && !shard.columns.includes('conversation_id')) {
      throw new UserError(
        `${file.name}: neither conversations nor user turns: its columns are ${shard.columns.join(', ')}`,
        { hint: 'expected conversation_id, speaker_1_audio … or id, language, audio, silence_spans' },
      );
    }
    const rows: ConversationReading[] = [];
    for (const group of shard.groups.keys()) rows.push(...(await readGroup(file, shard, group, isTurn, cacheFolder)));
    return rows;
  });
  return readings ?? [];
}

async function readGroup(
  file: ShardFile,
  shard: Shard,
  group: number,
  isTurn: boolean,
  cacheFolder: string,
): Promise<ConversationReading[]> {
  const columns = (isTurn ? TURN_COLUMNS : CONVERSATION_COLUMNS).filter((name) => shard.columns.includes(name));
  const rows = await readRows(shard, group, columns);
  const names = isTurn ? ['audio'] : SPEAKERS.map((speaker) => `${speakerKey(speaker)}_audio`);
  const present = names.filter((name) => shard.columns.includes(name));
  const placed = await Promise.all(present.map((name) => placeColumn(file, shard, group, name, cacheFolder)));
  const readings: ConversationReading[] = [];
  for (const [i, row] of rows.entries()) {
    const id = idOf(row, isTurn);
    const audio = present.flatMap((name, c) => audioAt(placed[c]!, i, `${id}/${name}`));
    readings.push(await readRow(file, row, id, audio, isTurn));
  }
  return readings;
}

async function placeColumn(
  file: ShardFile,
  shard: Shard,
  group: number,
  name: string,
  cacheFolder: string,
): Promise<PlacedBlobs> {
  const column = await openBlobColumn(shard, group, name);
  const isLong = column.bytes >= WORTH_A_REQUEST_BYTES * shard.groups[group]!;
  const source = file.isLocal || (isLong && !column.isCompressed) ? file : await file.fetchWhole();
  return placeBlobs(source, column, `${group}-${name}`, source.isLocal ? 0 : HEAD_BYTES, cacheFolder);
}

function audioAt({ blobs, shard }: PlacedBlobs, row: number, path: string): ShardAudio[] {
  const blob = blobs[row];
  return blob && blob.bytes > 0 ? [{ shard, blob, path }] : [];
}

function idOf(row: Row, isTurn: boolean): string {
  const id = row[isTurn ? 'id' : 'conversation_id'];
  if ((typeof id === 'string' && id !== '') || typeof id === 'number' || typeof id === 'bigint') return String(id);
  throw new UserError(`a row has no ${isTurn ? 'id' : 'conversation_id'}`, { hint: 'every row needs one' });
}

async function readRow(
  file: ShardFile,
  row: Row,
  id: string,
  audio: readonly ShardAudio[],
  isTurn: boolean,
): Promise<ConversationReading> {
  const findings = { id, ...noFindings() };
  const fingerprint: string[] = [];
  const read = await unlessRefused(findings, () =>
    (isTurn ? readTurn : readConversation)(row, audio, findings, fingerprint),
  );
  fingerprint.push(...audio.map(({ path, blob }) => `${path} ${blob.bytes}`));
  const named = {
    problems: findings.problems.map((problem) => `${file.name}: ${problem}`),
    warnings: findings.warnings,
  };
  return { id, unannotated: false, ...read, ...named, fingerprint };
}

interface Place extends Findings {
  readonly id: string;
}

type Read = Pick<ConversationReading, 'conversation' | 'annotations'>;

async function readConversation(
  row: Row,
  audio: readonly ShardAudio[],
  place: Place,
  fingerprint: string[],
): Promise<Read> {
  const { id } = place;
  const metadata = parseMetadata(readMetadata(row, id));
  note(place, `${id}/metadata`, metadata);
  const value = annotationsOf(row);
  fingerprint.push(`${id} ${sha256Text(canonicalJson({ value, tags: metadata.value?.tags ?? null }))}`);
  const checked = parseAnnotations(value);
  if (!checked.ok) note(place, `${id}/annotations`, { problems: checked.problems, warnings: [] });
  const annotations = checked.ok && checked.value[1].length > 0 ? { annotations: checked.value } : {};
  const source = await pairOf(audio, place);
  const durationS = source ? source.length / source.sampleRateHz : metadata.value?.durationS;
  if (durationS === undefined) {
    if (audio.length === 0) place.problems.push(`${id}: no audio and no duration_s in its metadata: add one of them`);
    return annotations;
  }
  checkStatedDuration(place, metadata.value, durationS);
  if (annotations.annotations) checkEnds(place, annotations.annotations, durationS);
  const tags = metadata.value?.tags ?? {};
  const conversation = { id, tags, durationS, ...annotations, ...(source && { audio: source }) };
  return { conversation, ...annotations };
}

function readMetadata(row: Row, id: string): unknown {
  try {
    return metadataOf(row);
  } catch (error) {
    throw new UserError(`${id}/metadata: no JSON: ${messageOf(error)}`, { hint: 'write it as a struct or as JSON' });
  }
}

async function pairOf(audio: readonly ShardAudio[], place: Place): Promise<AudioSource | undefined> {
  const [first, second] = audio;
  if (first && second) return unlessRefused(place, () => shardPair(first, second));
  if (first) place.problems.push(`${place.id}: the other channel of ${first.path} is missing`);
  return undefined;
}

async function readTurn(row: Row, audio: readonly ShardAudio[], place: Place, fingerprint: string[]): Promise<Read> {
  const value = turnOf(row);
  fingerprint.push(`${place.id} ${sha256Text(canonicalJson(value))}`);
  const { row: turn, problems } = parseTurnRow(value);
  note(place, place.id, { problems, warnings: [] });
  const [voice] = audio;
  if (!voice) throw new UserError(`${place.id}: no audio`);
  if (!turn) return {};
  return { conversation: turnConversation(turn, await shardVoice(voice), place) };
}
