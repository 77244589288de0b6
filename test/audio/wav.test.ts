import { describe, expect, it } from 'vitest';
import { audioHeader, decodeFile, openStereo } from '../../src/audio/open.js';
import { chunk, formatChunk, riff, tempFile, wavBytes } from './wav-bytes.js';

async function samples(bytes: Uint8Array): Promise<number[][]> {
  const { channels } = await decodeFile(tempFile('samples.wav', bytes));
  return channels.map((channel) => [...channel]);
}

describe('samples of every width', () => {
  it('divides 16-bit integers by 32768', async () => {
    const bytes = wavBytes({ bits: 16 }, Uint8Array.of(0x00, 0x80, 0xff, 0x7f, 0x01, 0x00, 0xff, 0xff));

    expect(await samples(bytes)).toEqual([[-1, 32767 / 32768, 1 / 32768, -1 / 32768]]);
  });

  it('takes 8-bit samples as unsigned around 128', async () => {
    expect(await samples(wavBytes({ bits: 8 }, Uint8Array.of(0, 128, 129, 255)))).toEqual([
      [-1, 0, 1 / 128, 127 / 128],
    ]);
  });

  it('takes 24-bit integers from three bytes, sign in the last', async () => {
    const bytes = wavBytes(
      { bits: 24 },
      Uint8Array.of(0, 0, 0x80, 0xff, 0xff, 0x7f, 1, 0, 0, 0xff, 0xff, 0xff, 3, 2, 1),
    );

    expect(await samples(bytes)).toEqual([[-1, 8388607 / 8388608, 2 ** -23, -(2 ** -23), 0x010203 / 8388608]]);
  });

  it('divides 32-bit integers by 2^31', async () => {
    const bytes = wavBytes({ bits: 32 }, Int32Array.of(-(2 ** 31), 2 ** 30, 256));

    expect(await samples(bytes)).toEqual([[-1, 0.5, 256 / 2 ** 31]]);
  });

  it('leaves floats as they are, and rounds doubles to floats', async () => {
    expect(await samples(wavBytes({ code: 3, bits: 32 }, Float32Array.of(-1, 0.25, 1.5)))).toEqual([[-1, 0.25, 1.5]]);
    expect(await samples(wavBytes({ code: 3, bits: 64 }, Float64Array.of(-1, 0.1)))).toEqual([[-1, Math.fround(0.1)]]);
  });

  it('reads samples of fewer bits than their bytes from the upper bits', async () => {
    expect(await samples(wavBytes({ bits: 12 }, Int16Array.of(0x4000)))).toEqual([[0.5]]);
    expect(await samples(wavBytes({ bits: 20 }, Uint8Array.of(0, 0, 0x40)))).toEqual([[0.5]]);
  });

  it('decodes A-law and µ-law by ITU-T G.711', async () => {
    // G.711: µ-law 0xff is +0, 0x80 the largest value; A-law 0xd5 is the smallest positive, 0xaa the largest.
    expect(await samples(wavBytes({ code: 7, bits: 8 }, Uint8Array.of(0xff, 0x80, 0x00)))).toEqual([
      [0, 32124 / 32768, -32124 / 32768],
    ]);
    expect(await samples(wavBytes({ code: 6, bits: 8 }, Uint8Array.of(0xd5, 0xaa, 0x2a)))).toEqual([
      [8 / 32768, 32256 / 32768, -32256 / 32768],
    ]);
  });

  it('separates interleaved channels', async () => {
    expect(await samples(wavBytes({ bits: 8, channels: 3 }, Uint8Array.of(0, 128, 192, 64, 128, 0)))).toEqual([
      [-1, -0.5],
      [0, 0],
      [0.5, -1],
    ]);
  });
});

