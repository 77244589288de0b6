/** The full check of a data set: everything that opening it checks, and every sample and frame decoded. */

import type { AudioSource, Conversation } from '../core/conversation.js';
import { EXIT, UserError } from '../core/errors.js';
import { SPEAKERS } from '../core/speaker.js';
import type { VideoSource } from '../core/video.js';
import { decoderVersion } from '../video/programs.js';
import { SeenSpan, UNSEEN_TOLERANCE_S, watched } from '../video/seen-span.js';
import { type DirectoryReading, readDirectory } from './directory.js';
import { attempt, type Findings } from './findings.js';

/** Samples per channel decoded at a time. */
const BLOCK = 1 << 15;

export interface Verification extends Findings {
  readonly info: DirectoryReading['info'];
  readonly conversations: readonly Conversation[];
  /** Video files that were decoded; null when there are some and no program to decode them. */
  readonly videosChecked: number | null;
}

/**
 * Check what was read of a data set completely. Takes as long as decoding all its audio and video. Video that cannot be
 * looked at for want of ffmpeg is a warning: who only listens does not need it.
 * @param onConversation called after each conversation, with its id.
 */
export async function verifyReading(
  { path, info, conversations, problems, warnings }: DirectoryReading,
  onConversation?: (id: string) => void,
): Promise<Verification> {
  const findings = { problems: [...problems], warnings: [...warnings] };
  const canSee = await findDecoder(conversations, findings);
  let videosChecked = 0;
  for (const { id, durationS, audio, video = {} } of conversations) {
    if (audio) await attempt(findings, path, () => decode(id, audio));
    for (const speaker of SPEAKERS) {
      const source = canSee && video[speaker];
      if (!source) continue;
      videosChecked++;
      await attempt(findings, path, () => watch(`${id}, speaker ${speaker}`, source, durationS, findings));
    }
    onConversation?.(id);
  }
  return { info, conversations, ...findings, videosChecked: canSee ? videosChecked : null };
}

/** True when there is nothing to be seen, or something to see it with. */
async function findDecoder(conversations: readonly Conversation[], findings: Findings): Promise<boolean> {
  if (!conversations.some(({ video }) => video)) return true;
  try {
    await decoderVersion();
    return true;
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== EXIT.prerequisite) throw error;
    findings.warnings.push(`video was not looked at: ${error.message} (${error.hint})`);
    return false;
  }
}

/** px. Decoding finds the damage, whatever is made of the pictures then. */
const SMALL = { width: 16, height: 16 };

/** s of video that are in memory at a time. */
const PIECE_S = 60;

async function watch(who: string, video: VideoSource, durationS: number, findings: Findings): Promise<void> {
  const span = new SeenSpan();
  const reader = await watched(video, span).open(SMALL);
  try {
    for (let untilS = PIECE_S; untilS < durationS; untilS += PIECE_S) await reader.read(untilS);
    await reader.read(Number.POSITIVE_INFINITY);
  } finally {
    await reader.close();
  }
  const [unseenS, longerS] = [span.unseenS(durationS), span.endS - durationS];
  const of = `of ${durationS.toFixed(1)} s`;
  if (unseenS > UNSEEN_TOLERANCE_S) findings.warnings.push(`${who}: unseen for ${unseenS.toFixed(1)} ${of}`);
  if (longerS > UNSEEN_TOLERANCE_S) {
    findings.warnings.push(
      `${who}: the video lasts ${longerS.toFixed(1)} s longer than the audio ${of}: is it the same?`,
    );
  }
}

/** @throws UserError only when there is no such folder. */
export async function verifyDirectory(folder: string, onConversation?: (id: string) => void): Promise<Verification> {
  return verifyReading(await readDirectory(folder), onConversation);
}

async function decode(id: string, audio: AudioSource): Promise<void> {
  const reader = await audio.open();
  try {
    const block = { 1: new Float32Array(BLOCK), 2: new Float32Array(BLOCK) };
    let samples = 0;
    for (let read = -1; read !== 0; samples += read) read = await reader.read(block);
    if (samples !== audio.length) {
      throw new UserError(`${id}: the audio has ${samples} samples, but its header promises ${audio.length}`, {
        hint: 'the file is damaged or was cut off: copy or encode it again',
      });
    }
  } finally {
    await reader.close();
  }
}
