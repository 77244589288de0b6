/**
 * What a report page carries for its timelines, as JSON in script elements: an overview, and one element per
 * conversation, which is parsed when it is looked at. Spans and anchors are rows of numbers, tracks are base 64.
 */

import { fromBase64, toBase64 } from '../../core/base64.js';
import type { CanonicalLabel, Gold, SpeakerInterval, TaskGold } from '../../core/gold.js';
import type { Portrait } from '../../core/portrait.js';
import { type PerSpeaker, perSpeaker, type Speaker } from '../../core/speaker.js';
import type { ConversationRow, EventsOnDisk, FloorOnDisk } from '../../result/schema.js';

export const OVERVIEW_ID = 'tb-overview';

/** Id of the script element of a conversation. @param index in the overview. */
export function conversationElementId(index: number): string {
  return `tb-conversation-${index}`;
}

/** Apart from the rest, because it may be large and is needed only to be played. Absent when there is nothing to play. */
export function audioElementId(index: number): string {
  return `tb-audio-${index}`;
}

export interface PageOverview {
  /** In the order of their colours. */
  readonly runs: readonly PageRun[];
  readonly conversations: readonly PageConversation[];
}

export interface PageRun {
  readonly name: string;
  /** Of the run; null for a model that answered bits of its own. */
  readonly threshold: number | null;
  /** Ascending; to which the run can be moved in every conversation. Null = it is fixed. */
  readonly thresholds: readonly number[] | null;
}

export interface PageConversation {
  readonly id: string;
  readonly duration_s: number;
}

export interface ConversationData {
  readonly gold: PackedGold | null;
  /** Base 64 of a byte per step, see `peakByte`, speaker 1 then 2. */
  readonly peaks: readonly [string, string] | null;
  /** One per run; null where it has no such conversation. */
  readonly answers: readonly (AnswersData | null)[];
}

/** What can be played: addresses of one stereo file, or of one file per speaker. */
export type AudioData = readonly string[];

export interface AnswersData {
  readonly events: EventsOnDisk;
  readonly floor: FloorOnDisk | null;
}

/** Speaker, start, end (s). */
type PackedSpan = readonly [Speaker, number, number];

interface PackedTask {
  readonly positives: readonly (readonly [Speaker, number])[];
  readonly negatives: readonly PackedSpan[];
  readonly excluded: readonly PackedSpan[];
}

export interface PackedGold {
  readonly eot: PackedTask;
  readonly int: PackedTask;
  readonly turns: readonly PackedSpan[];
  readonly labels: readonly (readonly [...PackedSpan, CanonicalLabel])[];
}

/**
 * Thresholds that all conversations of a run tell apart. A model that answers a bit per threshold may answer what no
 * probability would, and then only its operating point is kept of that conversation.
 */
export function commonThresholds(rows: readonly ConversationRow[]): readonly number[] | null {
  const lists = rows.flatMap((row) => (row.status === 'ok' ? [row.floor?.thresholds ?? []] : []));
  const [first = [], ...others] = lists;
  const common = first.filter((threshold) => others.every((list) => list.includes(threshold)));
  return common.length === 0 ? null : common;
}

export function conversationData(
  { gold, peaks }: Portrait,
  answers: readonly (AnswersData | null)[],
): ConversationData {
  return {
    gold: gold ? packGold(gold) : null,
    peaks: peaks ? [toBase64(peaks[1]), toBase64(peaks[2])] : null,
    answers,
  };
}

export function peaksOf({ peaks }: ConversationData): PerSpeaker<Uint8Array> | null {
  return peaks && { 1: fromBase64(peaks[0]), 2: fromBase64(peaks[1]) };
}

export function packGold({ eot, int, turns, labels }: Gold): PackedGold {
  return {
    eot: packTask(eot),
    int: packTask(int),
    turns: ([1, 2] as const).flatMap((speaker) =>
      turns[speaker].map(({ startS, endS }): PackedSpan => [speaker, startS, endS]),
    ),
    labels: labels.map((label) => [...packSpan(label), label.label]),
  };
}

/** The same gold; unknown labels, which are never scored, are not kept. */
export function unpackGold({ eot, int, turns, labels }: PackedGold): Gold {
  return {
    eot: unpackTask(eot),
    int: unpackTask(int),
    turns: perSpeaker((subject) =>
      turns.filter(([speaker]) => speaker === subject).map(([, startS, endS]) => ({ startS, endS })),
    ),
    labels: labels.map(([speaker, startS, endS, label]) => ({ speaker, startS, endS, label })),
    unknownLabels: {},
  };
}

function packTask({ positives, negatives, excluded }: TaskGold): PackedTask {
  return {
    positives: positives.map(({ speaker, timeS }) => [speaker, timeS]),
    negatives: negatives.map(packSpan),
    excluded: excluded.map(packSpan),
  };
}

function unpackTask({ positives, negatives, excluded }: PackedTask): TaskGold {
  return {
    positives: positives.map(([speaker, timeS]) => ({ speaker, timeS })),
    negatives: negatives.map(unpackSpan),
    excluded: excluded.map(unpackSpan),
  };
}

function packSpan({ speaker, startS, endS }: SpeakerInterval): PackedSpan {
  return [speaker, startS, endS];
}

function unpackSpan([speaker, startS, endS]: PackedSpan): SpeakerInterval {
  return { speaker, startS, endS };
}
