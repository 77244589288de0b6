/** One conversation's folder: everything but samples and frames is read and checked. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { audioHeader, openPair, openStereo } from '../audio/open.js';
import type { Annotations, AnnotatorTrack, AudioSource, Conversation } from '../core/conversation.js';
import { type PerSpeaker, perSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';
import { fileFailure } from '../io/failures.js';
import { sha256Text } from '../io/hash.js';
import { parseJson } from '../io/json.js';
import { readText } from '../io/text.js';
import { videoFile } from '../video/video-file.js';
import { parseAnnotations } from './annotations-json.js';
import { attempt, type Findings, noFindings, note } from './findings.js';
import { ANNOTATIONS_FILE, type AudioFiles, METADATA_FILE, recogniseFiles, type SrtFile } from './layout.js';
import { type Metadata, parseMetadata } from './metadata.js';
import { namedAudio } from './named-audio.js';
import { parseSrt } from './srt.js';

/**
 * s. How far an annotation may reach beyond the end of the conversation, and how far a stated duration may differ
 * from the audio: annotation tools round up to frames, and encoders fill their last block.
 */
const END_TOLERANCE_S = 0.5;

export interface ConversationReading extends Findings {
  readonly id: string;
  /** As much as could be read; absent when not even its duration is known. */
  readonly conversation?: Conversation;
  /** The tracks that could be read, also when the rest could not. */
  readonly annotations?: Annotations;
  /** True when the folder has no annotations, as opposed to unreadable ones. */
  readonly unannotated: boolean;
  /** One line per file of the layout: its path and what identifies its content. */
  readonly fingerprint: readonly string[];
}

/** A folder on its way to a conversation. */
interface Place extends Findings {
  /** Absolute path of the data set. */
  readonly root: string;
  readonly id: string;
  readonly fingerprint: string[];
}

/**
 * @param root absolute path of the data set.
 * @param id name of the conversation's folder in it.
 */
export async function readConversation(root: string, id: string): Promise<ConversationReading> {
  const place: Place = { root, id, fingerprint: [], ...noFindings() };
  const read = await attempt(place, root, () => readFolder(place));
  const { problems, warnings, fingerprint } = place;
  return { id, problems, warnings, fingerprint, unannotated: false, ...read };
}

async function readFolder(
  place: Place,
): Promise<Pick<ConversationReading, 'conversation' | 'annotations' | 'unannotated'> | undefined> {
  const files = recogniseFiles(await fileNames(place));
  note(place, place.id, files);
  if (files.none) return undefined;

  const metadata: Metadata | undefined = files.hasMetadata ? await readMetadata(place) : { tags: {} };
  const audio = files.audio && (await openAudio(place, files.audio));
  const { videoFiles } = files;
  for (const name of [...files.audioFiles, ...videoFiles[1], ...videoFiles[2]]) await addSizeFingerprint(place, name);
  const annotations = files.hasJsonAnnotations ? await readJsonTracks(place) : await readSrtTracks(place, files.srt);
  const tracks = annotations ? { annotations } : {};
  const unannotated = !files.hasJsonAnnotations && files.srt.length === 0;

  if (files.audioFiles.length === 0 && metadata && metadata.durationS === undefined) {
    place.problems.push(`${place.id}: no audio and no duration_s in ${METADATA_FILE}: add one of them`);
  }
  const durationS = audio ? audio.length / audio.sampleRateHz : metadata?.durationS;
  if (durationS === undefined) return { unannotated, ...tracks };
  checkStatedDuration(place, metadata, durationS);
  if (annotations) checkEnds(place, annotations, durationS);
  const conversation = {
    id: place.id,
    tags: metadata?.tags ?? {},
    durationS,
    ...tracks,
    ...(audio && { audio }),
    ...videoOf(place, videoFiles),
  };
  return { conversation, unannotated, ...tracks };
}

async function fileNames({ root, id }: Place): Promise<string[]> {
  try {
    return await readdir(join(root, id));
  } catch (error) {
    throw fileFailure(error, 'read', id);
  }
}

async function readMetadata(place: Place): Promise<Metadata | undefined> {
  return readTextFile(place, METADATA_FILE, (text, file) => {
    const reading = parseMetadata(parseJson(text, file, { uniqueKeys: true }));
    note(place, file, reading);
    return reading.value;
  });
}

