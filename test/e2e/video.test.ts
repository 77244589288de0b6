/** A conversation with video, from files to numbers. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BenchReport } from '../../src/result/bench-schema.js';
import { onlyRun, runFolders, workplace } from '../helpers/cli.js';
import { type Tree, writeTree } from '../helpers/dataset-folder.js';
import { describeWithFfmpeg, videoBytes } from '../helpers/ffmpeg.js';
import { tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();

/** P(floor) is how bright the subject was when last seen, and 0.5 for who has no video. */
const ONLOOKER = `export function loadModel() {
  let last = 0;
  return {
    inputSampleRate: 8000,
    video: { width: 4, height: 4 },
    reset() { last = 0; },
    step(subject, other, video) {
      if (video.subject === null) return { pFloor: 0.5 };
      last = video.subject.at(-1)?.rgb[0] ?? last;
      return { pFloor: last / 255 };
    },
  };
}`;

/** Conversations of 6 s. */
function dataset(...videos: readonly Tree[]): Tree {
  const ids = videos.map((_, i) => String(i + 1));
  return Object.assign({}, tinyDataset(...ids), ...videos.map((video, i) => prefixed(`${i + 1}/`, video)));
}

function prefixed(prefix: string, tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, content]) => [prefix + path, content]));
}

const COUNTER = videoBytes('counter-25.mp4');

beforeAll(() => {
  const both = { 'speaker_1_video.mp4': COUNTER, 'speaker_2_video.mkv': videoBytes('late.mkv') };
  const at = (name: string) => join(place.folder, name);
  writeTree(at('seen'), dataset(both));
  writeTree(at('half'), dataset({ 'speaker_1_video.mp4': COUNTER }));
  writeTree(at('unseen'), dataset({}));
  const broken = { 'speaker_2_video.mp4': COUNTER.subarray(0, COUNTER.length - 500) };
  const variable = { 'speaker_1_video.mp4': videoBytes('gap.mp4') };
  writeTree(at('broken'), dataset(broken, both, variable));
  writeTree(place.folder, { 'onlooker.mjs': ONLOOKER });
});

/** One run, in a folder of its own. */
async function evaluated(data: string, ...more: string[]) {
  const out = join(place.folder, `results-${data}`);
  const outcome = await place.inside(
    ['eval', '-m', './onlooker.mjs', '-d', data, '--no-sweep', '--out', out, '-q', ...more],
    {},
  );
  return { ...outcome, out };
}

