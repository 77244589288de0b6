import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { EXIT, UserError } from '../../src/core/errors.js';
import type { VideoFrame, VideoReader } from '../../src/core/video.js';
import { videoFile } from '../../src/video/video-file.js';
import { temporaryFolder } from '../helpers/dataset-folder.js';
import { describeWithFfmpeg, videoBytes, videoPath } from '../helpers/ffmpeg.js';
import { timesAt } from '../helpers/video.js';

const SIZE = { width: 8, height: 4 };
const NAME = '1/speaker_1_video.mp4';

const readers: VideoReader[] = [];
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.close();
});

async function open(path: string, size = SIZE): Promise<VideoReader> {
  const reader = await videoFile(path, NAME).open(size);
  readers.push(reader);
  return reader;
}

async function allOf(path: string, size = SIZE): Promise<readonly VideoFrame[]> {
  return (await open(path, size)).read(Number.POSITIVE_INFINITY);
}

/** Red, green and blue of frame `n` of a counter: limited range to full range. */
const greyOf = (n: number) => Math.round((4 * n * 255) / 219);

function expectCounter(frames: readonly VideoFrame[], timesS: readonly number[], framesSkipped = 0): void {
  expect(frames.map(({ timeS }) => timeS)).toEqual(timesS);
  for (const [i, { rgb }] of frames.entries()) {
    expect(rgb.length).toBe(3 * SIZE.width * SIZE.height);
    for (const value of rgb) expect(Math.abs(value - greyOf(i + framesSkipped))).toBeLessThanOrEqual(1);
  }
}

async function refusal(path: string): Promise<UserError> {
  const error = await allOf(path).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message, hint } = error as UserError;
  expect(message.startsWith(`${NAME}: `)).toBe(true);
  expect(`${message}${hint}`).not.toContain(path);
  return error as UserError;
}