async function readJsonTracks(place: Place): Promise<Annotations | undefined> {
  return readTextFile(place, ANNOTATIONS_FILE, (text, file) => {
    const checked = parseAnnotations(parseJson(text, file, { uniqueKeys: true }));
    if (checked.ok) return checked.value;
    note(place, file, { problems: checked.problems, warnings: [] });
    return undefined;
  });
}

/** A file that cannot be read counts as an empty track, so that it is reported once and not also as missing. */
async function readSrtTracks(place: Place, files: readonly SrtFile[]): Promise<Annotations | undefined> {
  if (files.length === 0) return undefined;
  const tracks: (AnnotatorTrack & { speaker: Speaker })[] = [];
  for (const { speaker, annotator, file: name } of files) {
    const segments = await readTextFile(place, name, (text, file) => {
      const track = parseSrt(text);
      note(place, file, track);
      return track.segments;
    });
    tracks.push({ speaker, annotator, segments: segments ?? [] });
  }
  return perSpeaker((speaker) =>
    tracks.filter((track) => track.speaker === speaker).map(({ annotator, segments }) => ({ annotator, segments })),
  );
}

async function readTextFile<T>(
  place: Place,
  name: string,
  parse: (text: string, file: string) => T,
): Promise<T | undefined> {
  const file = `${place.id}/${name}`;
  return attempt(place, place.root, async () => {
    const text = await readText(join(place.root, place.id, name), file);
    place.fingerprint.push(`${file} ${sha256Text(text)}`);
    return parse(text, file);
  });
}

async function openAudio(place: Place, audio: AudioFiles): Promise<AudioSource | undefined> {
  const source = await openFiles(place, audio);
  return source && namedAudio(source, place.root);
}

/** Of two bad files both are reported: the pair fails with the first, so then each is looked at alone. */
async function openFiles(place: Place, audio: AudioFiles): Promise<AudioSource | undefined> {
  const path = (name: string) => join(place.root, place.id, name);
  if (audio.kind === 'stereo') return attempt(place, place.root, () => openStereo(path(audio.file)));
  const paths = [path(audio.files[1]), path(audio.files[2])] as const;
  const pair = noFindings();
  const source = await attempt(pair, place.root, () => openPair(...paths));
  if (source) return source;
  const alone = noFindings();
  for (const file of paths) await attempt(alone, place.root, () => audioHeader(file));
  place.problems.push(...(alone.problems.length > 0 ? alone : pair).problems);
  return undefined;
}

/** Nothing is read yet: most models do not look, and their users need no decoder. */
function videoOf({ root, id }: Place, files: PerSpeaker<readonly string[]>): Pick<Conversation, 'video'> {
  const source = (name: string) => videoFile(join(root, id, name), `${id}/${name}`);
  const [one, two] = [files[1][0], files[2][0]];
  if (one === undefined && two === undefined) return {};
  return { video: { ...(one !== undefined && { 1: source(one) }), ...(two !== undefined && { 2: source(two) }) } };
}

/** The size stands for samples and frames: hashing hours of them before every run would take longer than many runs. */
async function addSizeFingerprint(place: Place, name: string): Promise<void> {
  const { size } = await stat(join(place.root, place.id, name)).catch(() => ({ size: 'unreadable' }));
  place.fingerprint.push(`${place.id}/${name} ${size}`);
}

/** Where findings go, and of which conversation. */
type Checked = Pick<Place, 'id' | 'problems'>;

export function checkStatedDuration(place: Checked, metadata: Metadata | undefined, durationS: number): void {
  const statedS = metadata?.durationS;
  if (statedS === undefined || Math.abs(statedS - durationS) <= END_TOLERANCE_S) return;
  place.problems.push(
    `${place.id}/${METADATA_FILE}: duration_s is ${statedS}, but the audio lasts ${durationS} s: mend it, or look whether the audio is cut off`,
  );
}

export function checkEnds(place: Checked, annotations: Annotations, durationS: number): void {
  for (const speaker of SPEAKERS) {
    for (const { annotator, segments } of annotations[speaker]) {
      const late = segments.filter(({ endS }) => endS > durationS + END_TOLERANCE_S);
      const first = late[0];
      if (!first) continue;
      place.problems.push(
        `${place.id}: speaker ${speaker}, annotator ${annotator}: ${late.length} of ${segments.length} segments end after ` +
          `the conversation (${durationS} s), the first is number ${segments.indexOf(first) + 1} ` +
          `(${first.startS} to ${first.endS} s): are these seconds, and of this conversation?`,
      );
    }
  }
}
