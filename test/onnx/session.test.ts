import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createSession, runtimeInfo } from '../../src/onnx/session.js';

const silero = fileURLToPath(new URL('../../assets/silero_vad_v6.onnx', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'turnbench-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('createSession', () => {
  it('runs a network on tensors that view the caller’s arrays', async () => {
    const session = await createSession(silero, { inputs: ['sr', 'state', 'input'], outputs: ['output'] });
    expect(session.inputNames).toEqual(['input', 'state', 'sr']);
    expect(session.outputNames).toEqual(['output', 'stateN']);

    const samples = new Float32Array(2 * 576);
    const feeds = {
      input: session.tensor(samples, [2, 576]),
      state: session.tensor(new Float32Array(2 * 2 * 128), [2, 2, 128]),
      sr: session.tensor(BigInt64Array.of(16_000n), []),
    };
    const silent = (await session.run(feeds))['output']!;
    samples.fill(0.25, 0, 576);
    const loud = (await session.run(feeds))['output']!;

    expect(silent.dims).toEqual([2, 1]);
    expect(silent.data[0]).toBe(silent.data[1]);
    expect(loud.data[0]).not.toBe(silent.data[0]);
    expect(loud.data[1]).toBe(silent.data[1]);
    await session.release();
  });

  it('refuses a file that is not there', async () => {
    await expect(createSession('missing.onnx')).rejects.toMatchObject({
      name: 'UserError',
      message: 'ONNX model missing.onnx does not exist',
    });
  });

  it('refuses a file that is no ONNX model, and a folder', async () => {
    const path = join(folder, 'text.onnx');
    writeFileSync(path, 'not a model');
    const message = expect.stringContaining('cannot be loaded as an ONNX model');
    await expect(createSession(path)).rejects.toMatchObject({ name: 'UserError', message });
    await expect(createSession(folder)).rejects.toMatchObject({ name: 'UserError', message });
  });

  it('names the inputs or outputs found when others are expected', async () => {
    await expect(createSession(silero, { inputs: ['audio'] })).rejects.toMatchObject({
      name: 'UserError',
      message: `${silero} has the inputs input, state, sr; expected audio`,
    });
    await expect(createSession(silero, { inputs: ['input', 'state'] })).rejects.toThrow('expected input, state');
    await expect(createSession(silero, { outputs: ['logits'] })).rejects.toThrow('has the outputs output, stateN');
  });
});

it('tells version, provider and threads of the runtime', async () => {
  const version = expect.stringMatching(/^\d+\.\d+\.\d+/);
  expect(await runtimeInfo()).toEqual({ name: 'onnxruntime-node', version, provider: 'cpu', threads: 1 });
});
