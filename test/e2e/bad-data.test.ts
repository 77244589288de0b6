/** Data sets with something wrong: a located message, all problems at once, nothing run and nothing half-written. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wavBytes } from '../audio/wav-bytes.js';
import { onlyRun, type RunFiles, workplace } from '../helpers/cli.js';
import { type Tree, wav, writeTree } from '../helpers/dataset-folder.js';
import { TINY_RATE, tinyDataset, tones } from '../helpers/tiny-world.js';

const place = workplace();
const SILENCE = tones([]);
const WHOLE = wav([SILENCE], TINY_RATE);
let made = 0;

/** Run a quick model on the tiny data set with a change. */
async function evaluate(change: Tree, ids: readonly string[] = ['1', '2']) {
  const name = `data-${++made}`;
  const out = join(place.folder, `out-${made}`);
  writeTree(join(place.folder, name), { ...tinyDataset(...ids), ...change });
  const model = ['-m', 'energy-vad', '-o', `rate=${TINY_RATE}`];
  return { ...(await place.inside(['eval', ...model, '-d', name, '-q', '--out', out])), name, out };
}

/** What is said of a data set that cannot be used. */
async function refused(change: Tree, ids?: readonly string[]): Promise<string> {
  const { code, stdout, stderr, name, out } = await evaluate(change, ids);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(new RegExp(`^error: data set ${name}: \\d+ problems?\\n {2}- `));
  expect(stderr).toContain('hint: mend these files, then run `turnbench datasets verify` on the folder');
  expect(stderr).not.toContain('    at ');
  expect(existsSync(out)).toBe(false);
  return stderr;
}

async function ran(change: Tree, ids?: readonly string[]): Promise<RunFiles & { stdout: string }> {
  const { code, stdout, stderr, out } = await evaluate(change, ids);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return { ...onlyRun(out), stdout };
}

const cue = (from: string, to: string, label = 'Normal Turn') => `00:00:0${from} --> 00:00:0${to}\n[${label}] so\n`;

/** Conversation 1 with SRT tracks of three annotators who agree, but for a change. */
function srt(change: Readonly<Record<string, string | undefined>>): Tree {
  const tracks = [1, 2].flatMap((speaker) =>
    ['a', 'b', 'c'].map((annotator) => [`1/speaker_${speaker}_annotation_${annotator}.srt`, cue('1,000', '2,000')]),
  );
  return { '1/annotations.json': undefined, ...Object.fromEntries(tracks), ...change };
}

describe('audio that its header gives away', () => {
  it.each<[string, Tree, string]>([
    ['a missing channel', { '1/speaker_2_audio.wav': undefined }, '1: the channel of speaker 2 is missing'],
    [
      'channels of different length',
      { '1/speaker_2_audio.wav': wav([tones([], 5)], TINY_RATE) },
      '1/speaker_1_audio.wav has 48000 samples (6.000 s) and 1/speaker_2_audio.wav has 40000 samples (5.000 s)',
    ],
    [
      'channels of different rate',
      { '1/speaker_2_audio.wav': wav([SILENCE], 16_000) },
      '1/speaker_1_audio.wav has 8000 Hz and 1/speaker_2_audio.wav has 16000 Hz: both channels must have one rate',
    ],
    [
      'a truncated WAV',
      { '1/speaker_2_audio.wav': WHOLE.subarray(0, 50_000) },
      '1/speaker_2_audio.wav: truncated: the data chunk promises 96000 bytes (6.000 s), the file ends after 49956 (3.122 s)',
    ],
    ['a WAV without samples', { '1/speaker_2_audio.wav': wav([[]]) }, '1/speaker_2_audio.wav: the data chunk is empty'],
    ['an empty file', { '1/speaker_2_audio.wav': '' }, '1/speaker_2_audio.wav: the file is empty'],
    [
      'a FLAC that is really an MP3',
      { '1/speaker_2_audio.wav': undefined, '1/speaker_2_audio.flac': Uint8Array.from([0x49, 0x44, 0x33, 4, 0, 0, 0]) },
      '1/speaker_2_audio.flac: this is an MP3 (it begins with an ID3 tag), not WAV or FLAC',
    ],
  ])('is refused before anything runs: %s', async (_, change, message) => {
    expect(await refused(change)).toContain(message);
  });
});

