import { describe, expect, it } from 'vitest';
import { pythonInterpreter } from '../../../src/models/bridge/python.js';

const ALL = { TURNBENCH_PYTHON: 'python3.12', VIRTUAL_ENV: '/venv', CONDA_PREFIX: '/conda' };

describe('the interpreter of Python models', () => {
  it.each([
    ['./env/bin/python', ALL, '/here/env/bin/python', '--python or $TURNBENCH_PYTHON'],
    ['python3.11', ALL, 'python3.11', '--python or $TURNBENCH_PYTHON'],
    [undefined, ALL, 'python3.12', '$TURNBENCH_PYTHON'],
    [undefined, { ...ALL, TURNBENCH_PYTHON: undefined }, '/venv/bin/python', '$VIRTUAL_ENV'],
    [undefined, { CONDA_PREFIX: '/conda' }, '/conda/bin/python', '$CONDA_PREFIX'],
    [undefined, { TURNBENCH_PYTHON: '', VIRTUAL_ENV: '' }, 'python3', 'default'],
  ])('is the one asked for, else that of the environment: %s', (given, environment, program, chosenBy) => {
    expect(pythonInterpreter(given, '/here', environment)).toEqual({ program, chosenBy });
  });
});
