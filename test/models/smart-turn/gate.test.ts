import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type GateSettings, TurnGate } from '../../../src/models/smart-turn/gate.js';
import { gateOptions, gateSettings } from '../../../src/models/smart-turn/policies.js';
import { PipecatTwin } from './pipecat-twin.js';

const CHUNK_S = 0.032;

function settings(options: Record<string, unknown>): GateSettings {
  return gateSettings(z.object(gateOptions).parse(options));
}

/** What happens while `speech` (`#` a chunk of speech, `_` one of silence) is heard, stamped with the chunk's end. */
function play(gate: TurnGate, speech: string, answers: readonly number[]) {
  const events: string[] = [];
  const left = [...answers];
  let floor = gate.pFloor;
  for (const [i, chunk] of [...speech].entries()) {
    const time = `${((i + 1) * CHUNK_S).toFixed(3)} s`;
    if (gate.push(chunk === '#' ? 0.9 : 0.1)) {
      const p = left.length > 1 ? left.shift()! : left[0]!;
      gate.evaluated(p);
      events.push(`${time}: ${p} of the audio from ${(gate.turnStart / 16_000).toFixed(3)} s`);
    }
    if (gate.pFloor !== floor) events.push(`${time}: floor ${gate.pFloor.toFixed(2)}`);
    floor = gate.pFloor;
  }
  return events;
}

function drawn(...parts: (readonly [string, number])[]): string {
  return parts.map(([chunk, count]) => chunk.repeat(count)).join('');
}

describe('the gate under the policy pipecat', () => {
  it('asks once per silence, keeps the audio of an incomplete turn and drops that of a complete one', () => {
    // chunks    0        40        60         70        82                  200
    // speech    |__ 40 __|## 20 ###|__ 10 ____|## 12 ###|_______ 118 _______|## 10 ##|____
    // believed             ^45           ^65       ^75       ^87  94 later ^181    ^205     ^215
    // window             ^ 0.5 s before 40                         complete at 88          ^ 200 − 0.5 s
    const speech = drawn(['_', 40], ['#', 20], ['_', 10], ['#', 12], ['_', 118], ['#', 10], ['_', 10]);
    expect(play(new TurnGate(settings({})), speech, [0.2, 0.9, 0.6])).toEqual([
      '1.472 s: floor 1.00',
      '2.112 s: 0.2 of the audio from 0.780 s',
      '2.112 s: floor 0.80',
      '2.432 s: floor 1.00',
      '2.816 s: 0.9 of the audio from 0.780 s',
      '2.816 s: floor 0.10',
      '5.824 s: floor 0.00',
      '6.592 s: floor 1.00',
      '6.912 s: 0.6 of the audio from 5.900 s',
      '6.912 s: floor 0.40',
    ]);
  });

  it('does not reach back into a turn that is over', () => {
    // speech    |## 10 ##|__ 8 __|## 10 ##|______      0.5 s before chunk 18 lies in the turn that ended at chunk 16
    const speech = drawn(['#', 10], ['_', 8], ['#', 10], ['_', 6]);
    expect(play(new TurnGate(settings({})), speech, [0.9])).toEqual([
      '0.192 s: floor 1.00',
      '0.512 s: 0.9 of the audio from 0.000 s',
      '0.512 s: floor 0.10',
      '0.768 s: floor 1.00',
      '1.088 s: 0.9 of the audio from 0.512 s',
      '1.088 s: floor 0.10',
    ]);
  });

  it('believes neither speech nor silence of less than 6 chunks', () => {
    expect(play(new TurnGate(settings({})), '#####_#####_#####', [0.9])).toEqual([]);
    expect(play(new TurnGate(settings({})), '######_____#_____#', [0.9])).toEqual(['0.192 s: floor 1.00']);
  });

  it('ends a turn by force 3 s after an incomplete answer, and what follows is a new one', () => {
    const speech = drawn(['#', 10], ['_', 110], ['#', 6], ['_', 6]);
    expect(play(new TurnGate(settings({})), speech, [0.2])).toEqual([
      '0.192 s: floor 1.00',
      '0.512 s: 0.2 of the audio from 0.000 s',
      '0.512 s: floor 0.80',
      // 94 chunks: 3.008 s
      '3.520 s: floor 0.00',
      '4.032 s: floor 1.00',
      // 0.5 s before chunk 120 is 3.34 s, when the turn before was not over.
      '4.224 s: 0.2 of the audio from 3.520 s',
      '4.224 s: floor 0.80',
    ]);
  });

  it('repeats while silence lasts when told to, until the turn is complete', () => {
    const repeating = settings({ repeat_every_s: 0.064, repeat_for_s: 0.2 });
    const speech = drawn(['#', 10], ['_', 20]);
    const evaluations = (answers: readonly number[]) =>
      play(new TurnGate(repeating), speech, answers).filter((event) => event.includes('audio'));
    expect(evaluations([0.1, 0.2, 0.3, 0.4]).map((event) => event.slice(0, 7))).toEqual([
      '0.512 s',
      '0.576 s',
      '0.640 s',
      '0.704 s',
    ]);
    expect(evaluations([0.1, 0.7]).map((event) => event.slice(0, 7))).toEqual(['0.512 s', '0.576 s']);
  });
});

