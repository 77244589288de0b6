/** The commands around the main job. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onlyRun, type RunFiles, workplace } from '../helpers/cli.js';
import { writeTree } from '../helpers/dataset-folder.js';
import { TINY_ANNOTATIONS, tinyDataset } from '../helpers/tiny-world.js';

const TREE = tinyDataset('1', '2', '10');
const place = workplace();

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), TREE);
});

async function text(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.inside(args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

/** What a command prints with `--json`, which must be exactly one document. */
async function json(...args: string[]) {
  return JSON.parse(await text(...args));
}

describe('turnbench gold', () => {
  it('counts what the annotators agree on', async () => {
    const { total, conversations } = await json('gold', 'stats', '-d', 'tiny', '--json');
    const one = { turns: 4, eot: { positives: 3, negatives: 1 }, int: { positives: 1, negatives: 1 }, turn_s: 4.6 };
    for (const id of ['1', '2', '10']) expect(conversations[id]).toMatchObject(one);
    expect(total).toMatchObject({ turns: 12, eot: { positives: 9 }, unknown_labels: {} });
    expect(total.labels).toEqual({ Turn: 9, Interruption: 3, Backchannel: 3 });

    const table = await text('gold', 'stats', '-d', 'tiny');
    expect(table).toMatch(/^conversation +eot\+ +eot- +int\+ +int- +excl +turns +speech$/m);
    expect(table).toMatch(/^10 +3 +1 +1 +1 +0 +4 +4\.6 s$/m);
    expect(table).toContain('pauses per end of turn (eot-/eot+): 0.3');
    expect(table).toContain('labels agreed on: Turn 9, Interruption 3, Backchannel 3');
  });

  it('exports the gold like the public artefact', async () => {
    const { conversations, ...stamp } = await json('gold', 'export', '-d', 'tiny');
    expect(stamp).toEqual({
      scorer_sha: expect.stringContaining('turnbench'),
      dataset_revision: expect.stringMatching(/^[0-9a-f]{12}$/),
      tau_pre_s: 0.25,
      tau_max_s: 3,
    });
    expect(Object.keys(conversations).sort()).toEqual(['1', '10', '2']);
    expect(conversations['1']).toEqual({
      duration_s: 6,
      eot_positive_events: [
        { speaker: 1, time_s: 2.5 },
        { speaker: 1, time_s: 5.5 },
        { speaker: 2, time_s: 4.5 },
      ],
      int_positive_events: [{ speaker: 1, time_s: 4 }],
      eot_negative_spans: [{ speaker: 1, start: 1.5, end: 1.9 }],
      int_negative_spans: [{ speaker: 2, start: 1, end: 1.3 }],
      eot_excluded: [],
      int_excluded: [],
    });
  });
});