describe('annotations that cannot be read', () => {
  it.each<[string, Tree, string]>([
    [
      'reversed times',
      srt({ '1/speaker_1_annotation_a.srt': cue('2,000', '1,000') }),
      '1/speaker_1_annotation_a.srt: cue 1 (line 1): ends at 1 s, before it starts at 2 s',
    ],
    [
      'malformed times',
      srt({ '1/speaker_2_annotation_c.srt': `${cue('1,000', '2,000')}\n${cue('3:000', '4,000')}` }),
      "1/speaker_2_annotation_c.srt: cue 2 (line 4): malformed times '00:00:03:000 --> 00:00:04,000'",
    ],
    [
      'an annotator missing',
      srt({ '1/speaker_1_annotation_b.srt': undefined }),
      '1: annotator b is missing for speaker 1, but annotates others of this data set',
    ],
  ])('are refused with their place: %s', async (_, change, message) => {
    expect(await refused(change, ['1'])).toContain(message);
  });

  it('are refused together with everything else that is wrong', async () => {
    const stderr = await refused({
      '1/speaker_1_audio.wav': '',
      '2/annotations.json': { speaker_1: { a: [{ start_s: 3, end_s: 2, label: 'Filler' }] }, speaker_2: { a: [] } },
      '02/metadata.json': { duration_s: 3 },
    });
    expect(stderr).toContain(': 4 problems\n');
    expect(stderr).toContain('02 and 2: the same id when read as a number');
    expect(stderr).toContain('speaker_1.a[0].end_s: ends at 2 s, before it starts at 3 s');
    expect(stderr).toContain('02: no annotations, but others of this data set have those of a');
  });

  it('are refused as duplicates when two ids are one number', async () => {
    const stderr = await refused({}, ['1', '01']);
    expect(stderr).toContain('01 and 1: the same id when read as a number: rename one of the folders');
  });
});

describe('what is odd but may be meant', () => {
  it('is a warning of the run: overlapping cues', async () => {
    const track = `${cue('1,000', '2,000')}\n${cue('1,500', '2,500')}`;
    const { header, stdout, read } = await ran(srt({ '1/speaker_1_annotation_a.srt': track }), ['1']);
    const warning = '1/speaker_1_annotation_a.srt: cue 2 (line 4) starts at 1.5 s, before cue 1 (line 1) ends at 2 s';
    expect(header.warnings).toEqual([warning]);
    expect(stdout).toContain(`\nwarning: energy-vad: ${warning}\n`);
    expect(read('report.md')).toContain(`## Warnings\n\n- ${warning}`);
  });

  it('is a warning of the run: labels that the rules do not know, counted', async () => {
    const track = `${cue('1,000', '2,000', 'Normal turn')}\n${cue('3,000', '4,000', 'Coughing')}`;
    const change = { '1/speaker_1_annotation_a.srt': track, '1/speaker_2_annotation_a.srt': track };
    const { header, stdout } = await ran(srt(change), ['1']);
    expect(header.warnings).toEqual([
      "labels that the gold rules do not know were ignored: 'Normal turn' (2, is 'Normal Turn' meant?), 'Coughing' (2)",
    ]);
    expect(stdout).toContain('warning: energy-vad: labels that the gold rules do not know were ignored');
  });

  it('changes nothing: Windows line ends and a byte order mark', async () => {
    const crlf = `\ufeff${cue('1,000', '2,000')}`.replaceAll('\n', '\r\n');
    const change = { '1/speaker_1_annotation_a.srt': crlf, '1/speaker_2_annotation_b.srt': crlf };
    const [plain, windows] = [await ran(srt({}), ['1']), await ran(srt(change), ['1'])];
    expect(windows.header.warnings).toEqual([]);
    expect(windows.header.totals).toEqual(plain.header.totals);
    expect(plain.header.totals!.eot.tp).toBe(2);
  });
});

