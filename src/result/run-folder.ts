/**
 * The folder of one run: header, rows, public files, reports. The folder and its header are made before the first
 * conversation, so that an unwritable place is found before any inference; a row is durable once it is appended; the
 * header is rewritten atomically at the end.
 */

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, UserError } from '../core/errors.js';
import { atomicWrite, type FileData, makeFolder, removeTemporaryFiles } from '../io/atomic-write.js';
import { fileFailure } from '../io/failures.js';
import { readJson } from '../io/json.js';
import { JsonLinesWriter, readJsonLines } from '../io/jsonl.js';
import { RunLock } from './run-lock.js';
import { type ConversationRow, conversationRowSchema, type RunHeader, runSchema } from './schema.js';

const ROWS = 'conversations.jsonl';

export class RunFolder {
  readonly path: string;
  readonly #lock: RunLock;
  readonly #rows: JsonLinesWriter;

  private constructor(path: string, lock: RunLock, rows: JsonLinesWriter) {
    this.path = path;
    this.#lock = lock;
    this.#rows = rows;
  }

  /**
   * Make `<out>/<UTC>_<model>_<dataset>_<hash6>/`. An existing folder is never touched: a run in the same second
   * gets a number behind its name.
   * @throws UserError when the folder cannot be made or written.
   */
  static async create(out: string, startedAt: Date, model: string, dataset: string, hash: string): Promise<RunFolder> {
    const stamp = startedAt
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '');
    const name = [stamp, fileSafe(model), fileSafe(dataset), hash.slice(0, 6)].join('_');
    try {
      await makeFolder(out);
      const path = await makeNewFolder(join(out, name));
      return await RunFolder.reopen(path);
    } catch (error) {
      const reason = messageOf(fileFailure(error, 'create folder', join(out, name)));
      throw new UserError(`no run can be saved in '${out}': ${reason}`, {
        hint: 'choose another folder with --out',
        cause: error,
      });
    }
  }

  /**
   * The folder of a run that is to go on. What a killed writer has left torn is removed.
   * @throws UserError when another process writes it, or it cannot be written.
   */
  static async reopen(path: string): Promise<RunFolder> {
    const lock = await RunLock.take(path);
    try {
      await removeTemporaryFiles(path);
      return new RunFolder(path, lock, await JsonLinesWriter.open(join(path, ROWS)));
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Name of the folder: what a person calls this run. */
  get name(): string {
    return basename(this.path);
  }

  /** Durable once it settles. */
  append(row: ConversationRow): Promise<void> {
    this.#lock.requireHeld();
    return this.#rows.append(row);
  }

  /** All rows in place of those appended, after the last: the order of a file must not tell who was faster. */
  async settle(rows: readonly ConversationRow[]): Promise<void> {
    await this.#rows.close();
    await this.write(
      ROWS,
      rows.map((row) => `${JSON.stringify(row)}\n`),
    );
  }

  write(file: string, data: FileData): Promise<void> {
    this.#lock.requireHeld();
    return atomicWrite(join(this.path, file), data);
  }

  writeHeader(header: RunHeader): Promise<void> {
    return this.write('run.json', `${JSON.stringify(header, null, 2)}\n`);
  }

  async close(): Promise<void> {
    await this.#rows.close();
    await this.#lock.release();
  }
}

export function isRunFolder(path: string): boolean {
  return existsSync(join(path, 'run.json'));
}

/** @throws UserError when the header is missing, malformed or of another version. */
export async function readRunHeader(path: string): Promise<RunHeader> {
  const file = join(path, 'run.json');
  const parsed = runSchema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the document'}: ${issue.message}`);
  throw new UserError(`${file} is not a run of this version:\n  - ${problems.slice(0, 10).join('\n  - ')}`);
}

/**
 * Rows of finished conversations, in the order in which they finished; a torn last line is left out.
 * @throws UserError naming the line of a row that is not of this version.
 */
export async function readConversationRows(path: string): Promise<ConversationRow[]> {
  const file = join(path, ROWS);
  const { rows } = await readJsonLines(file);
  return rows.map((value, i) => {
    const parsed = conversationRowSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new UserError(`${file}, row ${i + 1}: ${issue?.path.join('.')}: ${issue?.message}`);
  });
}

export interface StoredRun {
  readonly path: string;
  readonly header: RunHeader;
  /** In the order in which the run was asked for its conversations. */
  readonly rows: readonly ConversationRow[];
}

/** @throws UserError when the folder is not that of a run, or one of its files is unreadable or of another version. */
export async function readRun(path: string): Promise<StoredRun> {
  if (!isRunFolder(path)) {
    throw new UserError(`${path} is not a run folder: it has no run.json`, {
      hint: 'turnbench eval makes one and ends with its path',
    });
  }
  const header = await readRunHeader(path);
  const found = new Map((await readConversationRows(path)).map((row) => [row.conversation_id, row]));
  const rows = header.spec.dataset.ids.flatMap((id) => found.get(id) ?? []);
  return { path, header, rows };
}

async function makeNewFolder(path: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const candidate = attempt === 1 ? path : `${path}-${attempt}`;
    try {
      await mkdir(candidate);
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A name of a model or a data set as a part of a file name. */
export function fileSafe(name: string): string {
  const plain = basename(name).replace(/\.([cm]?[jt]s|py)$/, '');
  return plain.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^[-.]+|-+$/g, '') || 'model';
}