describe('turnbench gold, of people', () => {
  it('says how fast they take the floor, per conversation type and in all', async () => {
    // Ends of turn 2.5, 4.5 and 5.5; responses at 3.0 and 4.0, none to the last. The interruption at 4.0 ends a turn at 4.5.
    const { total, conversation_types: types } = await json('gold', 'human', '-d', 'tiny', '--json');
    expect(total).toMatchObject({
      floor_transfer_ms: { n: 6 },
      unanswered: 3,
      overlapped_share: 0.5,
      yield_ms: { n: 3 },
    });
    expect(Object.keys(types)).toEqual(['even', 'odd']);
    expect(types.odd).toMatchObject({ floor_transfer_ms: { n: 2, mean: 0 }, yield_ms: { p50: 500 } });
    expect(await text('gold', 'human', '-d', 'tiny')).toMatch(/^all +floor transfer +6 +-500 +0 +500 +0$/m);
  });

  it('describes a corpus', async () => {
    const { total } = await json('gold', 'corpus', '-d', 'tiny', '--json');
    expect(total).toMatchObject({
      conversations: 3,
      duration_s: 18,
      turn_s: { n: 9 },
      pause_s: { n: 3 },
      fto_ms: { n: 6 },
    });
    expect(await text('gold', 'corpus', '-d', 'tiny')).toMatch(/^even +2 +12 s +6 +1\.50/m);
  });

  it('compares annotators, and says so where there is only one', async () => {
    const track = TINY_ANNOTATIONS.speaker_1.a;
    const annotations = { speaker_1: { a: track, b: track.slice(1) }, speaker_2: { a: [], b: [] } };
    writeTree(join(place.folder, 'two'), { ...tinyDataset('1'), '1/annotations.json': annotations });
    const { pairs } = await json('gold', 'agreement', '-d', 'two', '--json');
    expect(pairs).toMatchObject([
      { pair: 'a-b', all: { first: 3, second: 2, spans: 2, span_f1: 0.8 }, floor: { steps: 600 } },
    ]);
    expect(await text('gold', 'agreement', '-d', 'two')).toMatch(/^a-b +all +3 \+ 2 +2 +0\.800 +2 +0\.800$/m);

    const { code, stdout, stderr } = await place.inside(['gold', 'agreement', '-d', 'tiny']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('no conversation of tiny has two annotators');
  });
});

describe('turnbench datasets', () => {
  it('lists and describes', async () => {
    const listed: { name: string }[] = await json('datasets', 'list', '--json');
    expect(listed.map(({ name }) => name)).toEqual(['mini', 'turnbench-dev', 'turnbench-test', 'eot-bench']);
    expect(await text('datasets', 'list')).toMatch(/^mini +bundled/m);
    const info = await json('datasets', 'info', 'tiny', '--json');
    expect(info).toMatchObject({ name: 'tiny', version: '1.0.0', revision: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(info.conversations.map(({ id }: { id: string }) => id)).toEqual(['1', '2', '10']);
    expect(info.conversations[0]).toEqual({
      id: '1',
      duration_s: 6,
      sample_rate_hz: 8000,
      video: [],
      annotators: ['a'],
      tags: { conversation_type: 'odd' },
    });
    const mini = await text('datasets', 'info');
    expect(mini).toMatch(/^mini 1\.0\.0 \(revision [0-9a-f]{12}\) · 6 conversations · 8\.1 min\n/);
    expect(mini).toMatch(/^6 +88 s +16000 +a b c +conversation_type=Task-oriented /m);
  });

  it('verifies every sample', async () => {
    const { code, stdout, stderr } = await place.inside(['datasets', 'verify', 'tiny']);
    expect([code, stderr]).toEqual([0, '1\n2\n10\n']);
    expect(stdout).toBe('ok: 3 conversations of tiny, every sample decoded\n');
    const verification = await json('datasets', 'verify', 'tiny', '--json', '-q');
    expect(verification).toMatchObject({ ok: true, name: 'tiny', problems: [], warnings: [] });
  });

  it('generates data that runs', async () => {
    const size = ['--conversations', '2', '--minutes', '0.2', '--rate', '8000'];
    await text('datasets', 'synth', 'generated', ...size);
    const { runs } = await json('eval', '-m', 'energy-vad', '-d', 'generated', '-q', '--json');
    expect(runs[0]).toMatchObject({ status: 'success', totals: { conversations: 2 } });
  });
});

describe('turnbench models', () => {
  it('lists what can be named, the oracle too', async () => {
    const names = [
      ...['energy-vad', 'silero-vad', 'silero-vad-500ms', 'mimi-endpointer'],
      ...['smart-turn-v3', 'smart-turn-multimodal'],
      ...['openai-realtime', 'vllm-duplex', 'whisperlivekit', 'echostream', 'streaming-asr'],
      ...['never', 'always', 'random', 'oracle'],
    ];
    const list: { name: string }[] = await json('models', 'list', '--json');
    expect(list.map(({ name }) => name)).toEqual(names);
    const table = await text('models', 'list');
    for (const name of names) expect(table).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  });

  it('describes options, rate, latency and weights', async () => {
    const silero = await json('models', 'info', 'silero-vad', '--json');
    expect(silero).toMatchObject({ name: 'silero-vad', inputSampleRate: 16_000 });
    expect(silero.weights).toMatchObject([{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), licence: 'MIT' }]);
    const described = await text('models', 'info', 'energy-vad');
    expect(described).toMatch(/^hears 16000 Hz · latency: /m);
    expect(described).toMatch(/^hang_over_s +0 +a number ≥ 0 and ≤ 10 \(s\)/m);
    const seeing = await text('models', 'info', 'smart-turn-multimodal');
    expect(seeing).toMatch(/^hears 16000 Hz, sees 112 × 112 · latency: /m);
    expect(await text('models', 'info', 'oracle')).toContain('replays the gold events');
  });
});

describe('turnbench schema', () => {
  let run: RunFiles;
  beforeAll(async () => {
    await place.inside(['eval', '-m', 'energy-vad', '-d', 'tiny', '--tracks', '-q', '--out', 'for-schema']);
    run = onlyRun(join(place.folder, 'for-schema'));
  });

  it('publishes schemas that the files keep', async () => {
    const files: Record<string, unknown> = {
      run: JSON.parse(run.read('run.json')),
      conversation: run.rows[0],
      predictions: JSON.parse(run.read('predictions.json')),
      probabilities: JSON.parse(run.read('probs-int.json')),
      dataset: TREE['dataset.json'],
      metadata: TREE['1/metadata.json'],
      annotations: TINY_ANNOTATIONS,
    };
    for (const [name, file] of Object.entries(files)) {
      const published = await json('schema', name);
      expect(published.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      const schema = z.fromJSONSchema(published);
      expect(schema.safeParse(file), name).toMatchObject({ success: true });
      expect(schema.safeParse([]).success, name).toBe(false);
    }
  });
});

describe('turnbench doctor', () => {
  it('finds what a working installation needs', async () => {
    const findings: { check: string; state: string }[] = await json('doctor', '--json');
    const needed = findings.filter(({ check }) => !check.startsWith('ffmpeg'));
    expect(needed.map(({ state }) => state)).toEqual(needed.map(() => 'ok'));
    expect(findings.map(({ check }) => check)).toContain('Silero VAD weights');
    expect(await text('doctor')).toMatch(/^✓ onnxruntime: \d+\.\d+\.\d+/m);
  });

  it('misses ffmpeg without complaint, and says who needs it', async () => {
    const { code, stdout } = await place.inside(['doctor'], { PATH: '' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^– ffmpeg \(only for video\): ffmpeg is not installed\n {2}→ video needs it: install /m);
  });

  it('exits with 5 and a remedy when something is missing', async () => {
    writeTree(place.folder, { 'a-file': '' });
    const broken = { TURNBENCH_CACHE: join(place.folder, 'a-file', 'cache') };
    const { code, stdout } = await place.inside(['doctor'], broken);
    expect(code).toBe(5);
    expect(stdout).toMatch(/^✗ bundled data set: cannot create folder .*\n {2}→ /m);
    expect(stdout).not.toContain('    at ');
  });
});

describe('help', () => {
  const COMMANDS = [
    [],
    ['eval'],
    ['sweep'],
    ['score'],
    ['compare'],
    ['baselines'],
    ['baselines', 'update'],
    ['check'],
    ['policy'],
    ['submit-check'],
    ['report'],
    ['gold'],
    ['gold', 'stats'],
    ['gold', 'export'],
    ['gold', 'agreement'],
    ['gold', 'human'],
    ['gold', 'corpus'],
    ['models'],
    ['models', 'list'],
    ['models', 'info'],
    ['models', 'pull'],
    ['models', 'build'],
    ['datasets'],
    ['datasets', 'list'],
    ['datasets', 'info'],
    ['datasets', 'verify'],
    ['datasets', 'synth'],
    ['check-causality'],
    ['bench'],
    ['doctor'],
    ['schema'],
    ['stream'],
    ['policy'],
    ['merge'],
    ['slurm'],
    ['serve-fake'],
    ['report'],
    ['cache'],
    ['cache', 'ls'],
    ['cache', 'rm'],
  ];

  it('shows examples for every command', async () => {
    const helps: string[] = [];
    for (const command of COMMANDS) helps.push(await text(...command, '--help'));
    for (const [i, help] of helps.entries()) {
      const name = ['turnbench', ...COMMANDS[i]!].join(' ');
      expect(help).toContain(`Usage: ${name} `);
      expect(help).toMatch(new RegExp(`^Examples:\n( {2}\\$ ${name}.*\n)+`, 'm'));
    }
    // What the first page names is what there is.
    const listed = [...helps[0]!.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map((match) => match[1]);
    expect(new Set(listed)).toEqual(new Set(COMMANDS.flatMap(([first]) => first ?? [])));
  });

  it('tells the version', async () => {
    expect(await text('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('is what a command without a task answers, as a usage error', async () => {
    for (const args of [[], ['gold'], ['datasets'], ['models']]) {
      const { code, stdout, stderr } = await place.inside(args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('Usage: turnbench');
    }
  });
});