describe('nothing to score', () => {
  it('gives no rate where there is no gold event, and never a zero or NaN', async () => {
    const nothing = { speaker_1: { a: [] }, speaker_2: { a: [] } };
    const { header, stdout, read } = await ran({ '1/annotations.json': nothing }, ['1']);
    const empty = { recall: null, fp_rate: null, latency_ms: { p10: null, p50: null, p90: null } };
    expect(header.totals).toMatchObject({ eot: empty, int: empty, endpoint: { anchors: 0, cutoff_rate: null } });
    expect(header.totals!.floor).toMatchObject({ recall: null, balanced_accuracy: null, auc: null });
    expect(stdout).toMatch(/^energy-vad +0\.50 +EOT +— +— +— +— +— +0 +0 +0 +0$/m);
    expect(stdout + read('report.md')).not.toMatch(/NaN|undefined|null/);
    expect(read('sweep.csv').split('\n')[1]).toBe('0.05,,,,,,0,0,0,0,,,,,,0,0,0,0,0.5916666666666667,,0,,,');
  });

  it('still writes the predictions when there are no annotations', async () => {
    const { header, files, read, stdout } = await ran({ '1/annotations.json': undefined }, ['1']);
    expect(header).toMatchObject({ status: 'success', totals: null, sweep: null });
    expect(stdout).toContain(
      'conversations without annotations: 1: their predictions were written, nothing was scored',
    );
    expect(files).toEqual(['conversations.jsonl', 'predictions.json', 'report.md', 'run.json']);
    expect(JSON.parse(read('predictions.json')).predictions[0].speaker_1.eot).toEqual([1.52, 2.52, 5.52]);
  });
});

describe('nothing to hear', () => {
  it('fails its conversation and says why: no audio, or less than one step of it', async () => {
    const blink = wav([tones([]).slice(0, 159)], TINY_RATE);
    const { code, out } = await evaluate(
      {
        '2/speaker_1_audio.wav': blink,
        '2/speaker_2_audio.wav': blink,
        '2/annotations.json': { speaker_1: { a: [] }, speaker_2: { a: [] } },
        '3/speaker_1_audio.wav': undefined,
        '3/speaker_2_audio.wav': undefined,
        '3/metadata.json': { duration_s: 6 },
      },
      ['1', '2', '3'],
    );
    expect(code).toBe(4);
    const { header } = onlyRun(out);
    expect(header.failures).toEqual([
      {
        conversation_id: '2',
        error: 'the audio is shorter than one step of 0.02 s: 159 samples at 8000 Hz',
        hint: 'leave it out',
      },
      { conversation_id: '3', error: 'there is no audio to hear', hint: 'score a predictions file instead' },
    ]);
    expect(header.totals).toMatchObject({ conversations: 1, eot: { tp: 3 } });
    expect(header.sweep).toHaveLength(19);
  });
});

describe('samples that are no numbers', () => {
  it.each([
    ['NaN', Number.NaN],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['Infinity', Number.POSITIVE_INFINITY],
  ])('fail their conversation at their moment, and no other: %s', async (name, value) => {
    const samples = Float32Array.from(SILENCE);
    samples[20_001] = value;
    const broken = wavBytes({ code: 3, bits: 32, rate: TINY_RATE }, samples);
    const { code, stdout, stderr, out } = await evaluate({ '1/speaker_2_audio.wav': broken });
    expect([code, stderr]).toEqual([4, '']);
    const { header } = onlyRun(out);
    const error = `1/speaker_2_audio.wav: channel 1 at 2.500125 s: sample is ${name}, not a finite number`;
    expect(header).toMatchObject({ status: 'partial', failures: [{ conversation_id: '1', error }] });
    expect(header.totals).toMatchObject({ conversations: 1, eot: { tp: 3 } });
    expect(stdout).toContain('· 1 of 2 conversations · 6.0 s\n');
    expect(stdout).toContain(`failed: energy-vad: conversation 1: ${error}\n  hint: `);
  });
});
