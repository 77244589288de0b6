/** What `models build` has made and of what: the file beside the networks that the adapter starts from. */

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EXIT, UserError } from '../../core/errors.js';
import { sha256File } from '../../io/hash.js';
import { readJson } from '../../io/json.js';
import { check } from '../../io/validate.js';

export const MANIFEST_FILE = 'manifest.json';

/** Raised when the same sources give other networks. */
export const BUILDER_VERSION = 1;

const count = z.number().int().positive();
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const fileName = z.string().regex(/^[^/\\]+$/);
const states = z
  .array(z.strictObject({ name: z.string(), shape: z.array(z.union([count, z.string()])).readonly() }))
  .readonly();

export const manifestSchema = z.strictObject({
  model: z.literal('mimi-endpointer'),
  builder_version: z.number().int(),
  sources: z.strictObject({
    mimi: z.strictObject({ file: fileName, sha256: digest }),
    checkpoint: z.strictObject({ file: fileName, sha256: digest }),
  }),
  dimensions: z.strictObject({
    mimi: z.strictObject({
      filters: count,
      dimension: count,
      layers: count,
      heads: count,
      feed_forward: count,
      context: count,
      codebooks: count,
      bins: count,
      codebook_dimension: count,
    }),
    endpointer: z.strictObject({ dimension: count, projection: count, hidden: count, layers: count }),
  }),
  /** In the order in which they run. */
  graphs: z
    .array(
      z.strictObject({
        name: z.string(),
        file: fileName,
        sha256: digest,
        /** Inputs that are the outputs `.next` of the call before; the axis named 'rows' is free. */
        states,
        /** Inputs of which the outputs `.next` are the two newest frames. */
        windows: states,
      }),
    )
    .min(1)
    .readonly(),
});

export type Manifest = z.infer<typeof manifestSchema>;

const BUILD = "run 'turnbench models build mimi-endpointer'";
const PULL_AND_BUILD = `run 'turnbench models pull mimi-endpointer' (once), then ${BUILD.slice(4)}`;

/**
 * @returns the manifest of a folder whose files are as they were built
 * @throws UserError with exit code 5 when it was not built, or by another version; when a file is missing or differs.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) {
    throw new UserError(`the networks of mimi-endpointer are not in ${folder}`, {
      hint: PULL_AND_BUILD,
      exitCode: EXIT.prerequisite,
    });
  }
  const checked = check(manifestSchema, await readJson(path));
  if (!checked.ok || checked.value.builder_version !== BUILDER_VERSION) {
    throw new UserError(`the networks in ${folder} were built by another version of turnbench`, {
      hint: `${BUILD} again`,
      exitCode: EXIT.prerequisite,
    });
  }
  for (const { file, sha256 } of checked.value.graphs) await verify(join(folder, file), sha256);
  return checked.value;
}

async function verify(path: string, sha256: string): Promise<void> {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isFile && (await sha256File(path)) === sha256) return;
  throw new UserError(`${path} ${isFile ? 'is not as it was built' : 'is missing'}`, {
    hint: `${BUILD} again`,
    exitCode: EXIT.prerequisite,
  });
}
