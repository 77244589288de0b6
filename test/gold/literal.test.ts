import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Annotations, Segment } from '../../src/core/conversation.js';
import type { Anchor, LabelledInterval, SpeakerInterval } from '../../src/core/gold.js';
import { otherSpeaker, SPEAKERS, type Speaker } from '../../src/core/speaker.js';
import { buildGold } from '../../src/gold/build.js';
import { LABEL_VIEW, type LabelView, TURN_VIEW } from '../../src/gold/labels.js';
import { median, round4 } from '../../src/gold/rounding.js';
import { BACKCHANNEL, FAILED_ATTEMPT, INTERRUPTION } from '../helpers/gold.js';

// Sections 2 to 4 of the scoring specification, quadratic and as they are written, against the real thing.

interface Marked extends Segment {
  readonly annotator: number;
  used: boolean;
}

interface Literal {
  readonly events: LabelledInterval[];
  readonly excluded: SpeakerInterval[];
}

function consensusLiterally(annotations: Annotations, view: LabelView): Literal {
  const result: Literal = { events: [], excluded: [] };
  for (const speaker of SPEAKERS) {
    const tracks = annotations[speaker].map(({ segments }, annotator) =>
      segments
        .filter(({ label }) => view.has(label))
        .map((segment): Marked => ({ ...segment, label: view.get(segment.label) ?? '', annotator, used: false })),
    );
    const accepted: LabelledInterval[] = [];
    for (const anchor of tracks.flat()) {
      if (anchor.used) continue;
      const group = [anchor, ...tracks.slice(anchor.annotator + 1).flatMap((track) => nearestLiterally(track, anchor))];
      const [a, b, c] = group;
      const subsets = [
        [a, b, c],
        [a, b],
        [a, c],
      ].map((subset) => subset.filter((member) => member !== undefined));
      const agreeing = subsets.find((subset) => subset.length > 1 && isTight(subset));
      if (!agreeing) continue;
      for (const member of agreeing) member.used = true;
      const middle = (times: number[]) => round4(median(...(times as [number, number, number?])));
      accepted.push({
        speaker,
        startS: middle(agreeing.map(({ startS }) => startS)),
        endS: middle(agreeing.map(({ endS }) => endS)),
        label: anchor.label as LabelledInterval['label'],
      });
    }
    const unmatched = tracks
      .flat()
      .filter(({ used, startS, endS }) => !used && !accepted.some((e) => e.startS < endS && startS < e.endS))
      .sort((a, b) => a.startS - b.startS || a.endS - b.endS);
    const merged: { startS: number; endS: number }[] = [];
    for (const { startS, endS } of unmatched) {
      const last = merged.at(-1);
      if (last && startS <= last.endS) last.endS = Math.max(last.endS, endS);
      else merged.push({ startS, endS });
    }
    result.events.push(...accepted);
    result.excluded.push(...merged.map((m) => ({ speaker, startS: round4(m.startS), endS: round4(m.endS) })));
  }
  return result;
}

function nearestLiterally(track: Marked[], anchor: Marked): Marked[] {
  const distance = ({ startS }: Marked) => Math.abs(startS - anchor.startS);
  const candidates = track.filter((s) => !s.used && s.label === anchor.label && distance(s) <= 0.5);
  return candidates.sort((a, b) => distance(a) - distance(b)).slice(0, 1);
}

function isTight(members: Marked[]): boolean {
  return (['startS', 'endS'] as const).every((key) => {
    const times = members.map((member) => member[key]);
    return Math.max(...times) - Math.min(...times) <= 0.2;
  });
}

