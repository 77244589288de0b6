/**
 * Copies the weights that ship inside packages we depend on into `assets/`, from where the adapters load them and
 * `npm pack` takes them along. Every file is verified by its SHA-256; what is in place already is left alone.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const ASSETS = [
  {
    source: '@ricky0123/vad-web/dist/silero_vad_v6.onnx',
    target: '../assets/silero_vad_v6.onnx',
    sha256: '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
  },
];

try {
  for (const asset of ASSETS) copyVerified(asset);
} catch (error) {
  console.error(`copy-assets: ${error.message}`);
  process.exitCode = 1;
}

function copyVerified({ source, target, sha256 }) {
  const path = fileURLToPath(new URL(target, import.meta.url));
  if (existsSync(path) && sha256Of(readFileSync(path)) === sha256) return;
  const bytes = readFileSync(locate(source));
  const actual = sha256Of(bytes);
  if (actual !== sha256) {
    throw new Error(`${source} has SHA-256 ${actual}, expected ${sha256}: run 'npm ci' to get the locked version`);
  }
  mkdirSync(dirname(path), { recursive: true });
  // Beside the target first: an interrupted copy must not leave half a file under the final name.
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
}

function locate(source) {
  try {
    return createRequire(import.meta.url).resolve(source);
  } catch {
    throw new Error(`${source} is not installed: run 'npm ci' (with development dependencies)`);
  }
}

function sha256Of(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