describeWithFfmpeg('a video file', () => {
  const folder = temporaryFolder();

  function written(name: string, bytes: Uint8Array): string {
    const path = join(folder(), name);
    writeFileSync(path, bytes);
    return path;
  }

  it('is every frame at its presentation time, in RGB, scaled', async () => {
    expectCounter(await allOf(videoPath('counter-25.mp4')), timesAt(25, 50));
  });

  it('keeps the clock of its container: milliseconds here, and a beginning after 0 there', async () => {
    const milliseconds = timesAt(30, 45).map((timeS) => Math.round(1000 * timeS) / 1000);
    expectCounter(await allOf(videoPath('counter-30.webm')), milliseconds);
    const late = timesAt(25, 50, 0.5).map((timeS) => Math.round(1000 * timeS) / 1000);
    expectCounter(await allOf(videoPath('late.mkv')), late);
  });

  it('is handed out up to the time asked for, that time included, and nothing once it is over', async () => {
    const reader = await open(videoPath('counter-25.mp4'));
    const timesOf = async (untilS: number) => (await reader.read(untilS)).map(({ timeS }) => timeS);
    expect(await timesOf(-1)).toEqual([]);
    expect(await timesOf(0)).toEqual([0]);
    expect(await timesOf(0.12)).toEqual([0.04, 0.08, 0.12]);
    expect(await timesOf(0.159)).toEqual([]);
    expect(await timesOf(1.9)).toHaveLength(44);
    expect(await timesOf(9)).toEqual([1.92, 1.96]);
    expect(await timesOf(10)).toEqual([]);
  });

  it('can be read again, and by several at once', async () => {
    const source = videoFile(videoPath('counter-25.mp4'), NAME);
    const both = await Promise.all([source.open(SIZE), source.open(SIZE)]);
    readers.push(...both);
    for (const frames of await Promise.all(both.map((reader) => reader.read(5)))) {
      expectCounter(frames, timesAt(25, 50));
    }
  });

  it('gives every frame a buffer of its own', async () => {
    for (const { rgb } of await allOf(videoPath('counter-25.mp4'))) expect(rgb.buffer.byteLength).toBe(rgb.length);
  });

  it('is scaled nearly as Pillow does it', async () => {
    const [frame] = await allOf(videoPath('picture.mkv'), { width: 24, height: 24 });
    const expected = videoBytes('picture-24x24.rgb');
    const apart = expected.map((value, i) => Math.abs(value - frame!.rgb[i]!)).sort();
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(0.3);
    expect(apart[Math.floor(0.99 * apart.length)]).toBeLessThanOrEqual(2);
    expect(apart.at(-1)).toBeLessThanOrEqual(8);
  });

  it('may have any name', async () => {
    const path = written("-i 'a' %03d é:[0].mp4", videoBytes('counter-25.mp4'));
    expect(await allOf(path)).toHaveLength(50);
  });

  it('is refused where its frame rate changes; what came before was fine', async () => {
    const reader = await open(videoPath('gap.mp4'));
    expect(await reader.read(0.5)).toHaveLength(13);
    await expect(reader.read(1)).rejects.toThrow(
      `${NAME}: the frame rate is not constant: the frame after 0.560 s comes 200.0 ms later, before it was 40.0 ms`,
    );
  });

  it('is refused when it is cut off', async () => {
    const whole = videoBytes('counter-25.mp4');
    const mp4 = await refusal(written('a.mp4', whole.subarray(0, whole.length - 500)));
    expect(mp4.message).toMatch(/cannot be decoded at about 1\.\d{3} s: \S/);
    const webm = videoBytes('counter-30.webm');
    const cut = await refusal(written('a.webm', webm.subarray(0, 1000)));
    expect(cut.message).toMatch(/cut off: it states that it lasts until 1\.500 s, but its frames end at 0\.\d{3} s/);
  });

  it('is refused when it is damaged', async () => {
    const bytes = videoBytes('counter-25.mp4');
    bytes.fill(0xff, bytes.length - 1200, bytes.length - 1000);
    expect((await refusal(written('a.mp4', bytes))).message).toMatch(/cannot be decoded at about \d\.\d{3} s/);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('no video at all')],
    ['a playlist of another file', Buffer.from('ffconcat version 1.0\nfile counter-25.mp4\n')],
  ])('is refused when it is %s', async (_, bytes) => {
    expect((await refusal(written('a.mp4', bytes))).message).toContain('ffprobe fails: ');
  });

  it('is refused when it has no pictures', async () => {
    const wav = videoBytes('../silero/speech-16k.wav');
    expect((await refusal(written('a.mp4', wav))).message).toBe(`${NAME}: there is no video in it`);
  });

  it('leaves no process behind, read to the end or not, closed twice or while it is read', async () => {
    const path = videoPath('counter-25.mp4');
    await vi.waitFor(() => expect(childCount()).toBe(0));
    const reader = await open(path, { width: 1024, height: 1024 });
    await reader.read(0.2);
    expect(childCount()).toBe(1);
    await reader.close();
    await reader.close();
    const busy = await open(path, { width: 1024, height: 1024 });
    const reading = busy.read(9);
    await busy.close();
    expect((await reading).length).toBeLessThan(50);
    const done = await open(path);
    await done.read(9);
    await done.close();
    await vi.waitFor(() => expect(childCount()).toBe(0));
  });
});

function childCount(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length;
}

it('a video file needs ffmpeg only when it is looked at, and says how to install it', async () => {
  const path = process.env['PATH'];
  const source = videoFile(videoPath('counter-25.mp4'), NAME);
  process.env['PATH'] = '';
  try {
    const failure = await Promise.resolve(source.open(SIZE)).catch((error) => error);
    expect(failure).toMatchObject({
      message: `${NAME}: ffprobe is not installed`,
      hint: expect.stringContaining('apt install ffmpeg'),
      exitCode: EXIT.prerequisite,
    });
  } finally {
    process.env['PATH'] = path;
  }
});
