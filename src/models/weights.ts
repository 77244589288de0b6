import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, UserError } from '../core/errors.js';
import type { WeightFile } from '../core/model.js';
import { sha256File } from '../io/hash.js';

/**
 * Path of a weight file that ships with the package in `assets/`, verified.
 * @throws UserError when it is missing (exit code 5) or its content is not the expected one.
 */
export async function bundledWeights({ file, sha256 }: WeightFile): Promise<string> {
  // The same depth below the package root from `src/models` and from `dist/models`.
  const path = fileURLToPath(new URL(`../../assets/${file}`, import.meta.url));
  const hint = "in a checkout run 'npm run build', elsewhere reinstall turnbench";
  if (!existsSync(path)) {
    throw new UserError(`the weights assets/${file} are missing`, { hint, exitCode: EXIT.prerequisite });
  }
  const found = await sha256File(path);
  if (found === sha256) return path;
  throw new UserError(`the weights assets/${file} have SHA-256 ${found}, expected ${sha256}`, {
    hint: `${hint}; other weights are passed by their path (-o model=PATH)`,
  });
}

/** What a run records of a weight file. */
export async function weightFile(path: string): Promise<WeightFile> {
  return { file: basename(path), sha256: await sha256File(path) };
}
