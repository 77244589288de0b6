/** From published checkpoints to ONNX files: `turnbench models build mimi-endpointer`. */

import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { atomicWrite, makeFolder } from '../../io/atomic-write.js';
import { sha256File } from '../../io/hash.js';
import { openCheckpoint } from '../../onnx/checkpoint.js';
import {
  MIMI_CONSTANTS,
  MIMI_FULL,
  type MimiConstants,
  type MimiDimensions,
  readMimiDimensions,
} from './dimensions.js';
import { readEndpointerDimensions } from './endpointer-dimensions.js';
import { buildGraph, GRAPH_NAMES, type GraphName, type Sources, statesOf } from './graphs.js';
import { BUILDER_VERSION, MANIFEST_FILE, type Manifest } from './manifest.js';
import { canonicalMimi } from './names.js';

export interface BuildOptions {
  /** Path of the codec: safetensors of the moshi release or of the transformers library. */
  readonly mimi: string;
  /** Path of the endpointer: a PyTorch checkpoint or safetensors. */
  readonly checkpoint: string;
  /** Where the networks and their manifest go; made when missing. */
  readonly folder: string;
  /** What no tensor of the codec shows. */
  readonly constants?: MimiConstants;
  onFile?(file: string, bytes: number): void;
}

/**
 * Write the four networks and a manifest. The same sources give the same bytes. A manifest is there only when all its
 * files are.
 * @throws UserError when a source is missing, damaged, hostile or of another model, or the folder cannot be written.
 */
export async function buildMimiEndpointer(options: BuildOptions): Promise<Manifest> {
  const { mimi, checkpoint, folder } = options;
  const sources = openSources(options);
  try {
    await makeFolder(folder);
    await rm(join(folder, MANIFEST_FILE), { force: true });
    const graphs = [];
    for (const name of GRAPH_NAMES) graphs.push(await writeGraph(name, sources, options));
    const manifest: Manifest = {
      model: 'mimi-endpointer',
      builder_version: BUILDER_VERSION,
      sources: {
        mimi: { file: basename(mimi), sha256: await sha256File(mimi) },
        checkpoint: { file: basename(checkpoint), sha256: await sha256File(checkpoint) },
      },
      dimensions: { mimi: dimensionsOnDisk(sources.mimiDimensions), endpointer: sources.endpointerDimensions },
      graphs,
    };
    await atomicWrite(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  } finally {
    sources.mimi.close();
    sources.checkpoint.close();
  }
}

/** Both files are checked as a whole before anything is written. */
function openSources(options: BuildOptions): Sources {
  const constants = options.constants ?? MIMI_CONSTANTS;
  const mimi = canonicalMimi(openCheckpoint(options.mimi), constants);
  try {
    const mimiDimensions = readMimiDimensions(mimi, constants);
    if (!options.constants) requirePublished(mimi.file, mimiDimensions);
    const checkpoint = openCheckpoint(options.checkpoint);
    try {
      const endpointerDimensions = readEndpointerDimensions(checkpoint, mimiDimensions.dimension);
      return { mimi, mimiDimensions, checkpoint, endpointerDimensions };
    } catch (error) {
      checkpoint.close();
      throw error;
    }
  } catch (error) {
    mimi.close();
    throw error;
  }
}

/** With another width the number of heads would be a guess, and a wrong guess runs without complaint. */
function requirePublished(file: string, { dimension }: MimiDimensions): void {
  if (dimension === MIMI_FULL.dimension) return;
  throw new UserError(`${file} is a codec of width ${dimension}; the published Mimi has ${MIMI_FULL.dimension}`, {
    hint: 'its number of attention heads and its context are not in the file, so it cannot be built',
  });
}

function dimensionsOnDisk({ feedForward, codebookDimension, ...rest }: MimiDimensions) {
  return { ...rest, feed_forward: feedForward, codebook_dimension: codebookDimension };
}

async function writeGraph(name: GraphName, sources: Sources, options: BuildOptions) {
  const graph = buildGraph(name, sources);
  const model = graph.model({ name: 'turnbench', version: String(BUILDER_VERSION) });
  const file = `${name}.onnx`;
  const path = join(options.folder, file);
  await atomicWrite(path, model.chunks);
  options.onFile?.(file, model.length);
  return { name, file, sha256: await sha256File(path), ...statesOf(graph) };
}
