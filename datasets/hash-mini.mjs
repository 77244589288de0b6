/**
 * Assembles the bundled data set and writes size and hash of every file into `mini/hashes.json`, against which it is
 * checked wherever it is assembled.
 *
 *   npm run build && node datasets/hash-mini.mjs
 */

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleMini } from '../dist/dataset/mini-assemble.js';

const work = mkdtempSync(join(tmpdir(), 'hash-mini-'));
const folder = join(work, 'mini');
await assembleMini(folder);
const lines = readdirSync(folder, { recursive: true })
  .filter((path) => statSync(join(folder, path)).isFile())
  .map((path) => path.replaceAll('\\', '/'))
  .sort()
  .map((path) => {
    const bytes = readFileSync(join(folder, path));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return `  ${JSON.stringify(path)}: { "bytes": ${bytes.length}, "sha256": "${sha256}" }`;
  });
writeFileSync(new URL('mini/hashes.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
rmSync(work, { recursive: true });
