/**
 * `python:path/to/predict.py`: a Python module that defines `load_model()`, as it is. The driver beside this file runs
 * in the interpreter, imports the module and speaks the protocol on a descriptor of its own.
 */

import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DiscriminativeModel, ModelOptions } from '../../core/model.js';
import { bridgeModel } from './model.js';
import { processOptions, programAt } from './settings.js';

const DRIVER = fileURLToPath(new URL('./driver.py', import.meta.url));

export interface PythonSettings {
  /** Interpreter. Undefined: $TURNBENCH_PYTHON, an active virtual environment, `python3` on PATH. */
  readonly python?: string | undefined;
  /** A sweep is wanted: modules that know it answer at all their thresholds when MIMI_SWEEP is 1. */
  readonly sweep?: boolean | undefined;
}

/**
 * @param file absolute path of the module.
 * @param from folder in which the module runs, and against which an interpreter's path is resolved.
 * @throws UserError when there is no interpreter or it lacks numpy (exit 5), and as `bridgeModel`.
 */
export async function loadPythonModel(
  file: string,
  options: ModelOptions,
  from: string,
  { python, sweep }: PythonSettings,
): Promise<DiscriminativeModel> {
  const name = `Python model ${basename(file)}`;
  const { folder, environment, loadDeadlineS, ownOptions } = processOptions(name, options, from);
  const { program, chosenBy } = pythonInterpreter(python, from);
  return bridgeModel({
    name,
    program,
    // Unbuffered: what the module prints before a crash is not lost.
    args: ['-u', DRIVER, file],
    folder,
    environment: { ...(sweep && { MIMI_SWEEP: '1' }), ...environment },
    channel: 'descriptor-3',
    missingHint: `the interpreter was chosen by ${chosenBy}; name another with --python`,
    hello: { options: ownOptions, folder: from },
    loadDeadlineS,
  });
}

/** Which Python is meant, not whether it is there. */
export function pythonInterpreter(
  given: string | undefined,
  from: string,
  environment: NodeJS.ProcessEnv = process.env,
): { program: string; chosenBy: string } {
  const { TURNBENCH_PYTHON: variable, VIRTUAL_ENV: virtual, CONDA_PREFIX: conda } = environment;
  if (given) return { program: programAt(given, from), chosenBy: '--python or $TURNBENCH_PYTHON' };
  if (variable) return { program: programAt(variable, from), chosenBy: '$TURNBENCH_PYTHON' };
  if (virtual) return { program: interpreterIn(virtual), chosenBy: '$VIRTUAL_ENV' };
  if (conda) return { program: interpreterIn(conda), chosenBy: '$CONDA_PREFIX' };
  return { program: 'python3', chosenBy: 'default' };
}

function interpreterIn(environmentFolder: string): string {
  return process.platform === 'win32'
    ? join(environmentFolder, 'Scripts', 'python.exe')
    : join(environmentFolder, 'bin', 'python');
}
