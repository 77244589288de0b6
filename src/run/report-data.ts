/** From run folders and their data set to what a report shows. No model is run; audio is read for its loudness. */

import type { AudioSource, Conversation, Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { type Portrait, peakByte } from '../core/portrait.js';
import { type PerSpeaker, perSpeaker, SPEAKERS } from '../core/speaker.js';
import { STEPS_PER_SECOND } from '../core/time.js';
import { buildGold } from '../gold/build.js';
import { isRunFolder, readConversationRows, readRunHeader } from '../result/run-folder.js';
import type { ConversationRow, RunHeader } from '../result/schema.js';

export interface ReportedRun {
  readonly header: RunHeader;
  readonly rows: readonly ConversationRow[];
}

/** @throws UserError when a folder is no run, or when runs do not share data, scorer or gold. */
export async function readReportedRuns(folders: readonly string[]): Promise<ReportedRun[]> {
  const runs: ReportedRun[] = [];
  for (const folder of folders) {
    if (!isRunFolder(folder)) {
      throw new UserError(`${folder} is not a run folder: it has no run.json`, {
        hint: 'turnbench eval prints the folders that it makes',
      });
    }
    runs.push({ header: await readRunHeader(folder), rows: await readConversationRows(folder) });
  }
  requireAlike(folders, runs);
  return runs;
}

/** @throws UserError when the runs were made on other data than this. */
export function requireSameData({ header }: ReportedRun, dataset: Dataset): void {
  const { name, version, revision } = header.spec.dataset;
  if (revision === dataset.info.revision) return;
  throw new UserError(
    `the run was made on ${name} ${version} (${revision}), but the data set at hand is ` +
      `${dataset.info.name} ${dataset.info.version} (${dataset.info.revision})`,
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
 * @throws UserError when audio cannot be read.
 */
export async function portraitsOf(
  runs: readonly ReportedRun[],
  dataset: Dataset,
  options: PortraitOptions = {},
): Promise<Portrait[]> {
  const finished = new Set(
    runs.flatMap(({ rows }) => rows.flatMap((row) => (row.status === 'ok' ? [row.conversation_id] : []))),
  );
  const portraits: Portrait[] = [];
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

function requireAlike(folders: readonly string[], runs: readonly ReportedRun[]): void {
  const described = runs.map(({ header: { spec } }) => ({
    'data revision': `${spec.dataset.name} ${spec.dataset.version} (${spec.dataset.revision})`,
    'scorer version': String(spec.scorer_version),
    'gold version': String(spec.gold_version),
  }));
  for (const [i, facts] of described.entries()) {
    for (const key of Object.keys(facts) as (keyof typeof facts)[]) {
      if (facts[key] === described[0]![key]) continue;
      throw new UserError(
        `runs of different ${key} cannot stand in one report: ${described[0]![key]} in ${folders[0]}, ${facts[key]} in ${folders[i]}`,
        { hint: 'make one report of each' },
      );
    }
  }
}
