import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TASKS } from '../../src/core/events.js';
import { SPEAKERS } from '../../src/core/speaker.js';
import { prepareConversation, scoreConversation } from '../../src/score/conversation.js';
import { outcomesOf, whyIgnored } from '../../src/score/outcomes.js';
import { BACKCHANNEL, eventTimes, goldOf, goldWorlds, span, withExcluded } from '../helpers/gold.js';

describe('what became of every event', () => {
  // speaker 1  |--turn--|2.0  pause  2.6|--turn--|4.0                     10.0|--turn--|12.0
  // speaker 2                                          |5.0--turn--8.0|
  //   events        ^1.0    ^2.2 ^2.4         ^3.0 ^4.1 ^4.5          ^9.0        ^11.5   ^12.3
  const gold = withExcluded(
    goldOf(
      [
        [0.5, 2],
        [2.6, 4],
        [10, 12],
      ],
      [[5, 8]],
    ),
    'eot',
    [span(1, 11.4, 11.6)],
  );
  const eot = [1, 2.2, 2.4, 3, 4.1, 4.5, 9, 11.5, 12.3];

  it('says which event was right, which fired a pause, and why the others do not count', () => {
    const prepared = prepareConversation(gold);
    const { events, missedS } = outcomesOf(prepared, 'eot', { 1: eot, 2: [] })[1];
    const words = events.map(({ kind, timeS }) => (kind === 'ignored' ? whyIgnored(prepared, 'eot', 1, timeS) : kind));
    expect(words).toEqual(['alarm', 'fp', 'fired', 'alarm', 'tp', 'repeated', 'unscored', 'excluded', 'tp']);
    expect(missedS).toEqual([]);
    expect(events[4]).toEqual({ kind: 'tp', timeS: 4.1, anchorS: 4 });
  });

  it('names the anchors that no event claimed', () => {
    const { missedS } = outcomesOf(prepareConversation(gold), 'eot', { 1: [1, 4.1], 2: [] })[1];
    expect(missedS).toEqual([12]);
  });

  it('counts two overlapping spans that one event fires', () => {
    const world = goldOf(
      [[0, 9]],
      [
        [2, 3, BACKCHANNEL],
        [5, 6, BACKCHANNEL],
      ],
    );
    const both = { ...world, int: { ...world.int, negatives: [span(2, 2, 4), span(2, 3, 5)] } };
    const [event] = outcomesOf(prepareConversation(both), 'int', { 1: [], 2: [3.5] })[2].events;
    expect(event).toEqual({ kind: 'fp', timeS: 3.5, spans: 2 });
  });

  it('agrees with the counts of the scorer in any world', () => {
    fc.assert(
      fc.property(goldWorlds(), eventTimes(), eventTimes(), (world, first, second) => {
        const prepared = prepareConversation(world);
        const times = { 1: first, 2: second };
        const counts = scoreConversation(prepared, { 1: { eot: first, int: first }, 2: { eot: second, int: second } });
        for (const task of TASKS) {
          const bySubject = outcomesOf(prepared, task, times);
          const outcomes = SPEAKERS.map((speaker) => bySubject[speaker]);
          const events = outcomes.flatMap((outcome) => outcome.events);
          const latenciesMs = events.flatMap((e) => (e.kind === 'tp' ? [(e.timeS - e.anchorS) * 1000] : []));
          const fires = events.reduce((sum, event) => sum + (event.kind === 'fp' ? event.spans : 0), 0);
          const alarms = SPEAKERS.flatMap((speaker) =>
            bySubject[speaker].events.filter(
              ({ kind, timeS }) => kind === 'ignored' && whyIgnored(prepared, task, speaker, timeS) === 'alarm',
            ),
          ).length;
          expect([...latenciesMs].sort()).toEqual([...counts[task].latenciesMs].sort());
          expect(outcomes.flatMap((outcome) => outcome.missedS)).toHaveLength(counts[task].fn);
          expect(fires).toBe(counts[task].fp);
          expect(alarms).toBe(counts.falseAlarms[task]);
        }
      }),
    );
  });
});
