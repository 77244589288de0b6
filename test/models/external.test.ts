import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/models/catalogue.js';

const folder = mkdtempSync(join(tmpdir(), 'turnbench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MODEL = '{ inputSampleRate: options.rate ?? 16000, reset() {}, step: () => ({ pFloor: options.p }) }';

describe('a model from a module', () => {
  it.each([
    ['named', `export function loadModel(options) { return ${MODEL} }`],
    ['asynchronous', `export async function loadModel(options) { return ${MODEL} }`],
    ['on the default export', `export default { loadModel: (options) => (${MODEL}) }`],
    ['as the default export', `export default (options) => (${MODEL})`],
  ])('is loaded when loadModel is %s', async (name, source) => {
    const spec = write(`./good-${name.replaceAll(' ', '-')}.mjs`, source);
    const model = await loadModel(spec, { p: 0.25 }, folder);
    expect(model.inputSampleRate).toBe(16_000);
    expect(model.step(new Float32Array(320), new Float32Array(320))).toEqual({ pFloor: 0.25 });
  });

  it('may be CommonJS, and named without ./', async () => {
    const spec = write('common.cjs', `module.exports = { loadModel: (options) => (${MODEL}) }`);
    expect((await loadModel(spec, { rate: 8_000 }, folder)).inputSampleRate).toBe(8_000);
  });

  it('may be named by its absolute path', async () => {
    write('absolute.mjs', `export const loadModel = (options) => (${MODEL})`);
    expect((await loadModel(join(folder, 'absolute.mjs'), {})).inputSampleRate).toBe(16_000);
  });

  it.each([
    [
      'load_model instead',
      'export function load_model() {}',
      "exports no loadModel function (it exports load_model): is 'load_model' meant?",
    ],
    ['nothing', 'const loadModel = 1;', 'exports no loadModel function (nothing at all)'],
    ['a loadModel that is no function', 'export const loadModel = 1;', '(it exports loadModel)'],
    ['a loadModel that throws', "export function loadModel() { throw new Error('no GPU') }", 'failed: no GPU'],
    ['a loadModel that rejects', "export async function loadModel() { throw new Error('no GPU') }", 'failed: no GPU'],
    ['a loadModel without result', 'export function loadModel() {}', 'loadModel returned undefined, not a model'],
    [
      'a model at 11 025 Hz',
      `export const loadModel = () => ({ inputSampleRate: 11025, reset() {}, step() {} })`,
      '11025 Hz is not a multiple of 50 Hz',
    ],
    ['an error while loading', "throw new Error('boom')", 'cannot be imported: boom'],
    ['a missing dependency', "import 'no-such-package-anywhere'; export function loadModel() {}", 'cannot be imported'],
  ])('with %s is refused by name', async (what, source, message) => {
    const spec = write(`./bad-${what.replaceAll(/\W+/g, '-')}.mjs`, source);
    const error = await loadModel(spec, {}, folder).catch((e) => e);
    expect(error.name).toBe('UserError');
    expect(error.message).toContain(spec);
    expect(error.message).toContain(message);
  });

  it('that Node cannot read as it is, such as TypeScript on old versions, is told apart', async () => {
    const refusal = "Object.assign(new Error('Unknown file extension'), { code: 'ERR_UNKNOWN_FILE_EXTENSION' })";
    const spec = write('./typed.mjs', `throw ${refusal}`);
    const hint = expect.stringContaining('TypeScript needs 22.18 or newer, or compile it first');
    await expect(loadModel(spec, {}, folder)).rejects.toMatchObject({ name: 'UserError', hint });
  });

  it('that does not exist, or is a folder, is refused', async () => {
    await expect(loadModel('./nowhere.mjs', {}, folder)).rejects.toThrow('model module ./nowhere.mjs does not exist');
    await expect(loadModel('nowhere.js', {}, folder)).rejects.toThrow('model module nowhere.js does not exist');
    mkdirSync(join(folder, 'empty'));
    await expect(loadModel('./empty', {}, folder)).rejects.toThrow('model module ./empty is a folder');
    write('file', '');
    await expect(loadModel('./file/a.mjs', {}, folder)).rejects.toThrow('model module ./file/a.mjs does not exist');
    const endless = 'a'.repeat(5000);
    await expect(loadModel(endless, {}, folder)).rejects.toThrow(`unknown model '${endless}'`);
  });
});

describe('a model from an npm package', () => {
  it.each([
    ['main', '{ "main": "model.js" }'],
    ['exports', '{ "type": "module", "exports": "./model.js" }'],
    ['import-only', '{ "type": "module", "exports": { ".": { "types": "./model.d.ts", "import": "./model.js" } } }'],
    ['nested', '{ "type": "module", "exports": { "node": { "import": { "default": "./model.js" } } } }'],
    ['@scope/model', '{ "type": "module", "exports": { "import": "./model.js" } }'],
  ])('is found from the folder of the user: %s', async (name, manifest) => {
    const home = `node_modules/${name}`;
    write(`${home}/package.json`, manifest);
    const source = manifest.includes('module') ? 'export const' : 'exports.';
    write(`${home}/model.js`, `${source} loadModel = (options) => (${MODEL})`);
    expect((await loadModel(name, { rate: 48_000 }, folder)).inputSampleRate).toBe(48_000);
    await expect(loadModel(name, {}, tmpdir())).rejects.toThrow(`unknown model '${name}'`);
  });

  it('that has no entry for import is refused', async () => {
    write('node_modules/closed/package.json', '{ "exports": { "./other": "./other.js" } }');
    await expect(loadModel('closed', {}, folder)).rejects.toThrow('package closed cannot be resolved');
  });
});

function write(path: string, text: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return path;
}
