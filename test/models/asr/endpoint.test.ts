import { describe, expect, it } from 'vitest';
import { EndpointRule, type EndpointSettings } from '../../../src/models/asr/endpoint.js';
import type { Word } from '../../../src/models/asr/words.js';

/**
 * A step per character. `w` a stable word, `.` a stable word that ends a sentence, `t` a tentative one and `u` speech
 * that is not recognised yet (both unsettled), `_` settled.
 * @returns the floor at a threshold, as a string of 0 and 1.
 */
function floor(steps: string, settings: Partial<EndpointSettings> = {}, threshold = 0.5): string {
  const rule = new EndpointRule({ silence: 4, unfinishedSilence: 4, onset: 'stable', ...settings });
  const bits = [...steps].map((step) => {
    if (step === 'w' || step === '.') rule.hear([word(step === '.' ? 'so.' : 'so')], []);
    if (step === 't') rule.hear([], [word('er')]);
    return rule.step(step !== 't' && step !== 'u') > threshold ? '1' : '0';
  });
  return bits.join('');
}

function word(text: string): Word {
  return { text, startS: 0, endS: 0.1 };
}

describe('the endpointing rule', () => {
  it('takes the floor at the first word and gives it back after so many settled steps without another', () => {
    //            ___w1234___
    expect(floor('___w_______')).toBe('00011110000');
    //            _w1w123w1234___
    expect(floor('_w_w___w_______')).toBe('011111111110000');
  });

  it('does not count steps in which something is tentative or not recognised yet', () => {
    //            w12tt34           w1uuuu234
    expect(floor('w__tt__')).toBe('1111110');
    expect(floor('w_uuuu___')).toBe('111111110');
  });

  it('does not take the floor for a tentative word, unless it is told to', () => {
    expect(floor('_ttt__')).toBe('000000');
    expect(floor('_ttt____', { onset: 'tentative' })).toBe('01111110');
  });

  it('leaves what has ended ended until the next stable word', () => {
    //            w1234
    expect(floor('w____tt__u_w')).toBe('111100000001');
  });

  it('waits longer after a word that does not end a sentence, where that is wanted', () => {
    const punctuation = { silence: 2, unfinishedSilence: 5 };
    expect(floor('.____', punctuation)).toBe('11000');
    expect(floor('w______', punctuation)).toBe('1111100');
    // The last word decides.
    expect(floor('w.___', punctuation)).toBe('11100');
  });

  it('answers for other silences at other thresholds, all from one pass', () => {
    const steps = `w${'_'.repeat(100)}`;
    const silenceAt = (threshold: number) => floor(steps, { unfinishedSilence: 10 }, threshold).indexOf('0');
    expect(silenceAt(0.5)).toBe(10);
    expect(silenceAt(0.25)).toBe(30);
    expect(silenceAt(0.2)).toBe(40);
    expect(silenceAt(0.8)).toBe(3); // 10 · 0.2 / 0.8 = 2.5, so the third step
  });

  it('forgets the conversation', () => {
    const rule = new EndpointRule({ silence: 4, unfinishedSilence: 4, onset: 'stable' });
    rule.hear([word('a')], []);
    expect(rule.step(true)).toBe(1);
    rule.reset();
    expect(rule.step(true)).toBe(0);
  });
});
