/**
 * `eot:FOLDER`: a data set of single user turns. `turns.jsonl` has one row per turn, `dataset.json` may describe the
 * whole. A turn is streamed as a conversation in which speaker 1 is the user and speaker 2 is silent; it has no
 * annotations, so what is scored are its silences (`turnbench policy`).
 */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openBesideSilence } from '../audio/beside-silence.js';
import { type AudioSource, type Conversation, compareIds } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import { sha256Text } from '../io/hash.js';
import { parseJson } from '../io/json.js';
import { readText } from '../io/text.js';
import { collidingIds } from './consistency.js';
import { type DirectoryReading, readInfo } from './directory.js';
import { parseTurnRow, type TurnRow } from './eot-rows.js';
import { attempt, type Findings, noFindings } from './findings.js';
import { namedAudio } from './named-audio.js';

export const EOT_PREFIX = 'eot:';
export const TURNS_FILE = 'turns.jsonl';

/** s. How far a silence may reach beyond the end of the audio. */
const END_TOLERANCE_S = 0.5;

/**
 * Read the turns and the headers of their audio; what is wrong is reported with the line it is in.
 * @throws UserError only when there is no such folder, or no turns in it.
 */
export async function readEotFolder(folder: string): Promise<DirectoryReading> {
  const path = resolve(folder);
  if (!existsSync(join(path, TURNS_FILE))) {
    throw new UserError(`no ${TURNS_FILE} in ${folder}`, {
      hint: 'a data set of single turns has one row per turn in that file: see docs/eot-bench.md',
    });
  }
  const findings = noFindings();
  const fingerprint: string[] = [];
  const info = await readInfo(path, findings, fingerprint);
  const text = await readText(join(path, TURNS_FILE), TURNS_FILE);
  fingerprint.push(`${TURNS_FILE} ${sha256Text(text)}`);
  const rows = readRows(text, findings);
  if (rows.length === 0 && findings.problems.length === 0) findings.problems.push(`${TURNS_FILE}: no turns in it`);
  const conversations: Conversation[] = [];
  for (const row of rows) {
    const conversation = await attempt(findings, path, () => openTurn(path, row, findings, fingerprint));
    if (conversation) conversations.push(conversation);
  }
  conversations.sort((a, b) => compareIds(a.id, b.id));
  const languages = [...new Set(rows.map(({ language }) => language))];
  const language = info.language === 'und' && languages.length === 1 ? languages[0]! : info.language;
  const revision = sha256Text(fingerprint.sort().join('\n')).slice(0, 12);
  const location = `${EOT_PREFIX}${path}`;
  return { path, location, info: { ...info, language, revision }, conversations, ...findings };
}

function readRows(text: string, findings: Findings): TurnRow[] {
  const rows: TurnRow[] = [];
  const unknown = new Set<string>();
  const lineOf = new Map<string, number>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `${TURNS_FILE}:${i + 1}`;
    let value: unknown;
    try {
      value = parseJson(line, TURNS_FILE, { uniqueKeys: true, firstLine: i + 1 });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      findings.problems.push(error.message);
      continue;
    }
    const { row, problems, unknownKeys } = parseTurnRow(value);
    for (const problem of problems) findings.problems.push(`${place}: ${problem}`);
    for (const key of unknownKeys) unknown.add(key);
    if (!row) continue;
    const twin = lineOf.get(row.id);
    if (twin !== undefined) findings.problems.push(`${place}: the id '${row.id}' is already that of line ${twin}`);
    else rows.push(row);
    lineOf.set(row.id, twin ?? i + 1);
  }
  if (unknown.size > 0) findings.warnings.push(`${TURNS_FILE}: keys without effect: ${[...unknown].join(', ')}`);
  findings.problems.push(...collidingIds(rows.map(({ id }) => id)));
  return rows;
}

async function openTurn(
  root: string,
  { audio: file, ...row }: TurnRow,
  findings: Findings,
  fingerprint: string[],
): Promise<Conversation> {
  const path = join(root, file);
  const audio = await openBesideSilence(path);
  fingerprint.push(`${file} ${(await stat(path)).size}`);
  return turnConversation(row, namedAudio(audio, root), findings);
}

/** A turn as a conversation. Adds what is wrong with its silences. */
export function turnConversation(
  { id, language, silenceSpans, messages, words }: Omit<TurnRow, 'audio'>,
  audio: AudioSource,
  findings: Findings,
): Conversation {
  const durationS = audio.length / audio.sampleRateHz;
  const late = silenceSpans.findIndex(({ endS }) => endS > durationS + END_TOLERANCE_S);
  if (late >= 0) {
    const { startS, endS } = silenceSpans[late]!;
    findings.problems.push(
      `${id}: silence_spans[${late}] (${startS} to ${endS} s) ends after the audio (${durationS} s): are these seconds, and of this file?`,
    );
  }
  const said = { ...(messages && { messages }), ...(words && { words }) };
  return { id, tags: { language }, durationS, audio, userTurn: { id, language, silenceSpans, durationS, ...said } };
}
