/**
 * The house rules as a test. Imports point one way: a layer may import itself and the layers named here, nothing
 * else. A file in no layer fails, so does a cycle, and so does a Node built-in in a layer that must run in a browser.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const LAYERS: Record<string, readonly string[]> = {
  core: [],
  stats: ['core'],
  io: ['core'],
  audio: ['core'],
  dsp: ['core'],
  onnx: ['core', 'io'],
  video: ['core', 'io'],
  parquet: ['core', 'io'],
  dataset: ['core', 'io', 'audio', 'video', 'parquet'],
  gold: ['core'],
  peers: ['core', 'io', 'dsp'],
  models: ['core', 'io', 'audio', 'dsp', 'onnx', 'peers'],
  stream: ['core', 'audio'],
  decide: ['core'],
  score: ['core', 'stats'],
  sweep: ['core', 'stats', 'decide', 'score'],
  result: ['core', 'stats', 'io', 'decide', 'score'],
  latency: ['core', 'stats', 'audio', 'stream', 'decide', 'result'],
  policy: ['core', 'stats', 'score'],
  corpus: ['core', 'stats', 'gold', 'score'],
  compare: ['core', 'stats', 'score', 'result'],
  report: ['core', 'stats', 'score', 'sweep', 'policy', 'corpus', 'result', 'compare'],
  page: ['core', 'stats', 'decide', 'score', 'sweep', 'policy', 'report'],
  run: [
    'core',
    'stats',
    'io',
    'audio',
    'dsp',
    'onnx',
    'parquet',
    'dataset',
    'gold',
    'models',
    'stream',
    'decide',
    'score',
    'sweep',
    'policy',
    'corpus',
    'result',
    'compare',
    'latency',
    'video',
    'peers',
  ],
  cli: [
    ...[
      'core',
      'stats',
      'io',
      'audio',
      'dsp',
      'onnx',
      'parquet',
      'dataset',
      'gold',
      'models',
      'stream',
      'decide',
      'score',
    ],
    ...['sweep', 'policy', 'corpus', 'result', 'compare', 'latency', 'report', 'run', 'video', 'peers'],
  ],
};

const BROWSER_LAYERS = [
  ...['core', 'stats', 'gold', 'decide', 'score', 'sweep', 'policy', 'corpus', 'compare', 'report', 'page'],
];

/** Packages that have one importer, so that they can be replaced in one place. */
const ONE_HOME: Record<string, string> = {
  'onnxruntime-node': 'onnx/session.ts',
  'cli-progress': 'cli/progress.ts',
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8');
  const pattern =
    /^\s*(?:import|export)\b[^'";]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^\s*import\s+'([^']+)'/gm;
  return [...source.matchAll(pattern)].map((match) => ({ file, target: match[1] ?? match[2] ?? match[3] ?? '' }));
}

const imports = files.flatMap(importsOf);
const inside = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({
    file,
    target: relative(root, resolve(root, dirname(file), target))
      .replaceAll('\\', '/')
      .replace(/\.js$/, '.ts'),
  }));
const layerOf = (file: string): string => file.split('/')[0] ?? '';

describe('the layers of the house', () => {
  it('has every file in a layer', () => {
    expect(files.filter((file) => file !== 'index.ts' && !(layerOf(file) in LAYERS))).toEqual([]);
    expect(files.length).toBeGreaterThan(10);
  });

  it('imports downwards only', () => {
    const back = inside.filter(({ file, target }) => {
      const [from, to] = [layerOf(file), layerOf(target)];
      return file !== 'index.ts' && from !== to && !LAYERS[from]?.includes(to);
    });
    expect(back).toEqual([]);
  });

  it('has no cycle among its layers', () => {
    const order: string[] = [];
    const visit = (layer: string, path: readonly string[]): void => {
      expect(path, `cycle through ${layer}`).not.toContain(layer);
      if (order.includes(layer)) return;
      for (const below of LAYERS[layer] ?? []) visit(below, [...path, layer]);
      order.push(layer);
    };
    for (const layer of Object.keys(LAYERS)) visit(layer, []);
  });

  it('has no cycle among its files', () => {
    const below = new Map<string, string[]>();
    for (const { file, target } of inside) below.set(file, [...(below.get(file) ?? []), target]);
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file))
        throw new Error(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
      if (done.has(file)) return;
      for (const next of below.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it('keeps Node out of the layers that also run in a browser', () => {
    const offenders = imports.filter(
      ({ file, target }) => BROWSER_LAYERS.includes(layerOf(file)) && target.startsWith('node:'),
    );
    expect(offenders).toEqual([]);
  });

  it('keeps commander in the command line and other packages in their one home', () => {
    const offenders = imports.filter(({ file, target }) => {
      if (target === 'commander') return layerOf(file) !== 'cli';
      const home = ONE_HOME[target];
      return home !== undefined && home !== file;
    });
    expect(offenders).toEqual([]);
  });

  it('keeps files short enough to read in one sitting', () => {
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });
});

describe('the package', () => {
  const manifest = JSON.parse(readFileSync(join(root, '../package.json'), 'utf8'));

  it('pins exact versions, so that a number can be reproduced', () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });

  it('supports the oldest Node that it promises', () => {
    expect(manifest.engines.node).toBe('>=20.19.0');
  });

  it('records no download address in its lockfile', () => {
    expect(readFileSync(join(root, '../package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
  });
});
