/** What a number depends on besides the specification: versions, machine, the state of the user's repository. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import type { Environment } from './schema.js';

/** @param onnxruntime version of the inference runtime, null when the run does not use it. */
export function captureEnvironment(argv: readonly string[], onnxruntime: string | null): Environment {
  return {
    turnbench: packageVersion(),
    node: process.versions.node,
    onnxruntime,
    os: `${platform()} ${release()} ${arch()}`,
    cpu: { model: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism() },
    memory_gb: Math.round(totalmem() / 2 ** 30),
    git: gitState(),
    argv: [...argv],
  };
}

export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(manifest.version);
}

/** Commit of the folder in which the command runs, where the user's model usually lives; null outside a repository. */
function gitState(): Environment['git'] {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' };
  } catch {
    return null;
  }
}
