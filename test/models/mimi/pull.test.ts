import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildMimiEndpointer } from '../../../src/models/mimi/build.js';
import { PUBLISHED, pullMimiEndpointer, sourcePath } from '../../../src/models/mimi/pull.js';
import { type HubFaults, type HubServer, startHub } from '../../io/hub-server.js';
import { FIXTURES, TINY } from './tiny.js';

const MIMI = new Uint8Array(readFileSync(`${FIXTURES}/mimi.safetensors`));
const CHECKPOINT = new Uint8Array(readFileSync(`${FIXTURES}/checkpoint.pt`));
const REPOSITORIES = {
  'kyutai/moshiko-pytorch-bf16': { 'tokenizer-e351c8d8-checkpoint125.safetensors': MIMI },
  'viks66/mimi-endpointer': { 'checkpoint.pt': CHECKPOINT, 'README.md': Uint8Array.of(1) },
};

let folder: string;
let hub: HubServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pull-'));
});

afterEach(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

async function pull(faults: HubFaults = {}, more: Record<string, string> = {}, repositories = REPOSITORIES) {
  hub = await startHub(repositories, faults);
  const told: string[] = [];
  const environment = { HF_ENDPOINT: `${hub.endpoint}/`, ...more };
  await pullMimiEndpointer({
    folder,
    environment,
    onFile: (source, { licence, bytes }, state) =>
      told.push(`${source === PUBLISHED.mimi ? 'mimi' : 'checkpoint'} ${licence} ${bytes} ${state}`),
  });
  return told;
}

describe('pullMimiEndpointer', () => {
  it('fetches both files from the commit that was looked up, tells their licence, and they can be built', async () => {
    const told = await pull();
    expect(told).toEqual([
      `mimi cc-by-4.0 ${MIMI.length} fetching`,
      `checkpoint cc-by-4.0 ${CHECKPOINT.length} fetching`,
    ]);
    expect(hub.requests).toContain('GET /viks66/mimi-endpointer/resolve/c0ffee/checkpoint.pt');
    const [mimi, checkpoint] = [sourcePath(folder, 'mimi'), sourcePath(folder, 'checkpoint')];
    const { graphs } = await buildMimiEndpointer({ mimi, checkpoint, folder, constants: TINY });
    expect(graphs).toHaveLength(4);
  });

  it('fetches nothing twice, and again what was damaged', async () => {
    await pull();
    await hub.close();
    writeFileSync(sourcePath(folder, 'checkpoint'), 'damaged');
    expect((await pull()).map((line) => line.split(' ').at(-1))).toEqual(['present', 'fetching']);
    expect(hub.requests.filter((request) => request.includes('resolve'))).toHaveLength(1);
    expect(readFileSync(sourcePath(folder, 'checkpoint')).equals(CHECKPOINT)).toBe(true);
  });

  it('sends the token of the user, and none when there is none', async () => {
    await pull({}, { HF_TOKEN: 'hf_secret' });
    expect(new Set(hub.authorizations)).toEqual(new Set(['Bearer hf_secret']));
    await hub.close();
    await pull();
    expect(new Set(hub.authorizations)).toEqual(new Set([undefined]));
  });

  it('says what to open and which variable to set when a repository is gated or gone', async () => {
    const { title } = PUBLISHED.mimi;
    await expect(pull({ lookUpStatus: 403 })).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(new RegExp(`^${title.replaceAll(/[()]/g, '.')}: .*gated`)),
      hint: expect.stringMatching(/open http.*kyutai\/moshiko.*HF_TOKEN.*TURNBENCH_MIMI_REPOSITORY.*put the file at/),
    });
    await hub.close();
    await expect(pull({ lookUpStatus: 401 }, { HF_TOKEN: 'x' })).rejects.toMatchObject({
      hint: expect.stringContaining('the token of HF_TOKEN is sent, but may not read it'),
    });
    await hub.close();
    await expect(pull({ lookUpStatus: 404 })).rejects.toMatchObject({ message: expect.stringContaining('renamed') });
  });

  it('never repeats the token in a message', async () => {
    const failure = await pull({ lookUpStatus: 500 }, { HF_TOKEN: 'hf_secret' }).catch((error: unknown) => error);
    expect(JSON.stringify(failure) + String(failure)).not.toContain('hf_secret');
  });

  it('takes a renamed repository from the environment', async () => {
    const repositories = { ...REPOSITORIES, 'new/home': REPOSITORIES['viks66/mimi-endpointer'] };
    await pull({}, { TURNBENCH_MIMI_ENDPOINTER_REPOSITORY: 'new/home' }, repositories);
    expect(hub.requests).toContain('GET /api/models/new/home?blobs=true');
  });

  it('names the files that are there when the expected one is not', async () => {
    const repositories = {
      ...REPOSITORIES,
      'viks66/mimi-endpointer': { 'checkpoint.pt': CHECKPOINT, 'README.md': CHECKPOINT },
    };
    const renamed = {
      ...repositories,
      'viks66/mimi-endpointer': { 'best.pt': CHECKPOINT },
    } as unknown as typeof REPOSITORIES;
    await expect(pull({}, {}, renamed)).rejects.toMatchObject({
      message: expect.stringContaining("no weights named 'checkpoint.pt'"),
      hint: expect.stringContaining('best.pt'),
    });
  });

  it('says that a mirror is no mirror, and that there is no network', async () => {
    await expect(pull({ lookUpStatus: 200 }, {}, {} as typeof REPOSITORIES)).rejects.toMatchObject({ exitCode: 5 });
    await hub.close();
    const environment = { HF_ENDPOINT: hub.endpoint };
    await expect(pullMimiEndpointer({ folder, environment })).rejects.toMatchObject({
      message: expect.stringMatching(/cannot reach http.*ECONNREFUSED/),
      hint: expect.stringContaining('HF_ENDPOINT'),
      exitCode: 5,
    });
  });
});
