/** The policy sweep over finished runs: no model is run, the floors come from the rows of the run. */

import type { Conversation, Dataset } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { Gold } from '../core/gold.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';
import { STEP_S } from '../core/time.js';
import type { UserTurn } from '../core/user-turn.js';
import { POLICY_THRESHOLDS, type PolicyOptions } from '../policy/config.js';
import { evaluatePolicies, rowsByLanguage } from '../policy/evaluate.js';
import { toldApart, trackOfLevels } from '../policy/floor-score.js';
import type { Judged } from '../policy/judged.js';
import { type EotTrack, type PredictionRow, rowsFromTrack } from '../policy/predictions.js';
import { GRID_INTERVAL_S } from '../policy/time-grid.js';
import { turnSpans } from '../policy/turn-spans.js';
import { evaluateTwoChannel } from '../policy/two-channel.js';
import { floorFromDisk } from '../result/floor.js';
import { readConversationRows, readRunHeader } from '../result/run-folder.js';
import { goldOf } from './score-file.js';
import { finishedIds } from './source.js';

export interface JudgeOptions extends PolicyOptions {
  /** s between the times at which the score is read. Absent: 0.1, the public rule. */
  readonly intervalS?: number | undefined;
  /** Only these languages. */
  readonly languages?: readonly string[] | undefined;
  /** Of the bootstrap. */
  readonly seed: number;
}

/**
 * A run on single turns is judged per language, a run on two-channel conversations as one.
 * @param datasets the one that the run was on is found among them.
 * @throws UserError when it is not, when the run answered no floor, or as `evaluatePolicies`.
 */
export async function judgeRun(path: string, datasets: readonly Dataset[], options: JudgeOptions): Promise<Judged[]> {
  const { spec } = await readRunHeader(path);
  const dataset = datasets.find(({ info }) => info.revision === spec.dataset.revision) ?? datasets[0]!;
  const ids = await finishedIds(path, dataset);
  const answered = await answeredFloors(path, ids, options);
  const conversations = await Promise.all(ids.map((id) => dataset.open(id)));
  const knobs = Object.entries(spec.model.options).map(([key, value]) => `${key}=${value}`);
  const origin = { model: [spec.model.name, ...knobs].join(' '), source: path, dataset: dataset.info.name };
  const intervalS = gridIntervalS(options);
  const settings = { ...options, thresholds: answered.thresholds, intervalS };

  if (conversations.some(({ userTurn }) => userTurn)) {
    const rows = conversations.flatMap(({ id, userTurn }) => {
      return rowsFromTrack(turnSpans(requireTurn(id, userTurn)), answered.tracks.get(id)![1], intervalS);
    });
    return judgeRows(rows, settings, { ...origin, intervalS });
  }
  if (options.scorePointS !== null && options.scorePointS !== undefined) {
    throw new UserError('two-channel conversations have no score point: silences are judged at the first crossing');
  }
  const golds = await goldOf(dataset, ids);
  const { language } = dataset.info;
  const evaluation = located(path, () =>
    evaluateTwoChannel(
      conversations.map((conversation) => answeredConversation(conversation, golds, answered.tracks, language)),
      settings,
    ),
  );
  return [{ ...origin, protocol: 'two-channel', language, intervalS, evaluation }];
}

/**
 * Rows of single turns, language by language.
 * @throws UserError as `evaluatePolicies`, naming the language; or when a language asked for is not there.
 */
export function judgeRows(
  rows: readonly PredictionRow[],
  options: JudgeOptions,
  origin: Pick<Judged, 'model' | 'source' | 'dataset' | 'intervalS'>,
): Judged[] {
  const groups = rowsByLanguage(rows);
  for (const language of options.languages ?? []) {
    if (groups.has(language)) continue;
    throw new UserError(`${origin.source} has no turns of language '${language}'`, {
      hint: `it has ${[...groups.keys()].join(', ')}`,
    });
  }
  const wanted = [...groups].filter(([language]) => options.languages?.includes(language) ?? true);
  return wanted.map(([language, group]) => {
    const evaluation = located(`${origin.source}, language ${language}`, () => evaluatePolicies(group, options));
    return { ...origin, protocol: 'eot-bench', language, evaluation };
  });
}

/** What fails says what it was about. */
function located<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint, exitCode, cause } = error;
    throw new UserError(`${place}: ${message}`, { exitCode, cause, ...(hint === undefined ? {} : { hint }) });
  }
}

/** @throws UserError below a step: nothing new is said more often. */
export function gridIntervalS({ intervalS = GRID_INTERVAL_S }: JudgeOptions): number {
  if (intervalS >= STEP_S) return intervalS;
  throw new UserError(`the score cannot be read every ${intervalS} s`, {
    hint: `a step is ${STEP_S} s: that is the least`,
  });
}

interface Answered {
  readonly tracks: ReadonlyMap<string, PerSpeaker<EotTrack>>;
  /** Policy thresholds that all conversations can tell apart. */
  readonly thresholds: readonly number[];
}

async function answeredFloors(path: string, ids: readonly string[], options: JudgeOptions): Promise<Answered> {
  const wanted = new Set(ids);
  const tracks = new Map<string, PerSpeaker<EotTrack>>();
  let thresholds = options.thresholds ?? POLICY_THRESHOLDS;
  for (const row of await readConversationRows(path)) {
    if (row.status !== 'ok' || !wanted.has(row.conversation_id)) continue;
    if (row.floor === null) {
      throw new UserError(`${path}: conversation ${row.conversation_id} has no floor: nothing answered it`, {
        hint: 'the oracle replays events; take the run of a model',
      });
    }
    const floors = floorFromDisk(row.floor);
    thresholds = toldApart(thresholds, floors.thresholds);
    tracks.set(
      row.conversation_id,
      perSpeaker((speaker) => trackOfLevels(floors.levels[speaker], floors.thresholds)),
    );
  }
  const missing = (options.thresholds ?? []).filter((threshold) => !thresholds.includes(threshold));
  if (missing.length > 0) {
    throw new UserError(`${path} does not tell the policy thresholds ${missing.join(', ')} apart`, {
      hint: 'a run keeps P(floor) at 0.01, 0.02 … 0.99 and at the thresholds of its sweep: run eval with a finer --sweep',
    });
  }
  return { tracks, thresholds };
}

function requireTurn(id: string, turn: UserTurn | undefined): UserTurn {
  if (turn) return turn;
  throw new Error(`${id} is no single turn, but others of its data set are`);
}

function answeredConversation(
  { id, durationS }: Conversation,
  golds: ReadonlyMap<string, Gold>,
  tracks: ReadonlyMap<string, PerSpeaker<EotTrack>>,
  language: string,
) {
  return { id, language, durationS, gold: golds.get(id)!, tracks: tracks.get(id)! };
}