describeWithFfmpeg('a conversation with video', () => {
  it('is shown to a model that sees, every frame when its time has passed', async () => {
    const { code, out } = await evaluated('seen', '--tracks');
    expect(code).toBe(0);
    const { header, read } = onlyRun(out);
    const { speaker_1, speaker_2 } = JSON.parse(read('probs-int.json')).probs[0];
    // Frame n is due at 0.04 n s, of speaker 2 half a second later: it is seen from the step that ends then.
    const grey = (n: number) => (n < 0 ? 0 : Math.round((4 * Math.min(49, n) * 255) / 219));
    for (const [probabilities, firstStep] of [[speaker_1.prob, 0] as const, [speaker_2.prob, 25] as const]) {
      expect(probabilities).toHaveLength(300);
      for (const [step, p] of probabilities.entries()) {
        const expected = grey(Math.floor((step + 1 - firstStep) / 2));
        expect(Math.abs(255 * p - expected), `step ${step}`).toBeLessThanOrEqual(1.01);
      }
    }
    expect(header.warnings).toEqual([
      'the video does not cover all of the audio; unseen: 1, speaker 1 (4.0 of 6.0 s); 1, speaker 2 (4.0 of 6.0 s)',
    ]);
  });

  it('gives the same when steps are timed', async () => {
    const { out } = await evaluated('seen', '--tracks', '--realtime');
    const [first, second] = runFolders(out).map(({ read }) => read('probs-int.json'));
    expect(first).toBe(second);
  });

  it('of one speaker is shown for that one, with a note about the other', async () => {
    const { code, out } = await evaluated('half', '--tracks');
    expect(code).toBe(0);
    const { header, read } = onlyRun(out);
    expect(new Set(JSON.parse(read('probs-int.json')).probs[0].speaker_2.prob)).toEqual(new Set([0.5]));
    expect(header.warnings[0]).toBe('no video of 1 of 2 speakers, who were not shown: 1, speaker 2');
  });

  it('that is broken or of variable rate fails by itself, with place and remedy; the rest goes on', async () => {
    const { code, out, stderr } = await evaluated('broken');
    expect(code).toBe(4);
    expect(stderr).not.toContain('    at ');
    const { header, rows } = onlyRun(out);
    expect(rows.map(({ status }) => status)).toEqual(['failed', 'ok', 'failed']);
    expect(header.failures).toEqual([
      {
        conversation_id: '1',
        error: expect.stringMatching(/^1\/speaker_2_video\.mp4: cannot be decoded at about 1\.\d+ s: /),
        hint: expect.stringContaining('copy or export the video again'),
      },
      {
        conversation_id: '3',
        error: expect.stringMatching(
          /^3\/speaker_1_video\.mp4: the frame rate is not constant: the frame after 0\.560 s/,
        ),
        hint: expect.stringContaining('ffmpeg -i INPUT -vf fps=25'),
      },
    ]);
  });

  it('passes the check of causality, and can be benchmarked', async () => {
    const model = ['-m', './onlooker.mjs', '-d', 'seen'];
    const checked = await place.inside(['check-causality', ...model, '--cuts', '2', '-q']);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringMatching(/^ok: /)]);
    const benched = await place.inside(['bench', ...model, '--warmup', '1', '--runs', '2', '--json', '-q']);
    expect(benched.code).toBe(0);
    const { components } = JSON.parse(benched.stdout) as BenchReport;
    expect(components[1]!.name).toBe(
      'one second of one pass: decoding audio and video, resampling, 50 steps, decisions',
    );
    expect(components.filter(({ kind }) => kind === 'video').map(({ name }) => name)).toEqual([
      'one second decoded and scaled to 4 × 4',
    ]);
  });

  it('is described, and verified frame by frame', async () => {
    const info = await place.inside(['datasets', 'info', 'seen']);
    expect(info.stdout).toMatch(/^id +duration +Hz +video of +annotators +tags\n1 +6\.0 s +8000 +1 2 +a /m);
    const good = await place.inside(['datasets', 'verify', 'seen', '-q']);
    expect([good.code, good.stdout]).toEqual([0, 'ok: 1 conversations of tiny, every sample and frame decoded\n']);
    expect(good.stderr).toBe(
      'warning: 1, speaker 1: unseen for 4.0 of 6.0 s\nwarning: 1, speaker 2: unseen for 4.0 of 6.0 s\n',
    );
    const bad = await place.inside(['datasets', 'verify', 'broken', '-q']);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toMatch(/- 1\/speaker_2_video\.mp4: cannot be decoded .*\n {2}- 3\/speaker_1_video\.mp4: /);
  });
});

describe('without ffmpeg', () => {
  const nowhere = { PATH: '' };

  it('a model that sees is refused before it begins, with exit code 5 and how to install it', async () => {
    const model = ['-m', './onlooker.mjs', '-d', 'seen', '-q'];
    for (const command of [['eval', '--out', 'none'], ['check-causality'], ['bench', '--runs', '1']]) {
      const { code, stderr } = await place.inside([...command, ...model], nowhere);
      expect([command[0], code]).toEqual([command[0], 5]);
      expect(stderr).toMatch(/ffm?p(eg|robe) is not installed\n/);
      expect(stderr).toContain('apt install ffmpeg');
    }
  });

  it('a model that only listens runs on the same data', async () => {
    const args = ['eval', '-m', 'energy-vad', '-d', 'seen', '--no-sweep', '--out', 'heard', '-q'];
    expect((await place.inside(args, nowhere)).code).toBe(0);
  });

  it('a model that sees runs where there is nothing to see, with a note', async () => {
    const args = ['eval', '-m', './onlooker.mjs', '-d', 'unseen', '--no-sweep', '--out', 'blind', '-q'];
    const { code, stdout } = await place.inside(args, nowhere);
    expect(code).toBe(0);
    expect(stdout).toContain('the model looks at video, but there is none of any speaker: it was run on audio alone');
  });

  it('the rest of a data set is verified, with a warning', async () => {
    const { code, stdout, stderr } = await place.inside(['datasets', 'verify', 'seen', '-q'], nowhere);
    expect([code, stdout]).toEqual([0, 'ok: 1 conversations of tiny, every sample decoded, video not looked at\n']);
    expect(stderr).toMatch(/^warning: video was not looked at: ffmpeg is not installed \(video needs it: install /);
  });
});
