/** What a data set holds: conversations with two channels of audio and the tracks of their annotators. */

import type { Awaitable } from './awaitable.js';
import type { PerSpeaker } from './speaker.js';
import type { UserTurn } from './user-turn.js';
import type { VideoSource } from './video.js';

/** A span on one channel as an annotator marked it. Labels are the fine labels of the public corpus, verbatim. */
export interface Segment {
  readonly startS: number;
  readonly endS: number;
  readonly label: string;
  readonly text?: string;
}

/** One annotator's segments of one speaker, in file order: gold construction depends on that order. */
export interface AnnotatorTrack {
  /** 'a', 'b' or 'c'. */
  readonly annotator: string;
  readonly segments: readonly Segment[];
}

/** Per speaker the tracks of all annotators, ordered a, b, c. Both speakers have the same annotators. */
export type Annotations = PerSpeaker<readonly AnnotatorTrack[]>;

/** Two aligned mono channels of equal length and rate, read from the start as often as needed. */
export interface AudioSource {
  readonly sampleRateHz: number;
  /** Samples per channel. */
  readonly length: number;
  /** Another text whenever the samples may have changed: what is known of them is kept under it. Absent = keep nothing. */
  identity?(): string;
  open(): Awaitable<AudioReader>;
}

export interface AudioReader {
  /**
   * Fill both buffers (of equal length) with the next samples in [-1, 1].
   * @returns samples written per channel; less than asked for only at the end, then 0.
   * @throws UserError on truncated, undecodable or non-finite audio, naming file and time.
   */
  read(into: PerSpeaker<Float32Array>): Awaitable<number>;
  close(): Awaitable<void>;
}

export interface Conversation {
  readonly id: string;
  /** Free tags; `conversation_type` is the public corpus's own. */
  readonly tags: Readonly<Record<string, string>>;
  /** s. Of the audio, or as the metadata states when there is none. */
  readonly durationS: number;
  /** Absent when the data set has no annotations: it can be run but not scored. */
  readonly annotations?: Annotations;
  /** Absent when the data set is scored without audio. */
  readonly audio?: AudioSource;
  /** Present in data sets of single turns: what speaker 1, the user, says; speaker 2 is silent. */
  readonly userTurn?: UserTurn;
  /** Speakers who are seen. Absent when nobody is. */
  readonly video?: VideoSources;
}

/** Per speaker, for those who are seen. */
export type VideoSources = Partial<PerSpeaker<VideoSource>>;

export interface DatasetInfo {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly description: string;
  readonly language: string;
  /** Hash of annotations, metadata and the sizes of audio and video files: two runs on the same revision saw the same data. */
  readonly revision: string;
}

export interface Dataset {
  /** What opens the same data set in another process of this machine: a registered name, or an absolute path. */
  readonly location: string;
  readonly info: DatasetInfo;
  /** In natural order: 2 before 10. */
  readonly ids: readonly string[];
  /** What is odd but may be meant, such as overlapping cues. For people. */
  readonly warnings: readonly string[];
  /**
   * Cheap: headers and annotations are read, no audio is decoded.
   * @throws UserError on an unknown id or unreadable files.
   */
  open(id: string): Promise<Conversation>;
}

/** Ascending numeric order for ids that are numbers, natural order for the rest. */
export function compareIds(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

// A fixed locale: the order of ids must not depend on the machine.
const collator = new Intl.Collator('en', { numeric: true });
