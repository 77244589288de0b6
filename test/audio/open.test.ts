import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { audioHeader, openPair, openStereo } from '../../src/audio/open.js';
import { audioFixture, riff, tempFile, wavBytes } from './wav-bytes.js';

const text = (letters: string) => Uint8Array.from(letters.padEnd(40, '\0'), (letter) => letter.charCodeAt(0));
const wav = (name: string, length: number, rate = 16_000, channels = 1) =>
  tempFile(name, wavBytes({ channels, rate }, new Int16Array(length * channels)));

describe('formats', () => {
  it('go by content: a WAV named .flac is a WAV', async () => {
    expect((await audioHeader(wav('really-a-wav.flac', 10))).format).toBe('wav');
  });

  it.each<[string, Uint8Array, string]>([
    ['ID3 tag', text('ID3\x04'), 'an MP3 (it begins with an ID3 tag)'],
    ['MP3 frame', text('\xff\xfb\x90\x64'), 'an MP3'],
    ['AAC frame', text('\xff\xf1\x50\x80'), 'AAC audio (ADTS)'],
    ['Ogg', text('OggS\0\x02'), 'an Ogg stream (Vorbis, Opus or Ogg FLAC)'],
    ['MP4', text('\0\0\0\x20ftypM4A '), 'an MP4 or M4A'],
    ['AIFF', text('FORM\0\0\0\x10AIFF'), 'an AIFF'],
    ['SPHERE', text('NIST_1A\n   1024'), 'a NIST SPHERE file'],
    ['big-endian', text('RIFX\0\0\0\x10WAVE'), 'a big-endian WAV (RIFX)'],
    ['RIFF of another kind', riff().fill(65, 8, 12), 'a RIFF file that holds no WAVE audio'],
    ['error page', text('<!DOCTYPE html>'), 'an HTML or XML page'],
    ['zeros', new Uint8Array(100), 'nothing but zero bytes'],
    ['noise', text('hello'), 'no audio format that is known'],
  ])('are named when they are not supported: %s', async (name, bytes, what) => {
    const path = tempFile(`${name}.flac`, bytes);

    await expect(audioHeader(path)).rejects.toThrow(`${path}: this is ${what}, not WAV or FLAC`);
  });

  it('tell a Git LFS pointer from audio, and what to do about it', async () => {
    const pointer = tempFile('pointer.wav', text('version https://git-lfs.github.com/spec/v1'));

    await expect(audioHeader(pointer)).rejects.toMatchObject({ hint: 'fetch the real file: git lfs pull' });
  });
});

describe('files', () => {
  it('that are missing, folders or empty are named', async () => {
    await expect(audioHeader('no/such.wav')).rejects.toThrow('no/such.wav: no such file');
    await expect(audioHeader(tmpdir())).rejects.toThrow(`${tmpdir()}: not a file`);
    await expect(audioHeader(tempFile('empty.wav', new Uint8Array(0)))).rejects.toThrow('the file is empty (0 bytes)');
  });
});

describe('two mono files', () => {
  it('become one source, WAV and FLAC side by side', async () => {
    const source = await openPair(wav('left.wav', 36_000), audioFixture('noise-16bit.flac'));
    expect(source).toMatchObject({ sampleRateHz: 16_000, length: 36_000 });

    const into = { 1: new Float32Array(36_000).fill(1), 2: new Float32Array(36_000) };
    const reader = await source.open();
    expect(await reader.read(into)).toBe(36_000);
    expect(await reader.read(into)).toBe(0);
    await reader.close();
    expect(into[1].every((sample) => sample === 0)).toBe(true);
    expect(into[2].every((sample) => sample === 0)).toBe(false);
  });

  it('are read without a promise when both are WAV', async () => {
    const path = wav('sync.wav', 100);
    const reader = await (await openPair(path, path)).open();

    expect(reader.read({ 1: new Float32Array(60), 2: new Float32Array(60) })).toBe(60);
    expect(reader.read({ 1: new Float32Array(60), 2: new Float32Array(60) })).toBe(40);
    await reader.close();
  });

  it('must have one rate', async () => {
    await expect(openPair(wav('a.wav', 100, 16_000), wav('b.wav', 100, 8000))).rejects.toThrow(
      /a\.wav has 16000 Hz and .*b\.wav has 8000 Hz: both channels must have one rate/,
    );
  });

  it('must be equally long', async () => {
    await expect(openPair(wav('a.wav', 16_000), wav('b.wav', 15_999))).rejects.toThrow(
      /a\.wav has 16000 samples \(1\.000 s\) and .*b\.wav has 15999 samples \(1\.000 s\): both channels must be equally long/,
    );
  });

  it('must be mono', async () => {
    const stereo = wav('stereo.wav', 100, 16_000, 2);

    await expect(openPair(wav('mono.wav', 100), stereo)).rejects.toThrow(`${stereo}: the file has 2 channels; mono`);
  });
});

describe('one stereo file', () => {
  it('has speaker 1 on its first channel', async () => {
    const path = tempFile('both.wav', wavBytes({ channels: 2 }, Int16Array.of(16_384, -16_384, 8192, -8192)));
    const reader = await (await openStereo(path)).open();
    const into = { 1: new Float32Array(2), 2: new Float32Array(2) };
    await reader.read(into);
    await reader.close();

    expect(into).toEqual({ 1: Float32Array.of(0.5, 0.25), 2: Float32Array.of(-0.5, -0.25) });
  });

  it('must be stereo', async () => {
    const path = wav('mono.wav', 100);

    await expect(openStereo(path)).rejects.toThrow(`${path}: the file has 1 channel; stereo is needed`);
  });
});
