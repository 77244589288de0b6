import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../fixtures');

/** A JSON fixture by its path without extension, stored as `.json` or `.json.gz`. */
export function readFixture<T>(path: string): T {
  const plain = join(folder, `${path}.json`);
  const text = existsSync(plain) ? readFileSync(plain, 'utf8') : gunzipSync(readFileSync(`${plain}.gz`)).toString();
  return JSON.parse(text) as T;
}