describe('containers', () => {
  const data = chunk('data', Uint8Array.of(0x00, 0x40, 0x00, 0xc0));

  it('steps over unknown and odd-sized chunks before and after the data', async () => {
    const odd = chunk('LIST', Uint8Array.of(1, 2, 3));
    const bytes = riff(odd, formatChunk(), chunk('junk', new Uint8Array(40)), odd, data, odd);

    expect(await samples(bytes)).toEqual([[0.5, -0.5]]);
  });

  it('accepts an odd-sized data chunk whose pad byte is missing', async () => {
    const bytes = riff(formatChunk({ bits: 8 }), chunk('data', Uint8Array.of(0, 128, 192)));

    expect(await samples(bytes.subarray(0, bytes.length - 1))).toEqual([[-1, 0, 0.5]]);
  });

  it('finds the format of an extensible header in its sub-format', async () => {
    const extensible = (code: number, bits: number) => {
      const content = new Uint8Array(40);
      content.set(formatChunk({ code: 0xfffe, bits }).subarray(8, 24));
      content.set(
        [22, 0, bits, 0, 4, 0, 0, 0, code, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71],
        16,
      );
      return chunk('fmt ', content);
    };
    const float = chunk('data', new Uint8Array(Float32Array.of(0.125).buffer));

    expect(await samples(riff(extensible(1, 16), data))).toEqual([[0.5, -0.5]]);
    expect(await samples(riff(extensible(3, 32), float))).toEqual([[0.125]]);
  });

  it('takes the length of an RF64 file from its ds64 chunk', async () => {
    const ds64 = new DataView(new ArrayBuffer(28));
    ds64.setBigUint64(8, 4n, true);
    const long = chunk('data', Uint8Array.of(0x00, 0x40, 0x00, 0xc0), 0xffff_ffff);
    const bytes = riff(chunk('ds64', new Uint8Array(ds64.buffer)), formatChunk(), long);
    bytes.set(new TextEncoder().encode('RF64'));

    expect(await samples(bytes)).toEqual([[0.5, -0.5]]);
  });

  it('tells rate, channels and length from the header alone', async () => {
    const path = tempFile('header.wav', wavBytes({ channels: 2, rate: 44_100 }, new Int16Array(200)));

    expect(await audioHeader(path)).toEqual({ format: 'wav', sampleRateHz: 44_100, channels: 2, length: 100 });
  });
});

describe('reading in pieces', () => {
  it('gives the same samples whatever the size of the pieces, as often as it is opened', async () => {
    // 2.5 blocks of the reader, one second each.
    const rate = 400;
    const values = Int16Array.from({ length: 2 * 1000 }, (_, i) => i * 16 - 16_000);
    const source = await openStereo(tempFile('pieces.wav', wavBytes({ channels: 2, rate }, values)));
    const expected = [0, 1].map((channel) =>
      Array.from({ length: 1000 }, (_, i) => (values[2 * i + channel] as number) / 32768),
    );

    for (const size of [1, 7, 400, 401, 999, 1000, 5000]) {
      const reader = await source.open();
      const got: [number[], number[]] = [[], []];
      const into = { 1: new Float32Array(size), 2: new Float32Array(size) };
      for (let count = await reader.read(into); count > 0; count = await reader.read(into)) {
        got[0].push(...into[1].subarray(0, count));
        got[1].push(...into[2].subarray(0, count));
      }
      await reader.close();
      expect(got, `pieces of ${size}`).toEqual(expected);
    }
  });
});