function eotLiterally(turns: Literal, labels: Literal) {
  const positives: Anchor[] = [];
  const negatives: SpeakerInterval[] = [];
  const of = (speaker: Speaker) =>
    turns.events.filter((event) => event.speaker === speaker).sort((a, b) => a.startS - b.startS);
  for (const speaker of SPEAKERS) {
    const [own, other] = [of(speaker), of(otherSpeaker(speaker))];
    for (const { endS } of own) {
      const around = (s: LabelledInterval) => s.startS < endS && endS < s.endS;
      if (own.some(around)) continue;
      const next = (list: LabelledInterval[]) => Math.min(...list.map((s) => s.startS).filter((s) => s > endS));
      const nextSelf = next(own);
      if (nextSelf === Number.POSITIVE_INFINITY || next(other) < nextSelf || other.some(around)) {
        if (!positives.some((p) => p.speaker === speaker && p.timeS === endS)) positives.push({ speaker, timeS: endS });
        continue;
      }
      const disputes = [...turns.excluded, ...labels.excluded].filter((x) => x.startS < nextSelf && x.endS > endS);
      const sounds = labels.events.filter(
        (event) =>
          endS < event.startS &&
          event.startS < nextSelf &&
          (event.speaker === speaker
            ? event.label !== 'Turn'
            : event.label === 'Interruption' || event.label === 'NonFloorTakingInterruption'),
      );
      const end = Math.min(nextSelf, ...[...disputes, ...sounds].map(({ startS }) => startS));
      if (end <= endS) continue;
      const known = negatives.some((n) => n.speaker === speaker && n.startS === endS && n.endS === end);
      if (!known) negatives.push({ speaker, startS: endS, endS: end });
    }
  }
  return { positives, negatives, excluded: turns.excluded };
}

function intLiterally({ events, excluded }: Literal) {
  const extents = (...labels: string[]) =>
    events
      .filter(({ label }) => labels.includes(label))
      .map(({ speaker, startS, endS }) => ({ speaker, startS, endS }));
  return {
    positives: extents('Interruption').map(({ speaker, startS }) => ({ speaker, timeS: startS })),
    negatives: extents('Backchannel', 'NonContent'),
    excluded: [...excluded, ...extents('NonFloorTakingInterruption')],
  };
}

/** Two or three annotators who saw the same, each a little differently, in file order or not, some of it not at all. */
function annotations(): fc.Arbitrary<Annotations> {
  const label = fc.constantFrom('Normal Turn', 'Filler', INTERRUPTION, FAILED_ATTEMPT, BACKCHANNEL, 'Laughter', 'junk');
  const seen = fc.record({
    shift: fc.integer({ min: -3, max: 3 }),
    stretch: fc.integer({ min: -2, max: 4 }),
    place: fc.integer({ min: 0, max: 3 }),
    missed: fc.boolean(),
  });
  const mark = fc.tuple(
    fc.integer({ min: 4, max: 80 }),
    fc.integer({ min: 0, max: 15 }),
    label,
    fc.tuple(seen, seen, seen),
  );
  const channel = fc.array(mark, { maxLength: 14 });
  const tick = fc.constantFrom(0.1, 0.05, 0.03125, 0.25);
  return fc.tuple(channel, channel, tick, fc.constantFrom('ab', 'abc')).map(([first, second, tickS, annotators]) => {
    const tracksOf = (marks: typeof first) =>
      [...annotators].map((annotator, i) => {
        const segments = marks.flatMap(([start, length, fine, views]) => {
          const { shift, stretch, place, missed } = views[i] ?? views[0];
          const startS = (start + shift) * tickS;
          return missed && place > 0
            ? []
            : [{ place, startS, endS: startS + Math.max(0, length + stretch) * tickS, fine }];
        });
        const inFile = segments.sort((a, b) => a.place - b.place);
        return { annotator, segments: inFile.map(({ startS, endS, fine }) => ({ startS, endS, label: fine })) };
      });
    return { 1: tracksOf(first), 2: tracksOf(second) };
  });
}

describe('gold, for any marks of two or three annotators', () => {
  it('equals the rules word by word', () => {
    let events = 0;
    fc.assert(
      fc.property(annotations(), (marks) => {
        const [labels, turns] = [consensusLiterally(marks, LABEL_VIEW), consensusLiterally(marks, TURN_VIEW)];
        const gold = buildGold(marks);
        expect(gold.labels).toEqual(labels.events);
        expect(gold.eot).toEqual(eotLiterally(turns, labels));
        expect(gold.int).toEqual(intLiterally(labels));
        events += gold.labels.length;
      }),
      { numRuns: 1000 },
    );
    expect(events).toBeGreaterThan(1000);
  });
});
