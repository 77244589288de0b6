import { describe, expect, it } from 'vitest';
import { assembleConversation, type SpokenEvent, type Timeline } from '../../src/dataset/assemble.js';

// At 1000 Hz a sample is a millisecond. 'a' is 100 ms long, 'b' 60 ms.
const bank = {
  sampleRateHz: 1000,
  utterances: new Map([
    ['a', new Int16Array(100).fill(8000)],
    ['b', new Int16Array(60).fill(-4000)],
  ]),
};

/** The noise floor stays within ±113. */
const NOISE = 114;

function timeline(events: readonly SpokenEvent[], crosstalk = 0): Timeline {
  return { conversation_id: 'x', duration_s: 0.3, crosstalk, events };
}

function event(speaker: 1 | 2, utterance: string, start_s: number, end_s: number, gain = 1): SpokenEvent {
  return { speaker, utterance, start_s, end_s, gain, role: 'turn', label: 'Normal Turn' };
}

/** Every sample between two times, ms, is within the noise floor of a level. */
function expectLevel(samples: Int16Array, fromMs: number, toMs: number, level: number): void {
  for (let i = fromMs; i < toMs; i++) expect(Math.abs(samples[i]! - level), `sample ${i}`).toBeLessThan(NOISE);
}

describe('assembling a conversation', () => {
  it('puts every utterance at its time into the channel of its speaker, and noise everywhere else', () => {
    const { 1: one, 2: two } = assembleConversation(
      timeline([event(1, 'a', 0.05, 0.15), event(2, 'b', 0.1, 0.16)]),
      bank,
    );

    expect([one.length, two.length]).toEqual([300, 300]);
    expectLevel(one, 0, 50, 0);
    expectLevel(one, 50, 150, 8000);
    expectLevel(one, 150, 300, 0);
    expectLevel(two, 0, 100, 0);
    expectLevel(two, 100, 160, -4000);
    expectLevel(two, 160, 300, 0);
    expect(new Set(one.subarray(150)).size).toBeGreaterThan(10);
  });

  it('fades out an utterance that breaks off, and only that', () => {
    const whole = assembleConversation(timeline([event(1, 'a', 0.1, 0.2)]), bank)[1];
    const cut = assembleConversation(timeline([event(1, 'a', 0.1, 0.18)]), bank)[1];

    expectLevel(whole, 190, 200, 8000);
    expectLevel(cut, 100, 140, 8000);
    expectLevel(cut, 160, 161, 4000); // halfway down the 40 ms ramp
    expectLevel(cut, 180, 300, 0);
  });

  it('lets a share of the other voice leak into each channel', () => {
    const { 1: one, 2: two } = assembleConversation(timeline([event(1, 'a', 0, 0.1, 0.5)], 0.25), bank);

    expectLevel(one, 0, 100, 4000);
    expectLevel(two, 0, 100, 1000);
  });

  it('clips instead of wrapping around', () => {
    const { 1: one, 2: two } = assembleConversation(
      timeline([event(1, 'a', 0, 0.1, 100), event(2, 'b', 0, 0.06, 100)]),
      bank,
    );
    expect(one[50]).toBe(32767);
    expect(two[50]).toBe(-32768);
  });

  it('gives every channel of every conversation its own noise, the same every time', () => {
    const { 1: one, 2: two } = assembleConversation(timeline([]), bank);
    const other = assembleConversation({ ...timeline([]), conversation_id: 'y' }, bank);

    expect(assembleConversation(timeline([]), bank)[1]).toEqual(one);
    expect(one).not.toEqual(two);
    expect(one).not.toEqual(other[1]);
  });

  it('refuses an utterance that is unknown, too short for its time, or outside the conversation', () => {
    const assemble = (bad: SpokenEvent) => () => assembleConversation(timeline([bad]), bank);

    expect(assemble(event(1, 'c', 0, 0.1))).toThrow("no utterance 'c'");
    expect(assemble(event(1, 'b', 0, 0.1))).toThrow('does not fit');
    expect(assemble(event(1, 'a', 0.25, 0.35))).toThrow('does not fit');
  });
});
