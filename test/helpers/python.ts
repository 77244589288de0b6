/** A Python with numpy, for the tests of the Python bridge. Without one they are left out, and say so. */

import { spawnSync } from 'node:child_process';

const CANDIDATES = [process.env['TURNBENCH_PYTHON'], '/usr/bin/python3', 'python3', 'python'];

/** Absolute path; undefined when there is none. */
export const PYTHON = CANDIDATES.map((name) => name && withNumpy(name)).find((path) => path);

if (!PYTHON) console.warn('note: no Python with numpy here: the tests that run Python modules are left out');

function withNumpy(name: string): string | undefined {
  const code = 'import sys, numpy; print(sys.executable)';
  const { status, stdout } = spawnSync(name, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
