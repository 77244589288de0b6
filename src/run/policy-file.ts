/**
 * Anybody's answers for single turns, as JSON lines. Two kinds, told apart by their keys:
 * prediction rows, the columns of the public `predictions.parquet`, one per silence and time at which a model was asked;
 * events, one per answer of a service that speaks when it likes, which need the data set to know the silences.
 */

import { basename } from 'node:path';
import { z } from 'zod';
import type { Dataset } from '../core/conversation.js';
import { throwIfProblems, UserError } from '../core/errors.js';
import type { UserTurn } from '../core/user-turn.js';
import { parseJsonLines } from '../io/jsonl.js';
import { readText } from '../io/text.js';
import { check } from '../io/validate.js';
import type { Judged } from '../policy/judged.js';
import { type EotEvent, type PredictionRow, rowsFromEvents } from '../policy/predictions.js';
import { turnSpans } from '../policy/turn-spans.js';
import { gridIntervalS, type JudgeOptions, judgeRows } from './policy.js';

const score = z.number().min(0).max(1);

export const predictionRowSchema = z.object({
  id: z.string().min(1),
  language: z.string().trim().toLowerCase().min(1).default('und'),
  span_index: z.int().min(0).meta({ description: 'position among all silences of the turn' }),
  timestamp: z.number().min(0).meta({ description: 's, on the clock of the audio' }),
  silence_dur: z.number().min(0).meta({ description: 's, since the start of the silence' }),
  p_eot: score.nullable(),
  label: z.enum(['hold', 'eot']),
});

export const eventRowSchema = z.object({
  id: z.string().min(1),
  timestamp: z.number().min(0).nullable().meta({ description: 's; null = the turn was heard, nothing was said' }),
  p_eot: score.default(1),
});

/**
 * @param datasets one of single turns among them says where the silences are. Prediction rows can do without.
 * @throws UserError on rows that break the format, naming the row; or as `judgeRows`.
 */
export async function judgeFile(file: string, datasets: readonly Dataset[], options: JudgeOptions): Promise<Judged[]> {
  const rows = parseJsonLines(await readText(file), file);
  if (rows.length === 0) throw new UserError(`${file} has no rows`, { hint: 'one JSON object per line' });
  const model = basename(file).replace(/\.jsonl$/, '');
  if (isObjectWith(rows[0], 'span_index')) {
    if (options.intervalS !== undefined) {
      throw new UserError(`${file} has its own times`, { hint: 'leave --interval out' });
    }
    const dataset = await datasetOfTurns(datasets);
    const predictions = toPredictions(rows, file);
    if (dataset) requireSpansOf(predictions, await turnsOf(dataset), file);
    const origin = { model, source: file, dataset: dataset?.info.name ?? null, intervalS: null };
    return judgeRows(predictions, options, origin);
  }
  const intervalS = gridIntervalS(options);
  const dataset = await datasetOfTurns(datasets);
  if (!dataset) {
    throw new UserError(`${file} has events, and no data set of single turns says where the silences are`, {
      hint: 'name one with -d eot:FOLDER; prediction rows (with span_index) need none',
    });
  }
  const predictions = await fromEvents(rows, file, dataset, intervalS);
  return judgeRows(predictions, options, { model, source: file, dataset: dataset.info.name, intervalS });
}

function toPredictions(rows: readonly unknown[], file: string): PredictionRow[] {
  return parseAll(rows, predictionRowSchema, file).map((row) => ({
    id: row.id,
    language: row.language,
    spanIndex: row.span_index,
    label: row.label,
    timestampS: row.timestamp,
    silenceS: row.silence_dur,
    pEot: row.p_eot,
  }));
}

/** Turns without an event count as heard in silence: leaving them out would flatter who says nothing. */
async function fromEvents(
  rows: readonly unknown[],
  file: string,
  dataset: Dataset,
  intervalS: number,
): Promise<PredictionRow[]> {
  const events = new Map<string, EotEvent[]>(dataset.ids.map((id) => [id, []]));
  const problems: string[] = [];
  for (const [i, row] of parseAll(rows, eventRowSchema, file).entries()) {
    const own = events.get(row.id);
    if (own) own.push({ timestampS: row.timestamp, pEot: row.p_eot });
    else problems.push(`row ${i + 1}: ${dataset.info.name} has no turn '${row.id}'`);
  }
  throwIfProblems(file, problems, 'name the data set of these events with -d');
  const turns = await turnsOf(dataset);
  return turns.flatMap((turn) => rowsFromEvents(turnSpans(turn), events.get(turn.id)!, intervalS));
}

/** Rows must be about every silence of the data set and about no other, or they could leave out what is hard. */
function requireSpansOf(rows: readonly PredictionRow[], turns: readonly UserTurn[], file: string): void {
  const labels = new Map(turns.flatMap((turn) => turnSpans(turn)).map((span) => [nameOf(span), span.label]));
  const given = new Map(rows.map((row) => [nameOf(row), row.label]));
  const problems = [
    ...Array.from(labels).flatMap(([name, label]) => (given.has(name) ? [] : [`${name} (${label}) has no rows`])),
    ...Array.from(given).flatMap(([name, label]) => {
      const meant = labels.get(name);
      if (meant === undefined) return [`${name} is no silence of the data set`];
      return meant === label ? [] : [`${name} is labelled ${label}, but is ${meant}`];
    }),
  ];
  throwIfProblems(file, problems, 'the rows must be about the silences of the data set named with -d');
}

function nameOf({ id, spanIndex }: { readonly id: string; readonly spanIndex: number }): string {
  return `turn ${id}, silence ${spanIndex}`;
}

async function turnsOf(dataset: Dataset): Promise<UserTurn[]> {
  const conversations = await Promise.all(dataset.ids.map((id) => dataset.open(id)));
  return conversations.flatMap(({ userTurn }) => (userTurn ? [userTurn] : []));
}

async function datasetOfTurns(datasets: readonly Dataset[]): Promise<Dataset | undefined> {
  for (const dataset of datasets) {
    const [first] = dataset.ids;
    if (first !== undefined && (await dataset.open(first)).userTurn) return dataset;
  }
  return undefined;
}

function parseAll<S extends z.ZodType>(rows: readonly unknown[], schema: S, file: string): z.output<S>[] {
  const problems: string[] = [];
  const values = rows.flatMap((row, i) => {
    const checked = check(schema, row);
    if (checked.ok) return [checked.value];
    problems.push(...checked.problems.map((problem) => `row ${i + 1}: ${problem}`));
    return [];
  });
  throwIfProblems(file, problems, 'mend these rows: docs/eot-bench.md has the format');
  return values;
}

function isObjectWith(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value;
}
