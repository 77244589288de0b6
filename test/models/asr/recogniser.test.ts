import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ASR_RATE,
  OnlineRecogniser,
  type RecogniserSettings,
  type Transcribe,
} from '../../../src/models/asr/recogniser.js';
import { spread, type Word } from '../../../src/models/asr/words.js';
import { hear, sentence, speak, VOCABULARY } from './spoken.js';

const STEP = ASR_RATE / 50;

interface Heard {
  readonly stable: readonly (Word & { readonly atS: number })[];
  /** Of every question: from when to when, s. */
  readonly asked: readonly (readonly [number, number])[];
  /** When the recogniser was settled: the first such time after each time it was not. */
  readonly settledS: readonly number[];
}

interface Way extends Partial<Record<keyof RecogniserSettings, number>> {
  readonly knowsSilence?: boolean;
  readonly transcript?: (words: readonly Word[], samples: Float32Array) => Awaited<ReturnType<Transcribe>>;
}

/** Sizes of the settings in s. */
async function recognise(samples: Float32Array, way: Way = {}): Promise<Heard> {
  const { chunk = 1, longest = 15, trimmed = 10, shortest = 0.1, quiet = 0.4, lead = 0.2, knowsSilence = true } = way;
  const { transcript = (words) => ({ words, isTimed: true }) } = way;
  const asked: [number, number][] = [];
  const inSamples = Object.entries({ chunk, longest, trimmed, shortest, quiet, lead }).map(([k, s]) => [
    k,
    Math.round(s * ASR_RATE),
  ]);
  const recogniser = new OnlineRecogniser(Object.fromEntries(inSamples), async (audio, fromS) => {
    asked.push([fromS, fromS + audio.length / ASR_RATE]);
    return transcript(hear(audio), audio);
  });
  const stable: (Word & { atS: number })[] = [];
  const settledS: number[] = [];
  let wasSettled = true;
  for (let at = 0; at + STEP <= samples.length; at += STEP) {
    const step = samples.subarray(at, at + STEP);
    const heard = await recogniser.push(step, knowsSilence ? step.some((x) => x > 0) : undefined);
    const atS = (at + STEP) / ASR_RATE;
    stable.push(...(heard?.stable ?? []).map((word) => ({ ...word, atS })));
    if (recogniser.isSettled && !wasSettled) settledS.push(atS);
    wasSettled = recogniser.isSettled;
  }
  return { stable, asked, settledS };
}

function texts(words: readonly { text: string }[]): string {
  return words.map(({ text }) => text).join(' ');
}

