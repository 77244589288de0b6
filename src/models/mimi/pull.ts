/** The published weights of the Mimi endpointer: `turnbench models pull mimi-endpointer`. */

import { join } from 'node:path';
import { type FetchOptions, fetchPublished, type PublishedFile } from '../published.js';

export type SourceRole = 'mimi' | 'checkpoint';

export const PUBLISHED: Readonly<Record<SourceRole, PublishedFile>> = {
  mimi: {
    title: 'Mimi codec (Kyutai)',
    repository: 'kyutai/moshiko-pytorch-bf16',
    file: 'tokenizer-e351c8d8-checkpoint125.safetensors',
    variable: 'TURNBENCH_MIMI_REPOSITORY',
  },
  checkpoint: {
    title: 'Mimi endpointer (Udupa et al.)',
    repository: 'viks66/mimi-endpointer',
    file: 'checkpoint.pt',
    variable: 'TURNBENCH_MIMI_ENDPOINTER_REPOSITORY',
  },
};

/** Where a published file is kept. */
export function sourcePath(folder: string, role: SourceRole): string {
  return join(folder, PUBLISHED[role].file);
}

/**
 * Fetch what is not there yet, and verify everything.
 * @returns the paths
 * @throws UserError as `fetchPublished`.
 */
export async function pullMimiEndpointer(options: FetchOptions): Promise<string[]> {
  return [await fetchPublished(PUBLISHED.mimi, options), await fetchPublished(PUBLISHED.checkpoint, options)];
}