describe('bad files', () => {
  const failing = async (name: string, bytes: Uint8Array) => {
    const path = tempFile(name, bytes);
    const error = await decodeFile(path).then(
      () => undefined,
      (cause: Error) => cause,
    );
    expect(error?.name).toBe('UserError');
    expect(error?.message.startsWith(`${path}: `)).toBe(true);
    return error?.message.slice(path.length + 2);
  };
  const header = (format: Parameters<typeof formatChunk>[0]) =>
    riff(formatChunk(format), chunk('data', new Uint8Array(8)));

  it.each<[string, Uint8Array, string]>([
    ['empty file', new Uint8Array(0), 'the file is empty (0 bytes)'],
    ['no format', riff(chunk('data', new Uint8Array(4))), "WAV without a format chunk ('fmt ')"],
    ['no data', riff(formatChunk()), 'WAV without a data chunk: it holds no audio'],
    ['empty data', riff(formatChunk(), chunk('data', new Uint8Array(0))), 'the data chunk is empty: it holds no audio'],
    ['short format', riff(chunk('fmt ', new Uint8Array(10))), 'the format chunk has 10 bytes, at least 16 needed'],
    ['no channels', header({ channels: 0 }), 'the header states 0 channels'],
    ['no rate', header({ rate: 0 }), 'the header states a sample rate of 0 Hz'],
    ['40 bits', header({ bits: 40 }), 'WAV with 40-bit PCM samples is not supported'],
    ['half floats', header({ code: 3, bits: 16 }), 'WAV with 16-bit float samples is not supported'],
    ['ADPCM', header({ code: 17, bits: 4 }), 'WAV with IMA ADPCM samples is not supported'],
    ['unknown code', header({ code: 0x1234 }), 'WAV with format code 4660 samples is not supported'],
    ['wrong frame size', header({ channels: 2, frameBytes: 2 }), 'the header states 2 bytes for 2 × 16 bits'],
    [
      'broken frame',
      riff(formatChunk({ channels: 2 }), chunk('data', new Uint8Array(6))),
      'the data chunk has 6 bytes, not a multiple of 4 per sample',
    ],
    [
      'truncated',
      wavBytes({ rate: 1000 }, new Uint8Array(4000)).subarray(0, 44 + 1000),
      'truncated: the data chunk promises 4000 bytes (2.000 s), the file ends after 1000 (0.500 s)',
    ],
    ['cut in the header', riff(formatChunk()).subarray(0, 16), "WAV without a format chunk ('fmt ')"],
  ])('says what is wrong: %s', async (name, bytes, message) => {
    expect(await failing(`${name}.wav`, bytes)).toBe(message);
  });

  it.each([
    [Number.NaN, 'sample is NaN, not a finite number'],
    [Number.POSITIVE_INFINITY, 'sample is Infinity, not a finite number'],
    [-32768, 'sample -32768 is far outside [-1, 1]'],
  ])('names channel and time of the first sample that is %d', async (value, message) => {
    const values = new Float32Array(2 * 3000);
    values[2 * 2500 + 1] = value;
    values[2 * 2600 + 1] = value;

    expect(await failing('wild.wav', wavBytes({ code: 3, bits: 32, channels: 2, rate: 1000 }, values))).toBe(
      `channel 2 at 2.500000 s: ${message}`,
    );
  });

  it('says so when the file shrinks between opening and reading', async () => {
    const bytes = wavBytes({ rate: 1000, channels: 2 }, new Int16Array(4000));
    const source = await openStereo(tempFile('shrinks.wav', bytes));
    tempFile('shrinks.wav', bytes.subarray(0, 44 + 6000));
    const reader = await source.open();
    const into = { 1: new Float32Array(2000), 2: new Float32Array(2000) };

    expect(() => reader.read(into)).toThrow(/shrinks\.wav: the file became shorter while it was read, at 1\.000 s/);
    await reader.close();
  });

  it('ends in samples or in a clear error, whatever byte of the header is damaged or missing', async () => {
    const good = wavBytes({ channels: 2, rate: 8000 }, new Int16Array(20));
    const damaged = Array.from({ length: 44 }, (_, at) =>
      [0, 1, 0x7f, 0xff].map((value) => {
        const bytes = good.slice();
        bytes[at] = value;
        return bytes;
      }),
    ).flat();
    const cut = Array.from({ length: good.length }, (_, length) => good.subarray(0, length));

    for (const bytes of [...damaged, ...cut]) {
      const outcome = await samples(bytes).catch((error: Error) => error.name);
      expect(outcome === 'UserError' || Array.isArray(outcome)).toBe(true);
    }
  });
});
