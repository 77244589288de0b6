import { describe, expect, it } from 'vitest';
import type { AudioSource } from '../../src/core/conversation.js';
import { magnitudeOf } from '../../src/core/portrait.js';
import { peaksOf, requireComparable } from '../../src/run/report-data.js';
import { runHeader } from '../helpers/run-header.js';

/** Two channels in memory. */
function audioOf(first: readonly number[], second: readonly number[], sampleRateHz: number): AudioSource {
  const open = () => {
    let at = 0;
    return {
      read: (into: { readonly 1: Float32Array; readonly 2: Float32Array }) => {
        const count = Math.min(into[1].length, first.length - at);
        into[1].set(first.slice(at, at + count));
        into[2].set(second.slice(at, at + count));
        at += count;
        return count;
      },
      close: () => {},
    };
  };
  return { sampleRateHz, length: first.length, open };
}

describe('the loudness that a report shows', () => {
  it('is the largest magnitude of every step, also of an unfinished last one', async () => {
    // 100 Hz: two samples to a step of 20 ms.
    const peaks = await peaksOf(audioOf([0, 0.25, -1, 0.5, 0.09], [0, 0, 0, 0, 0], 100));
    expect(Array.from(peaks[1], (peak) => Number(magnitudeOf(peak).toFixed(2)))).toEqual([0.25, 1, 0.09]);
    expect([...peaks[2]]).toEqual([0, 0, 0]);
  });

  it('reads every sample once where steps are no whole number of samples, over many blocks', async () => {
    const rate = 11_025;
    const samples = Array.from({ length: 3 * rate + 17 }, (_, i) => (i % 997) / 997);
    const peaks = await peaksOf(audioOf(samples, samples, rate));
    const expected = Array.from({ length: peaks[1].length }, () => 0);
    samples.forEach((value, i) => {
      const step = Math.floor((i * 50) / rate);
      expected[step] = Math.max(expected[step]!, value);
    });
    expect(peaks[1]).toEqual(Uint8Array.from(expected, (value) => Math.round(255 * Math.sqrt(value))));
    expect(peaks[2]).toEqual(peaks[1]);
  });
});

describe('runs in one page', () => {
  const stored = (path: string, change: object) => {
    const header = runHeader();
    return { path, header: { ...header, spec: { ...header.spec, ...change } }, rows: [] };
  };

  it('share data, scorer and gold, or the first difference is named', () => {
    const { dataset } = runHeader().spec;
    const other = { dataset: { ...dataset, revision: 'ffff00001111' } };
    expect(() => requireComparable([stored('a', {}), stored('b', {})])).not.toThrow();
    expect(() => requireComparable([stored('a', {}), stored('b', other)])).toThrow(
      'runs of different data revisions cannot stand in one page: ' +
        'tiny 1.0.0 (0123456789ab) in a, tiny 1.0.0 (ffff00001111) in b',
    );
    expect(() => requireComparable([stored('a', {}), stored('b', { scorer_version: 9 })])).toThrow('scorer versions');
  });
});
