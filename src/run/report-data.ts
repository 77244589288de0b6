/** From run folders and their data set to what a report shows. No model is run; audio is read for its loudness. */

import type { AudioSource, Conversation, Dataset } from '../core/conversation.js';
import { messageOf, UserError } from '../core/errors.js';
import { type Portrait, peakByte } from '../core/portrait.js';
import { type PerSpeaker, perSpeaker, SPEAKERS } from '../core/speaker.js';
import { STEPS_PER_SECOND } from '../core/time.js';
import { buildGold } from '../gold/build.js';
import { floorFromDisk } from '../result/floor.js';
import type { StoredRun } from '../result/run-folder.js';
import type { ConversationRow, RunHeader } from '../result/schema.js';

/** @throws UserError when runs do not share data, scorer and gold. */
export function requireComparable(runs: readonly StoredRun[]): void {
  const [first] = runs;
  for (const run of runs) {
    for (const [fact, of] of Object.entries(SHARED)) {
      if (!first || of(run.header) === of(first.header)) continue;
      const found = `${of(first.header)} in ${first.path}, ${of(run.header)} in ${run.path}`;
      throw new UserError(`runs of different ${fact} cannot stand in one page: ${found}`, {
        hint: 'make one page of each',
      });
    }
  }
}

const SHARED: Readonly<Record<string, (header: RunHeader) => string>> = {
  'data revisions': ({ spec: { dataset } }) => `${dataset.name} ${dataset.version} (${dataset.revision})`,
  'scorer versions': ({ spec }) => String(spec.scorer_version),
  'gold versions': ({ spec }) => String(spec.gold_version),
};

/** @throws UserError when the run was made on other data than this. */
export function requireSameData({ path, header }: StoredRun, dataset: Dataset): void {
  const ranOn = header.spec.dataset;
  const { name, version, revision } = dataset.info;
  if (ranOn.revision === revision) return;
  throw new UserError(
    `${path} is a run on ${ranOn.name} ${ranOn.version} (${ranOn.revision}), not on ${name} ${version} (${revision})`,
    { hint: 'name its data set with -d, or leave the timelines out with --no-timelines' },
  );
}

export interface PortraitOptions {
  /** Addresses under which the audio of a conversation can be played. */
  audioOf?(conversation: Conversation): Promise<readonly string[]>;
  /** Called after every conversation with its length, s. */
  onConversation?(durationS: number): void;
}

/**
 * Every conversation that one of the runs finished, in the order of the data set.
 * @throws UserError when audio cannot be read, or when what a run answered is damaged.
 */
export async function portraitsOf(
  runs: readonly Pick<StoredRun, 'path' | 'rows'>[],
  dataset: Dataset,
  options: PortraitOptions = {},
): Promise<Portrait[]> {
  const finished = new Set(
    runs.flatMap(({ rows }) => rows.flatMap((row) => (row.status === 'ok' ? [row.conversation_id] : []))),
  );
  const portraits: Portrait[] = [];
  for (const { path, rows } of runs) for (const row of rows) requireReadable(path, row);
  for (const id of dataset.ids.filter((known) => finished.has(known))) {
    const conversation = await dataset.open(id);
    const { tags, durationS, annotations, audio } = conversation;
    portraits.push({
      id,
      tags,
      durationS,
      ...(annotations && { gold: buildGold(annotations) }),
      ...(audio && { peaks: await peaksOf(audio) }),
      ...(audio && options.audioOf && { audio: await options.audioOf(conversation) }),
    });
    options.onConversation?.(durationS);
  }
  return portraits;
}

/** The page reads it too, but by then it is too late to say so. */
function requireReadable(path: string, row: ConversationRow): void {
  if (row.status !== 'ok' || row.floor === null) return;
  try {
    floorFromDisk(row.floor);
  } catch (cause) {
    throw new UserError(`${path}, conversation ${row.conversation_id}: ${messageOf(cause)}`, {
      hint: 'run the evaluation again',
      cause,
    });
  }
}

/** The largest magnitude of every step of 20 ms; the last one may be shorter. */
export async function peaksOf({ sampleRateHz, length, open }: AudioSource): Promise<PerSpeaker<Uint8Array>> {
  const steps = Math.ceil((length * STEPS_PER_SECOND) / sampleRateHz);
  const peaks = perSpeaker(() => new Float32Array(steps));
  const block = perSpeaker(() => new Float32Array(sampleRateHz));
  const reader = await open();
  try {
    for (let start = 0; ; ) {
      const count = await reader.read(block);
      if (count === 0) break;
      for (const speaker of SPEAKERS) raise(peaks[speaker], block[speaker].subarray(0, count), start, sampleRateHz);
      start += count;
    }
  } finally {
    await reader.close();
  }
  return perSpeaker((speaker) => Uint8Array.from(peaks[speaker], peakByte));
}

/** @param start place of the first sample in the conversation. */
function raise(peaks: Float32Array, samples: Float32Array, start: number, sampleRateHz: number): void {
  for (let i = 0; i < samples.length; ) {
    const step = Math.floor(((start + i) * STEPS_PER_SECOND) / sampleRateHz);
    const end = Math.min(samples.length, Math.ceil(((step + 1) * sampleRateHz) / STEPS_PER_SECOND) - start);
    let peak = peaks[step]!;
    for (; i < end; i++) {
      const magnitude = Math.abs(samples[i]!);
      if (magnitude > peak) peak = magnitude;
    }
    peaks[step] = peak;
  }
}