describe('the online loop', () => {
  it('asks after every chunk of speech and once more at silence, and not in silence', async () => {
    //         0     1     2     3     4     5 s
    // speech        w0 w1 w2 w3 w4               1.0–2.9
    const { asked, stable, settledS } = await recognise(speak(sentence(['w0', 'w1', 'w2', 'w3', 'w4'], 1), 5));
    // Speech from 0.8 s on (0.2 s before its first step); silence for 0.4 s at 3.3 s.
    expect(asked.map(([from, to]) => [from.toFixed(2), to.toFixed(2)])).toEqual([
      ['0.80', '1.80'],
      ['0.80', '2.80'],
      ['0.80', '3.30'],
    ]);
    expect(stable.map(({ text, atS }) => `${text} ${atS.toFixed(2)}`)).toEqual([
      'w0 2.80', // twice the same
      'w1 2.80',
      'w2 3.30',
      'w3 3.30',
      'w4 3.30', // flushed
    ]);
    expect(settledS).toEqual([3.3]);
  });

  it('asks no second time at silence when all speech is recognised already', async () => {
    // Asked at 1 s, after the end of the word; silence is found at 1.3 s, and only silence is new since.
    const { asked, stable } = await recognise(speak([{ word: 'w0', startS: 0, endS: 0.9 }], 3));
    expect(asked).toEqual([[0, 1]]);
    expect(stable).toEqual([{ text: 'w0', startS: 0, endS: 0.9, atS: 1.3 }]);
  });

  it('keeps times exact over silences of any length, because it counts samples', async () => {
    const words = ['w1', 'w2', 'w3'].map((word, i) => ({ word, startS: 1 + 47 * i, endS: 1.5 + 47 * i }));
    for (const knowsSilence of [true, false]) {
      const { stable } = await recognise(speak(words, 100), { knowsSilence });
      expect(texts(stable)).toBe('w1 w2 w3');
      for (const [i, word] of stable.entries()) {
        expect(word.startS).toBeCloseTo(1 + 47 * i, 6);
        expect(word.endS).toBeCloseTo(1.5 + 47 * i, 6);
      }
    }
  });

  it('trims long speech between two stable words, keeps the last seconds, and says no word twice', async () => {
    const said = VOCABULARY.slice(0, 100);
    const { asked, stable } = await recognise(speak(sentence(said, 0), 42), { longest: 6, trimmed: 3 });
    expect(texts(stable)).toBe(said.join(' '));
    const lengths = asked.map(([from, to]) => to - from);
    // Kept and one more chunk at most.
    expect(Math.max(...lengths)).toBeLessThanOrEqual(7);
    const cuts = asked.flatMap(([from], i) => (i > 0 && from !== asked[i - 1]![0] ? [[from, asked[i - 1]![1]]] : []));
    expect(cuts.length).toBeGreaterThan(8);
    for (const [from, to] of cuts as [number, number][]) {
      expect(to - from).toBeGreaterThanOrEqual(3);
      expect(to - from).toBeLessThanOrEqual(4.5);
      // At the end of a word: 0.3 s into a period of 0.4 s.
      expect((from % 0.4).toFixed(3)).toBe('0.300');
    }
  });

  it('trims in the middle of speech that never becomes stable, and loses none of its words', async () => {
    // Every answer spells everything otherwise: nothing ever agrees.
    let answers = 0;
    const { asked, stable } = await recognise(speak(sentence(VOCABULARY.slice(0, 50), 0), 21), {
      longest: 6,
      trimmed: 3,
      transcript: (words) => {
        const mark = '~'.repeat(++answers);
        return { words: words.map((word) => ({ ...word, text: word.text + mark })), isTimed: true };
      },
    });
    expect(Math.max(...asked.map(([from, to]) => to - from))).toBeLessThanOrEqual(7);
    const heard = new Set(stable.map(({ text }) => text.replaceAll('~', '')));
    const missing = VOCABULARY.slice(0, 50).filter((word) => !heard.has(word));
    expect(missing).toEqual([]);
  });

  it('finds all words of a recogniser without times, each once', async () => {
    const said = VOCABULARY.slice(0, 60);
    const { stable } = await recognise(speak(sentence(said, 0), 26), {
      transcript: (words, samples) => ({ words: spread(texts(words), 0, samples.length / ASR_RATE), isTimed: false }),
    });
    expect(texts(stable)).toBe(said.join(' '));
    const starts = stable.map(({ startS }) => startS);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it('sends nothing of a silence, in which a recogniser would invent words', async () => {
    const inventive: Way['transcript'] = (words) => ({
      words: words.length > 0 ? words : [{ text: 'Thanks.', startS: 0, endS: 0.5 }],
      isTimed: true,
    });
    const audio = speak([{ word: 'w7', startS: 20, endS: 20.6 }], 60);
    expect(texts((await recognise(audio, { transcript: inventive })).stable)).toBe('w7');
    // Without the detector the invention is repeated, and agreement alone cannot tell it from speech.
    expect(texts((await recognise(audio, { transcript: inventive, knowsSilence: false })).stable)).toContain('Thanks.');
  });

  it('does not send a noise that is shorter than any word', async () => {
    const noise = [
      { word: 'w1', startS: 1, endS: 1.08 },
      { word: 'w2', startS: 3, endS: 3.2 },
    ];
    const { asked, stable } = await recognise(speak(noise, 5));
    expect(asked).toHaveLength(1);
    expect(texts(stable)).toBe('w2');
  });

  it('begins the next conversation from nothing', async () => {
    const audio = speak(sentence(['w3', 'w4'], 0), 3);
    const asked: number[] = [];
    const settings = { chunk: STEP * 10, longest: 16_000, trimmed: 8000, shortest: STEP, quiet: STEP * 5, lead: 0 };
    const recogniser = new OnlineRecogniser(settings, async (samples, fromS) => {
      asked.push(fromS);
      return { words: hear(samples), isTimed: true };
    });
    const pass = async () => {
      recogniser.reset();
      const stable: string[] = [];
      for (let at = 0; at < audio.length; at += STEP) {
        const step = audio.subarray(at, at + STEP);
        const heard = await recogniser.push(
          step,
          step.some((x) => x > 0),
        );
        stable.push(...(heard?.stable ?? []).map(({ text, startS }) => `${text}@${startS}`));
      }
      return stable;
    };
    const first = await pass();
    expect(first).toEqual(['w3@0', 'w4@0.4']);
    expect(await pass()).toEqual(first);
  });

  it('says every word of any speech once and in order, whatever the sizes', async () => {
    const scene = fc.record({
      gaps: fc.array(fc.double({ min: 0.1, max: 2, noNaN: true }), { minLength: 1, maxLength: 40 }),
      lengths: fc.array(fc.double({ min: 0.2, max: 0.6, noNaN: true }), { minLength: 40, maxLength: 40 }),
      chunk: fc.constantFrom(0.2, 0.5, 1, 2),
      quiet: fc.constantFrom(0.3, 0.6),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ gaps, lengths, chunk, quiet }) => {
        let timeS = 0;
        const said = gaps.map((gap, i) => {
          const startS = timeS + gap;
          timeS = startS + lengths[i]!;
          return { word: VOCABULARY[i]!, startS, endS: timeS };
        });
        const audio = speak(said, timeS + 3);
        const { stable } = await recognise(audio, { chunk, quiet, longest: 6, trimmed: 3 });
        // What a chunk has cut is `eh` until the next question, which corrects it before it is agreed on.
        expect(texts(stable)).toBe(texts(said.map(({ word }) => ({ text: word }))));
        for (const [i, { startS, atS }] of stable.entries()) {
          expect(Math.abs(startS - said[i]!.startS)).toBeLessThan(0.001);
          expect(atS).toBeGreaterThan(said[i]!.startS);
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});
