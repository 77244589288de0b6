/** Parquet shards in the schema of the public data sets, written from rows. */

import type { SchemaElement } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { perSpeaker } from '../../src/core/speaker.js';
import { wav } from '../helpers/dataset-folder.js';
import { TINY_RATE, tinyTrack, tones } from '../helpers/tiny-world.js';

export interface ConversationRow {
  readonly conversation_id: string;
  readonly speaker_1_audio: AudioValue | null;
  readonly speaker_2_audio: AudioValue | null;
  readonly metadata: Readonly<Record<string, string | number | null>> | null;
  readonly [annotation: `speaker_${1 | 2}_annotation_${string}`]: readonly object[] | null;
}

interface AudioValue {
  readonly bytes: Uint8Array;
  readonly path: string;
}

export interface ShardOptions {
  /** Of audio; everything else is compressed with Snappy. */
  readonly audioCodec?: 'UNCOMPRESSED' | 'SNAPPY';
  readonly rowGroupSize?: number;
}

const optional = { repetition_type: 'OPTIONAL' } as const;
const text = (name: string): SchemaElement => ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional });
const double = (name: string): SchemaElement => ({ name, type: 'DOUBLE', ...optional });
const struct = (name: string, fields: readonly SchemaElement[]): SchemaElement[] => [
  { name, num_children: fields.length, ...optional },
  ...fields,
];
const list = (name: string, fields: readonly SchemaElement[]): SchemaElement[] => [
  { name, num_children: 1, converted_type: 'LIST', ...optional },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  ...struct('element', fields),
];
const audio = (name: string) => struct(name, [{ name: 'bytes', type: 'BYTE_ARRAY', ...optional }, text('path')]);

const SEGMENT = [double('start_s'), double('end_s'), text('label'), text('text')];

/** Conversations in the columns of `mundo-ai/turn-benchmark-dev`. */
export function conversationShard(rows: readonly ConversationRow[], options: ShardOptions = {}): Uint8Array {
  const annotations = Object.keys(rows[0] ?? {}).filter((name) => name.includes('_annotation_'));
  const tags = [...new Set(rows.flatMap(({ metadata }) => Object.keys(metadata ?? {})))];
  const columns = [
    [text('conversation_id')],
    audio('speaker_1_audio'),
    audio('speaker_2_audio'),
    ...annotations.map((name) => list(name, SEGMENT)),
    ...(tags.length > 0 ? [struct('metadata', tags.map(text))] : []),
  ];
  return write(columns, rows, options);
}

/** User turns in the columns of `livekit/eot-bench-data`. */
export function turnShard(rows: readonly object[], options: ShardOptions = {}): Uint8Array {
  const columns = [
    [text('id')],
    [text('language')],
    audio('audio'),
    list('silence_spans', [double('start'), double('end')]),
    list('messages', [text('role'), text('content')]),
    list('words', [text('word'), double('start'), double('end')]),
  ];
  return write(columns, rows, options);
}

function write(columns: readonly SchemaElement[][], rows: readonly object[], options: ShardOptions): Uint8Array {
  const { audioCodec = 'UNCOMPRESSED', rowGroupSize = 100 } = options;
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    schema: [{ name: 'schema', num_children: columns.length }, ...columns.flat()],
    columnData: columns.map(([first]) => {
      const name = first!.name;
      const data = rows.map((row) => (row as Record<string, unknown>)[name] ?? null);
      return { name, data, ...(name.endsWith('audio') && { codec: audioCodec, statistics: false }) };
    }),
    rowGroupSize,
  });
  return new Uint8Array(writer.getBuffer());
}

/** Conversations of the tiny world, all alike but for a click at the beginning that tells their audio apart. */
export function tinyRows(...ids: readonly string[]): ConversationRow[] {
  return ids.map((id) => ({
    conversation_id: id,
    speaker_1_audio: { bytes: tinyAudio(1, id), path: `${id}_1.wav` },
    speaker_2_audio: { bytes: tinyAudio(2, id), path: `${id}_2.wav` },
    ...annotationsOf('a', 'b', 'c'),
    metadata: {
      conversation_type: Number(id) % 2 === 1 ? 'odd' : 'even',
      speaker_1_actor_id: `actor-${id}`,
      speaker_2_actor_id: `actor-${Number(id) + 100}`,
      note: null,
    },
  }));
}

/** Bytes before the first sample of a file that `wav` makes. */
const FIRST_SAMPLE = 44;

export function tinyAudio(speaker: 1 | 2, id: string): Uint8Array {
  const audio = Buffer.from(TINY_AUDIO[speaker]);
  audio.writeInt16LE(Number(id), FIRST_SAMPLE);
  return audio;
}

const TINY_AUDIO = perSpeaker((speaker) =>
  wav([tones(tinyTrack(speaker).map(({ start_s: startS, end_s: endS }) => ({ startS, endS })))], TINY_RATE),
);

export function annotationsOf(
  ...annotators: readonly string[]
): Pick<ConversationRow, `speaker_1_annotation_${string}`> {
  const tracks = ([1, 2] as const).flatMap((speaker) =>
    annotators.map((annotator) => [
      `speaker_${speaker}_annotation_${annotator}`,
      tinyTrack(speaker).map((segment) => ({ ...segment, text: null })),
    ]),
  );
  return Object.fromEntries(tracks);
}
