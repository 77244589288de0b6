/**
 * The value of an `annotations.json` as tracks. It accepts exactly what the schema accepts and says no more than that:
 * what is wrong with a bad file is the schema's business.
 */

import type { Annotations, AnnotatorTrack, Segment } from '../core/conversation.js';
import { type Speaker, speakerKey } from '../core/speaker.js';

export const ANNOTATORS = ['a', 'b', 'c'] as const;

export type Annotator = (typeof ANNOTATORS)[number];

/** Nothing when the value does not fit the schema. */
export function readAnnotations(value: unknown): Annotations | undefined {
  if (!isObject(value) || !hasOnly(value, SPEAKER_KEYS)) return undefined;
  // A long file has thousands of labels and a dozen different ones: each is kept once.
  const labels = new Map<string, string>();
  const first = readTracks(value, 1, labels);
  const second = readTracks(value, 2, labels);
  return first && second && { 1: first, 2: second };
}

type Fields = Readonly<Record<string, unknown>>;

const SPEAKER_KEYS = [speakerKey(1), speakerKey(2)];
const SEGMENT_KEYS = ['start_s', 'end_s', 'label', 'text'];

function readTracks(
  annotations: Fields,
  speaker: Speaker,
  labels: Map<string, string>,
): readonly AnnotatorTrack[] | undefined {
  const tracks = annotations[speakerKey(speaker)];
  if (!isObject(tracks) || !hasOnly(tracks, ANNOTATORS)) return undefined;
  const read: AnnotatorTrack[] = [];
  for (const annotator of ANNOTATORS) {
    const track = tracks[annotator];
    if (track === undefined) continue;
    const segments = Array.isArray(track) ? readSegments(track, labels) : undefined;
    if (!segments) return undefined;
    read.push({ annotator, segments });
  }
  return read;
}

function readSegments(track: readonly unknown[], labels: Map<string, string>): readonly Segment[] | undefined {
  const segments = new Array<Segment>(track.length);
  for (let i = 0; i < track.length; i++) {
    const segment = readSegment(track[i], labels);
    if (!segment) return undefined;
    segments[i] = segment;
  }
  return segments;
}

/** A segment without words is the same whether its file says so with an empty text or with none. */
function readSegment(value: unknown, labels: Map<string, string>): Segment | undefined {
  if (!isObject(value) || !hasOnly(value, SEGMENT_KEYS)) return undefined;
  const { start_s: startS, end_s: endS, label: written, text } = value;
  if (!isTime(startS) || !isTime(endS) || endS < startS) return undefined;
  if (typeof written !== 'string' || (text !== undefined && typeof text !== 'string')) return undefined;
  const label = keptOnce(labels, written);
  return text ? { startS, endS, label, text } : { startS, endS, label };
}

function keptOnce(kept: Map<string, string>, text: string): string {
  const same = kept.get(text);
  if (same === undefined) kept.set(text, text);
  return same ?? text;
}

/** s. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(object: Fields, keys: readonly string[]): boolean {
  for (const key in object) if (!keys.includes(key)) return false;
  return true;
}
