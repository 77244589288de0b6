/** Which files in a conversation's folder are what. Names are exact. */

import { type PerSpeaker, perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { ANNOTATORS, type Annotator } from './annotations-reader.js';

export const METADATA_FILE = 'metadata.json';
export const ANNOTATIONS_FILE = 'annotations.json';

const AUDIO_EXTENSIONS = ['wav', 'flac'] as const;
const VIDEO_EXTENSIONS = ['mp4', 'mkv', 'webm', 'mov', 'avi'] as const;

export interface SrtFile {
  readonly speaker: Speaker;
  readonly annotator: Annotator;
  readonly file: string;
}

export type AudioFiles =
  | { readonly kind: 'pair'; readonly files: PerSpeaker<string> }
  | { readonly kind: 'stereo'; readonly file: string };

export interface ConversationFiles {
  /** Absent when there is none, or when it is not clear which. */
  readonly audio?: AudioFiles;
  /** Every audio file of the layout, whether used or not. */
  readonly audioFiles: readonly string[];
  /** One per speaker at most, else there is a problem. */
  readonly videoFiles: PerSpeaker<readonly string[]>;
  /** Speaker 1 first, then by annotator. */
  readonly srt: readonly SrtFile[];
  readonly hasJsonAnnotations: boolean;
  readonly hasMetadata: boolean;
  /** True when no file of the layout is there. */
  readonly none: boolean;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** @param names of the files in the folder, in any order. */
export function recogniseFiles(names: readonly string[]): ConversationFiles {
  const present = new Set(names);
  const srt = SPEAKERS.flatMap((speaker) =>
    ANNOTATORS.map((annotator) => ({ speaker, annotator, file: `speaker_${speaker}_annotation_${annotator}.srt` })),
  ).filter(({ file }) => present.has(file));
  const variants = (stem: string, extensions: readonly string[]) =>
    extensions.map((extension) => `${stem}.${extension}`).filter((name) => present.has(name));
  const channels = perSpeaker((speaker) => variants(`speaker_${speaker}_audio`, AUDIO_EXTENSIONS));
  const stereo = variants('combined_audio', AUDIO_EXTENSIONS);
  const videoFiles = perSpeaker((speaker) => variants(`speaker_${speaker}_video`, VIDEO_EXTENSIONS));
  const audioFiles = [...channels[1], ...channels[2], ...stereo];
  const hasJsonAnnotations = present.has(ANNOTATIONS_FILE);
  const hasMetadata = present.has(METADATA_FILE);
  const audio = chooseAudio(channels, stereo);

  const problems: string[] = [];
  if (typeof audio === 'string') problems.push(audio);
  for (const files of [videoFiles[1], videoFiles[2]]) {
    if (files.length > 1) problems.push(`both ${files.join(' and ')}: keep one of them`);
  }
  if (hasJsonAnnotations && srt.length > 0) {
    problems.push(`both ${ANNOTATIONS_FILE} and ${srt[0]?.file}: keep one kind of annotation`);
  }
  const known = new Set([
    ...audioFiles,
    ...videoFiles[1],
    ...videoFiles[2],
    ...srt.map(({ file }) => file),
    METADATA_FILE,
    ANNOTATIONS_FILE,
  ]);
  const none = !names.some((name) => known.has(name));
  if (none) {
    problems.push('no file of a conversation: remove this folder, or begin its name with a dot to have it ignored');
  }
  const strangers = names.filter((name) => !known.has(name) && /^(speaker|combined|annotation|metadata)/i.test(name));
  return {
    ...(typeof audio === 'object' ? { audio } : {}),
    audioFiles,
    videoFiles,
    srt,
    hasJsonAnnotations,
    hasMetadata,
    none,
    problems,
    warnings: strangers.sort().map((name) => `${name} is ignored: not a name of the layout`),
  };
}

/** The audio to use, nothing when there is none, or what is wrong with it. */
function chooseAudio(
  channels: PerSpeaker<readonly string[]>,
  stereo: readonly string[],
): AudioFiles | string | undefined {
  const mono = [...channels[1], ...channels[2]];
  const twice = [channels[1], channels[2], stereo].find((files) => files.length > 1);
  if (twice) return `both ${twice.join(' and ')}: keep one of them`;
  const [one, two] = [channels[1][0], channels[2][0]];
  // The public training corpus has the same audio in both forms.
  if (one && two) return { kind: 'pair', files: { 1: one, 2: two } };
  if (stereo[0] && mono.length > 0)
    return `both ${stereo[0]} and ${mono.join(', ')}: keep the stereo file or the two mono files`;
  if (stereo[0]) return { kind: 'stereo', file: stereo[0] };
  if (!one && !two) return undefined;
  const missing = one ? 2 : 1;
  return `the channel of speaker ${missing} is missing: add speaker_${missing}_audio.wav or .flac beside ${one ?? two}`;
}
