import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  fetchedNetwork,
  parseSmartTurn,
  SMART_TURN_MULTIMODAL,
  SMART_TURN_V3,
} from '../../../src/models/smart-turn/published.js';
import { pullSmartTurn } from '../../../src/models/smart-turn/pull.js';
import { type HubFaults, type HubServer, startHub } from '../../io/hub-server.js';

const INT8 = Uint8Array.of(1, 2, 3);
const FLOAT = Uint8Array.of(4, 5, 6, 7);
const FILES = { 'smart-turn-v3.2-cpu.onnx': INT8, 'smart-turn-v3.2-gpu.onnx': FLOAT, 'smart-turn-v3.0.onnx': INT8 };
const WITH_VIDEO = { 'smart-turn-multimodal-cpu.onnx': INT8, 'smart-turn-multimodal-gpu.onnx': FLOAT };

let folder: string;
let hub: HubServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pull-'));
});

afterEach(async () => {
  await hub?.close();
  rmSync(folder, { recursive: true });
});

async function pull(name: string, faults: HubFaults = {}, more: Record<string, string> = {}) {
  const repositories = { 'pipecat-ai/smart-turn-v3': FILES, 'new/home': FILES };
  hub = await startHub({ ...repositories, 'susuROBO/smart-turn-multimodal': WITH_VIDEO }, faults);
  const told: string[] = [];
  const path = await pullSmartTurn(parseSmartTurn(name), {
    folder,
    environment: { HF_ENDPOINT: hub.endpoint, ...more },
    onFile: ({ file }, { bytes }, state) => told.push(`${file} ${bytes} ${state}`),
  });
  return { path, told };
}

describe('the names of published networks', () => {
  it('are a version and a kind, of which the default is what pipecat ships with', () => {
    const versions = ['', '@3.2', '-cpu', '@3.2-cpu', '-gpu', '@3.1', '@3.1-gpu', '@3.0'];
    expect(versions.map((rest) => parseSmartTurn(`smart-turn-v3${rest}`).version)).toEqual([
      ...['3.2-cpu', '3.2-cpu', '3.2-cpu', '3.2-cpu', '3.2-gpu', '3.1-cpu', '3.1-gpu', '3.0-cpu'],
    ]);
    expect(SMART_TURN_V3.versions.map(SMART_TURN_V3.fileOf)).toEqual([
      'smart-turn-v3.0.onnx',
      'smart-turn-v3.1-cpu.onnx',
      'smart-turn-v3.1-gpu.onnx',
      'smart-turn-v3.2-cpu.onnx',
      'smart-turn-v3.2-gpu.onnx',
    ]);
  });

  it('are a kind alone for the network with video', () => {
    const given = ['', '-cpu', '-gpu'].map((rest) => parseSmartTurn(`smart-turn-multimodal${rest}`));
    expect(given.map(({ version }) => version)).toEqual(['cpu', 'cpu', 'gpu']);
    for (const { family } of given) expect(family).toBe(SMART_TURN_MULTIMODAL);
    expect(() => parseSmartTurn('smart-turn-multimodal-gpus')).toThrow("did you mean 'smart-turn-multimodal-gpu'?");
    expect(() => parseSmartTurn('smart-turn-multimodal@3.2')).toThrow("there is no 'smart-turn-multimodal@3.2'");
  });

  it('are refused with those there are', () => {
    for (const name of [
      'smart-turn-v3@3.0-gpu',
      'smart-turn-v3@3.3',
      'smart-turn-v3@',
      'smart-turn',
      'smart-turn-v3-x',
    ]) {
      expect(() => parseSmartTurn(name), name).toThrow(`there is no '${name}'`);
    }
    try {
      parseSmartTurn('smart-turn-v3@3.0-gpu');
    } catch (error) {
      expect(error).toMatchObject({ name: 'UserError', hint: expect.stringContaining('smart-turn-v3@3.0-cpu, ') });
    }
  });
});

describe('pullSmartTurn', () => {
  it('fetches one file, and where it is kept the model finds it', async () => {
    expect(() => fetchedNetwork(SMART_TURN_V3, '3.2-gpu', folder)).toThrow('smart-turn-v3.2-gpu.onnx are not there');
    const { path, told } = await pull('smart-turn-v3-gpu');
    expect(told).toEqual(['smart-turn-v3.2-gpu.onnx 4 fetching']);
    expect(new Uint8Array(readFileSync(path))).toEqual(FLOAT);
    expect(fetchedNetwork(SMART_TURN_V3, '3.2-gpu', folder)).toBe(path);
  });

  it('fetches the network with video from its own repository', async () => {
    const { path, told } = await pull('smart-turn-multimodal');
    expect(told).toEqual(['smart-turn-multimodal-cpu.onnx 3 fetching']);
    expect(fetchedNetwork(SMART_TURN_MULTIMODAL, 'cpu', folder)).toBe(path);
    expect(hub.requests).toContain('GET /api/models/susuROBO/smart-turn-multimodal?blobs=true');
  });

  it('fetches nothing twice, and again what was damaged', async () => {
    await pull('smart-turn-v3');
    await hub.close();
    const { path, told } = await pull('smart-turn-v3');
    expect(told).toEqual(['smart-turn-v3.2-cpu.onnx 3 present']);
    await hub.close();
    writeFileSync(path, 'damaged');
    expect((await pull('smart-turn-v3')).told).toEqual(['smart-turn-v3.2-cpu.onnx 3 fetching']);
  });

  it('keeps nothing that has not the hash that the hub states', async () => {
    await expect(pull('smart-turn-v3@3.0', { damage: true })).rejects.toMatchObject({ exitCode: 5 });
    expect(existsSync(join(folder, 'smart-turn-v3.0.onnx'))).toBe(false);
  });

  it('says what to open, which variable to set and where to put the file when the hub refuses', async () => {
    await expect(pull('smart-turn-v3', { lookUpStatus: 404 })).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining('Smart Turn: '),
      hint: expect.stringMatching(/open http.*set TURNBENCH_SMART_TURN_REPOSITORY.*put the file at .*v3\.2-cpu\.onnx/),
    });
    await hub.close();
    await pull('smart-turn-v3', {}, { TURNBENCH_SMART_TURN_REPOSITORY: 'new/home' });
    expect(hub.requests).toContain('GET /api/models/new/home?blobs=true');
  });

  it('names the files that are there when the expected one is not', async () => {
    await expect(pull('smart-turn-v3@3.1')).rejects.toMatchObject({
      message: expect.stringContaining("no weights named 'smart-turn-v3.1-cpu.onnx'"),
      hint: expect.stringContaining('smart-turn-v3.2-cpu.onnx'),
    });
  });
});