describe('the gate under the policy turnbench', () => {
  const turnbench = settings({ policy: 'turnbench' });

  it('asks after 1 s of silence and with each chunk for 2 s more, then holds the score until somebody speaks', () => {
    // speech    |__ 40 __|## 20 ##|______ 200 ______|#|____ 32 ____|#|____ 32 ___|
    const speech = drawn(['_', 40], ['#', 20], ['_', 200], ['#', 1], ['_', 32], ['#', 1], ['_', 32]);
    const rising = Array.from({ length: 63 }, (_, k) => k / 100);
    const events = play(new TurnGate(turnbench), speech, [...rising, 0.7]);
    const audio = events.filter((event) => event.includes('audio'));
    // Any chunk of speech starts a turn; 0.2 s before chunk 40 is 1.08 s.
    expect(events.slice(0, 3)).toEqual([
      '1.312 s: floor 1.00',
      '2.944 s: 0 of the audio from 1.080 s',
      '2.976 s: 0.01 of the audio from 1.080 s',
    ]);
    expect(audio).toHaveLength(65);
    // The 63rd is the last within 2 s of the first: 62 chunks are 1.984 s.
    expect(audio[62]).toBe('4.928 s: 0.62 of the audio from 1.080 s');
    expect(events.slice(events.indexOf(audio[62]!) + 1)).toEqual([
      '4.928 s: floor 0.38',
      // Chunk 260, and its turn 0.2 s earlier.
      '8.352 s: floor 1.00',
      '9.376 s: 0.7 of the audio from 8.120 s',
      '9.376 s: floor 0.30',
      // Speech after an evaluation is a new turn, whatever was answered; it has no audio of the turn before.
      '9.408 s: floor 1.00',
      '10.432 s: 0.7 of the audio from 9.376 s',
      '10.432 s: floor 0.30',
    ]);
  });

  it('is slower than pipecat on the same speech, and asks once where that asks twice', () => {
    // The example of docs/smart-turn.md, and of the first test above.
    const speech = drawn(['_', 40], ['#', 20], ['_', 10], ['#', 12], ['_', 118]);
    const events = play(new TurnGate(turnbench), speech, [0.9]).filter((event) => event.includes('audio'));
    expect(events).toHaveLength(63);
    expect(events[0]).toBe('3.648 s: 0.9 of the audio from 1.080 s');
    expect(events[62]).toBe('5.632 s: 0.9 of the audio from 1.080 s');
  });

  it('takes a pause of less than 1 s for part of the turn', () => {
    const speech = drawn(['#', 5], ['_', 31], ['#', 5], ['_', 32]);
    expect(play(new TurnGate(turnbench), speech, [0.4])).toEqual([
      '0.032 s: floor 1.00',
      '2.336 s: 0.4 of the audio from 0.000 s',
      '2.336 s: floor 0.60',
    ]);
  });
});

/** Speech in runs of random lengths, and an answer that depends on everything an evaluation may depend on. */
const SPEECH = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 14 })), { maxLength: 25 })
  .map((runs) => runs.map(([speech, silence]) => drawn(['#', speech], ['_', silence])).join(''));

function answerTo(turnStart: number, chunk: number): number {
  return ((Math.imul(turnStart + 7, 0x9e3779b1) ^ Math.imul(chunk, 0x85ebca6b)) >>> 8) / 2 ** 24;
}

