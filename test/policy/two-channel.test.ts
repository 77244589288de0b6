import { describe, expect, it } from 'vitest';
import { LevelWalk } from '../../src/decide/levels.js';
import { channelSpans } from '../../src/policy/channel-spans.js';
import { policyConfig } from '../../src/policy/config.js';
import { evaluatePolicies } from '../../src/policy/evaluate.js';
import { toldApart, trackOfLevels, trackOfProbabilities } from '../../src/policy/floor-score.js';
import { rowsFromTrack } from '../../src/policy/predictions.js';
import { evaluateTwoChannel } from '../../src/policy/two-channel.js';
import { FINE_THRESHOLDS } from '../../src/sweep/grid.js';
import { BACKCHANNEL, goldOf, type Mark } from '../helpers/gold.js';

//              0    1    2    3    4    5    6    7    8    9   10 s
//  speaker 1   |--turn--| pause |turn|        |--turn--|            0–2, 3–4, 6–8
//  speaker 2            |bc|        |--turn---|                     2.2–2.4, 4.5–6.5
const ONE: readonly Mark[] = [
  [0, 2],
  [3, 4],
  [6, 8],
];
const TWO: readonly Mark[] = [
  [2.2, 2.4, BACKCHANNEL],
  [4.5, 6.5],
];
const FEW_DELAYS = { actionDelaysS: [0.2, 0.5], timeoutsS: [0.5, 1] };
const SMALL = { thresholds: [0.2, 0.5, 0.8], ...FEW_DELAYS };

const world = { id: 'w', language: 'en', durationS: 10, gold: goldOf(ONE, TWO) };

describe('silences of two channels', () => {
  it('are the pauses inside a turn, and what follows its end until somebody speaks', () => {
    const { spans, overlapped, atEndOfAudio } = channelSpans(world);
    expect(spans.map(({ id, spanIndex, label, startS, endS }) => [id, spanIndex, label, startS, endS])).toEqual([
      ['w/speaker_1/0001', 0, 'hold', 2, 3],
      ['w/speaker_1/0001', 1, 'eot', 4, 4.5],
      ['w/speaker_1/0002', 0, 'eot', 8, 10],
    ]);
    expect(spans.map(({ endedBy, backchannel }) => [endedBy, backchannel])).toEqual([
      [null, true],
      ['other', false],
      ['audio', false],
    ]);
    // Speaker 2 stops at 6.5, while speaker 1 is speaking.
    expect([overlapped, atEndOfAudio]).toEqual([1, 0]);
  });

  it('last no longer than four seconds after an end of turn', () => {
    const { spans } = channelSpans({ ...world, durationS: 60 });
    expect(spans.at(-1)).toMatchObject({ startS: 8, endS: 12, endedBy: 'cap' });
  });

  it('are none after a turn that ends with the audio', () => {
    const { spans, atEndOfAudio } = channelSpans({ ...world, durationS: 8 });
    expect([spans.length, atEndOfAudio]).toEqual([2, 1]);
  });
});

describe('a track', () => {
  const span = { id: 'a', language: 'en', spanIndex: 0, label: 'hold', startS: 1, endS: 1.25 } as const;
  /** The number of the step. */
  const counting = { steps: 1000, at: (step: number) => step };

  it('is read at the latest step that has ended: step i ends at (i + 1) / 50 s', () => {
    expect(rowsFromTrack([span], counting).map(({ pEot }) => pEot)).toEqual([49, 54, 59, 61]);
  });

  it('carries what it said before the silence into its first row', () => {
    const spoke = { steps: 100, at: (step: number) => (step < 52 ? 0.9 : 0.1) };
    expect(rowsFromTrack([span], spoke).map(({ pEot }) => pEot)).toEqual([0.9, 0.1, 0.1, 0.1]);
  });

  it('says nothing before its first step, and repeats its last', () => {
    const first = { ...span, startS: 0.01, endS: 0.01 };
    expect(rowsFromTrack([first], counting).map(({ pEot }) => pEot)).toEqual([0]);
    expect(rowsFromTrack([span], { ...counting, steps: 10 }).map(({ pEot }) => pEot)).toEqual([9, 9, 9, 9]);
  });
});

/** Not on a threshold, so that strictness does not matter; smooth enough to cross many of them. */
const pFloor = (phase: number, steps = 500) =>
  Float64Array.from({ length: steps }, (_, i) => 0.5 + 0.4987 * Math.sin(i / 17.3 + phase));

