/** Probability files of shards as one: line by line, because whole they are larger than memory should be. */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UserError } from '../core/errors.js';
import { fileFailure } from '../io/failures.js';

/**
 * The text of the file that one run of all conversations would have written, in pieces.
 * @param files as written by this program; each holds some of the conversations, in the order of `ids`.
 * @throws UserError when one of them is something else, or ends too early.
 */
export async function* mergedProbabilities(files: readonly string[], ids: readonly string[]): AsyncGenerator<string> {
  const readers: EntryReader[] = [];
  try {
    for (const file of files) readers.push(await EntryReader.open(file));
    const [first] = readers;
    for (const { file, header } of readers) if (header !== first!.header) throw notOurs(file);
    yield first!.header;
    let separator = '\n';
    for (const id of ids) {
      const holders = readers.filter(({ entry }) => entry?.id === id);
      if (holders[0]) {
        yield `${separator}${holders[0].entry!.text}`;
        separator = ',\n';
      }
      for (const holder of holders) await holder.advance();
    }
    for (const { file, entry } of readers) if (entry) throw notOurs(file);
    yield '\n]}\n';
  } finally {
    for (const reader of readers) reader.close();
  }
}

interface Entry {
  readonly id: string;
  /** JSON, without what separates it from the next. */
  readonly text: string;
}

const ENTRY = /^\{"conversation_id":("(?:[^"\\]|\\.)*"),.*\}$/;

class EntryReader {
  readonly file: string;
  readonly #stream: ReturnType<typeof createReadStream>;
  readonly #lines: AsyncIterator<string>;
  header = '';
  /** The next one; undefined at the end. */
  entry: Entry | undefined;

  private constructor(file: string) {
    this.file = file;
    this.#stream = createReadStream(file, 'utf8');
    this.#lines = createInterface({ input: this.#stream, crlfDelay: Infinity })[Symbol.asyncIterator]();
  }

  static async open(file: string): Promise<EntryReader> {
    const reader = new EntryReader(file);
    reader.header = await reader.#line();
    await reader.advance();
    return reader;
  }

  async advance(): Promise<void> {
    const line = await this.#line();
    if (line === ']}') {
      this.entry = undefined;
      return;
    }
    const text = line.endsWith(',') ? line.slice(0, -1) : line;
    const [, id] = ENTRY.exec(text) ?? [];
    if (id === undefined) throw notOurs(this.file);
    this.entry = { id: JSON.parse(id), text };
  }

  close(): void {
    this.#stream.destroy();
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next().catch((error: unknown) => {
      throw fileFailure(error, 'read', this.file);
    });
    if (done) throw notOurs(this.file);
    return value;
  }
}

function notOurs(file: string): UserError {
  return new UserError(`${file} is not as this version writes probability files`, {
    hint: 'run its shard again with --tracks',
  });
}