/** P(floor) after each chunk, and every answer that was given. */
function track(gateSettings: GateSettings, speech: string) {
  const gate = new TurnGate(gateSettings);
  const answers: { chunk: number; p: number }[] = [];
  const pFloor = [...speech].map((letter, chunk) => {
    if (gate.push(letter === '#' ? 1 : 0)) {
      const p = answerTo(gate.turnStart, chunk);
      answers.push({ chunk, p });
      gate.evaluated(p);
    }
    return gate.pFloor;
  });
  return { pFloor, answers };
}

/** As pipecat has them, but shorter. */
const SHORT = { vad_start_s: 0.096, vad_stop_s: 0.128, pre_speech_s: 0.16, force_complete_s: 0.256 };

describe('P(floor) read at a threshold', () => {
  it('is the gate run at the complementary completion threshold, for every threshold, when incomplete turns are not kept', () => {
    const options = { ...SHORT, policy: 'turnbench', repeat_every_s: 0.064, repeat_for_s: 0.2 };
    fc.assert(
      fc.property(SPEECH, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (speech, threshold) => {
        const other = settings({ ...options, completion_threshold: threshold });
        expect(track(other, speech)).toEqual(track(settings(options), speech));
      }),
    );
  });

  it('is pipecat at its own completion threshold, chunk by chunk', () => {
    fc.assert(
      fc.property(SPEECH, fc.integer({ min: 1, max: 19 }), (speech, k) => {
        const completionThreshold = k / 20;
        const found = track(settings({ ...SHORT, completion_threshold: completionThreshold }), speech);
        const twin = new PipecatTwin({ start: 3, stop: 4, preSpeechChunks: 5, force: 8, completionThreshold });
        const expected = [...speech].map((letter, chunk) => twin.floorAfter(letter === '#', (s) => answerTo(s, chunk)));
        expect(found.pFloor.map((p) => (p > 1 - completionThreshold ? 1 : 0))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('is pipecat at any threshold until an answer falls between it and the one that the pass follows', () => {
    let agreeing = 0;
    fc.assert(
      fc.property(SPEECH, fc.integer({ min: 1, max: 19 }), (speech, k) => {
        const at = k / 20;
        const single = track(settings(SHORT), speech);
        const own = track(settings({ ...SHORT, completion_threshold: at }), speech);
        expect(own.answers.map(({ chunk }) => chunk)).toEqual(single.answers.map(({ chunk }) => chunk));
        const apart = single.answers.find(({ p }) => p >= 0.5 !== p >= at)?.chunk ?? speech.length;
        const bits = ({ pFloor }: typeof own) => pFloor.slice(0, apart + 1).map((p) => p > 1 - at);
        expect(bits(single)).toEqual(bits(own));
        if (apart > 100) agreeing++;
      }),
    );
    expect(agreeing).toBeGreaterThan(0);
  });
});

describe('TurnGate', () => {
  it('forgets everything on reset', () => {
    const gate = new TurnGate(settings({}));
    const speech = drawn(['_', 3], ['#', 9], ['_', 7], ['#', 7], ['_', 8]);
    const first = play(gate, speech, [0.1, 0.9]);
    for (const length of [7, 14, 22]) {
      gate.reset();
      play(gate, speech.slice(0, length), [0.1]);
      gate.reset();
      expect(play(gate, speech, [0.1, 0.9])).toEqual(first);
    }
  });

  it('counts whole chunks, as each policy rounds them', () => {
    // 0.2 s are 6.25 chunks, 1 s are 31.25.
    expect(settings({})).toMatchObject({ start: 6, stop: 6, preSpeechSamples: 8000, repeatEvery: 0, force: 94 });
    expect(settings({ policy: 'turnbench' })).toMatchObject({
      ...{ start: 1, stop: 32, preSpeechSamples: 3200, repeatEvery: 1, repeatFor: 62, force: 0 },
    });
    expect(settings({ vad_stop_s: 1, vad_start_s: 0 })).toMatchObject({ start: 1, stop: 31 });
    expect(settings({ policy: 'turnbench', vad_stop_s: 0.512, force_complete_s: 3.2 })).toMatchObject({
      stop: 16,
      force: 100,
    });
  });
});
