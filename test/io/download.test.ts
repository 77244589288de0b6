import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DownloadOptions, download } from '../../src/io/download.js';
import { type HubFaults, type HubServer, sha256, startHub } from './hub-server.js';

const CONTENT = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
const SHA256 = sha256(CONTENT);

let folder: string;
let path: string;
let hub: HubServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
  path = join(folder, 'deep', 'weights.bin');
});

afterEach(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

async function fetchIt(faults: HubFaults = {}, more: Partial<DownloadOptions> = {}) {
  hub = await startHub({ 'a/b': { 'weights.bin': CONTENT } }, faults);
  const url = `${hub.endpoint}/a/b/resolve/c0ffee/weights.bin`;
  await download({ url, path, bytes: CONTENT.length, sha256: SHA256, ...more });
}

const inFolder = () => readdirSync(join(folder, 'deep'));
const ranges = () => hub.requests.map((request) => request.split(' ')[2]);

describe('download over several connections', () => {
  const segmentBytes = 40_000;
  const parts = () => `${path}.${SHA256.slice(0, 16)}.parts`;
  const starts = () => ranges().map((range) => Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1]));

  it('puts the segments together and leaves nothing else', async () => {
    const seen: number[] = [];
    await fetchIt({}, { segmentBytes, onProgress: (bytes) => seen.push(bytes) });
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(inFolder()).toEqual(['weights.bin']);
    expect(starts().sort((a, b) => a - b)).toEqual(Array.from({ length: 8 }, (_, i) => i * segmentBytes));
    expect(seen.at(-1)).toBe(CONTENT.length);
  });

  it('asks again for the segment whose connection broke', async () => {
    await fetchIt({ breakAfter: 10_000 }, { segmentBytes });
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(hub.requests).toHaveLength(9);
  });

  it('fetches only the segments that an earlier command has not', async () => {
    mkdirSync(join(folder, 'deep'));
    writeFileSync(
      parts(),
      CONTENT.map((byte, i) => (i < 80_000 ? byte : 0)),
    );
    writeFileSync(`${parts()}.done`, '8\n0\n1');
    await fetchIt({}, { segmentBytes });
    expect(starts().sort((a, b) => a - b)).toEqual([80_000, 120_000, 160_000, 200_000, 240_000, 280_000]);
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  it('begins anew where the list of segments makes no sense', async () => {
    mkdirSync(join(folder, 'deep'));
    writeFileSync(parts(), new Uint8Array(10));
    writeFileSync(`${parts()}.done`, '8\n0\nx');
    await fetchIt({}, { segmentBytes });
    expect(hub.requests).toHaveLength(8);
  });

  it('takes one connection where a server knows no ranges', async () => {
    await fetchIt({ ignoreRange: true }, { segmentBytes });
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(inFolder()).toEqual(['weights.bin']);
  });

  it('keeps nothing that is not what was announced', async () => {
    await expect(fetchIt({ damage: true }, { segmentBytes })).rejects.toThrow(/is not what was announced/);
    expect(inFolder()).toEqual([]);
  });
});

describe('download', () => {
  it('writes the whole file under its name, and nothing else', async () => {
    await fetchIt();
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(inFolder()).toEqual(['weights.bin']);
  });

  it('goes on where a broken connection stopped', async () => {
    await fetchIt({ breakAfter: 100_000 });
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
    expect(ranges()).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  it('goes on with what an earlier command has fetched', async () => {
    await fetchIt({}, { signal: AbortSignal.abort(new Error('stop')) }).catch(() => {});
    await hub.close();
    writeFileSync(`${path}.${SHA256.slice(0, 16)}.part`, CONTENT.subarray(0, 250_000));
    await fetchIt();
    expect(ranges()).toEqual(['bytes=250000-']);
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  it('starts over when a server knows no ranges', async () => {
    await fetchIt({ breakAfter: 100_000, ignoreRange: true });
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  it('keeps nothing that is not what was announced', async () => {
    await expect(fetchIt({ damage: true })).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining(`expected ${SHA256}`),
    });
    expect(inFolder()).toEqual([]);
  });

  it('throws away a part that is longer than the file', async () => {
    await fetchIt({}, { signal: AbortSignal.abort(new Error('stop')) }).catch(() => {});
    await hub.close();
    writeFileSync(`${path}.${SHA256.slice(0, 16)}.part`, new Uint8Array(CONTENT.length + 1));
    await expect(fetchIt()).rejects.toThrow(/300001 bytes, expected/);
    expect(inFolder()).toEqual([]);
  });

  it('says what a server answered', async () => {
    hub = await startHub({});
    const url = `${hub.endpoint}/a/b/resolve/c0ffee/weights.bin`;
    await expect(download({ url, path, bytes: 1, sha256: SHA256 })).rejects.toMatchObject({
      message: `${url} answered 404 Not Found`,
      hint: expect.stringContaining(path),
      exitCode: 5,
    });
  });

  it('says that there is no network, and which file to put where', async () => {
    hub = await startHub({});
    await hub.close();
    const url = `${hub.endpoint}/a/b/resolve/c0ffee/weights.bin`;
    await expect(download({ url, path, bytes: 1, sha256: SHA256 })).rejects.toMatchObject({
      message: expect.stringMatching(/cannot download .*ECONNREFUSED/),
      hint: expect.stringContaining(path),
      exitCode: 5,
    });
  });

  it('says how much space is missing before it fetches anything', async () => {
    await expect(fetchIt({}, { bytes: 2 ** 60 })).rejects.toMatchObject({
      message: expect.stringMatching(/MB free, 1152921504607 MB are needed/),
      hint: expect.stringContaining('TURNBENCH_CACHE'),
    });
    expect(hub.requests).toEqual([]);
  });

  it('stops when it is told to', async () => {
    await expect(fetchIt({}, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