describe('levels of P(floor)', () => {
  it('give the numbers that P(floor) itself gives', () => {
    const conversations = ['a', 'b', 'c'].map((id, i) => ({ ...world, id, p: { 1: pFloor(i), 2: pFloor(i + 0.5) } }));
    const leveled = (p: Float64Array) => {
      const walk = new LevelWalk(FINE_THRESHOLDS, p.length);
      walk.push(p);
      return trackOfLevels(walk.track.levels, FINE_THRESHOLDS);
    };
    const [whole, levels] = [trackOfProbabilities, leveled].map((track) =>
      evaluateTwoChannel(
        conversations.map(({ p, ...rest }) => ({ ...rest, tracks: { 1: track(p[1]), 2: track(p[2]) } })),
        { seed: 1, thresholds: policyConfig().thresholds.filter((theta) => theta > 0), ...FEW_DELAYS },
      ),
    );
    expect(levels!.all.rows).toEqual(whole!.all.rows);
    expect(levels!.intervals.size).toBeGreaterThan(0);
    expect([...levels!.intervals.values()]).toEqual([...whole!.intervals.values()]);
  });

  it('are certain beyond the outermost thresholds', () => {
    const track = trackOfLevels([0, 1, 2], [0.25, 0.75]);
    expect([0, 1, 2].map(track.at)).toEqual([0.875, 0.5, 0]);
    expect([0, 1].map(trackOfLevels([0, 1], null).at)).toEqual([1, 0]);
  });

  it('tell apart the policy thresholds that mirror theirs', () => {
    expect(toldApart([0, 0.2, 0.3, 0.7, 1], [0.3, 0.7])).toEqual([0, 0.3, 0.7, 1]);
    expect(toldApart([0.2, 0.3], null)).toEqual([0.2, 0.3]);
    const { thresholds } = policyConfig();
    expect(toldApart(thresholds, FINE_THRESHOLDS)).toEqual(thresholds);
  });
});

describe('the evaluation', () => {
  const track = trackOfProbabilities(pFloor(0));
  const conversation = (id: string) => ({ ...world, id, tracks: { 1: track, 2: track } });

  it('says what became of the ends of turn', () => {
    const { all, withoutBackchannels, turnEnds } = evaluateTwoChannel([conversation('a')], { seed: 1, ...SMALL });
    expect([all.holds, all.ends]).toEqual([1, 2]);
    // The only pause has a backchannel in it.
    expect(withoutBackchannels).toBeUndefined();
    expect(turnEnds).toEqual({
      overlapped: 1,
      atEndOfAudio: 0,
      endedBy: { other: 1, self: 0, cap: 0, audio: 1 },
      replyGapS: { p10: 0.5, p50: 0.5, p90: 0.5 },
    });
  });

  it('has no interval for one conversation, and one without width for equal ones', () => {
    const one = evaluateTwoChannel([conversation('a')], { seed: 1, ...SMALL });
    const three = evaluateTwoChannel(['a', 'b', 'c'].map(conversation), { seed: 1, ...SMALL });
    const row = three.all.atLatency[1]!;
    expect([...one.intervals.values()][0]).toEqual({ cutoffRate: undefined, meanLatencyS: undefined });
    expect(three.intervals.get(row)).toEqual({
      cutoffRate: [row.cutoffRate, row.cutoffRate],
      meanLatencyS: [expect.closeTo(row.meanLatencyS, 12), expect.closeTo(row.meanLatencyS, 12)],
    });
  });

  it('is that of single turns with the same silences', () => {
    const spans = channelSpans(world).spans.filter(({ speaker }) => speaker === 1);
    const single = evaluatePolicies(rowsFromTrack(spans, track), SMALL);
    expect(evaluateTwoChannel([conversation('w')], { seed: 1, ...SMALL }).all).toEqual(single);
  });

  it('on a finer grid sees a crossing earlier', () => {
    // Speaker 1 is through at 4 s; the score crosses one step later, at 4.02 s, and is read at 4.1 s or at once.
    const late = trackOfProbabilities(Float64Array.from({ length: 500 }, (_, i) => (i === 0 || i < 200 ? 1 : 0)));
    const evaluate = (intervalS?: number) =>
      evaluateTwoChannel([{ ...world, tracks: { 1: late, 2: late } }], { seed: 1, intervalS, ...SMALL }).all;
    const climbs = (intervalS?: number) => evaluate(intervalS).spans[1]!.climbs.map(({ silenceS }) => silenceS);
    expect([climbs(), climbs(0.02)]).toEqual([
      [0, 0.1],
      [0, 0.02],
    ]);
  });
});
