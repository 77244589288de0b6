/**
 * Misses and false positives one by one, and how bad each was: for how long the floor was wrong because of it.
 *
 * - A miss of an end of turn: the floor was held on, until the model's next end of turn, or until the subject's next
 *   turn began or the audio ended. Or it had been given up too early: from then (or the turn's start) to the anchor.
 * - A miss of an interruption: the floor was not given, until the model's next rise or the subject's next gold end of
 *   turn. Or it had been given too early: from then to the anchor.
 * - A false end of turn: until the model's next rise or the gold end of that turn.
 * - A false interruption: until the model's next fall or the subject's next gold turn.
 */

import type { Task } from '../core/events.js';
import type { Gold, SpeakerInterval } from '../core/gold.js';
import { upperBound } from '../core/search.js';
import { SPEAKERS, type Speaker } from '../core/speaker.js';
import { TAU_PRE_S } from '../score/match.js';
import type { Judgement } from './judge.js';

export interface Mistake {
  readonly kind: 'fn' | 'fp';
  readonly task: Task;
  readonly speaker: Speaker;
  /** Of the anchor that was missed, or of the event that was wrong, s. */
  readonly timeS: number;
  /** s. */
  readonly wrongS: number;
  /** For people. */
  readonly what: string;
}

/** In order of time. @param durationS of the conversation. */
export function mistakesOf(judgement: Judgement, gold: Gold, durationS: number): Mistake[] {
  const { scored } = judgement;
  if (!scored) return [];
  const mistakes = SPEAKERS.flatMap((speaker) => {
    const subject = subjectOf(judgement, gold, speaker, durationS);
    const of = (task: Task) => scored.outcomes[task][speaker];
    const fired = (task: Task) => of(task).events.filter((event) => event.kind === 'fp');
    return [
      ...of('eot').missedS.map((timeS) => missedEnd(subject, timeS)),
      ...of('int').missedS.map((timeS) => missedInterruption(subject, timeS)),
      ...fired('eot').map(({ timeS }) => falseEnd(subject, gold, timeS)),
      ...fired('int').map(({ timeS }) => falseInterruption(subject, gold, timeS)),
    ];
  });
  return mistakes.sort((a, b) => a.timeS - b.timeS || a.speaker - b.speaker);
}

/** What the model said and what was gold for one subject, all ascending, s. */
interface Subject {
  readonly speaker: Speaker;
  readonly falls: readonly number[];
  readonly rises: readonly number[];
  readonly endAnchors: ArrayLike<number>;
  /** Starts of the turns that the anchors end. */
  readonly endedStarts: ArrayLike<number>;
  readonly turnStarts: readonly number[];
  readonly durationS: number;
}

function subjectOf({ events, scored }: Judgement, gold: Gold, speaker: Speaker, durationS: number): Subject {
  const turns = scored!.prepared.turns[speaker];
  return {
    speaker,
    falls: events[speaker].eot,
    rises: events[speaker].int,
    endAnchors: turns.anchorsS,
    endedStarts: turns.startsS,
    turnStarts: gold.turns[speaker].map(({ startS }) => startS).sort((a, b) => a - b),
    durationS,
  };
}

function missedEnd(subject: Subject, timeS: number): Mistake {
  const about = { kind: 'fn', task: 'eot', speaker: subject.speaker, timeS } as const;
  if (!holdsAt(subject, timeS)) {
    const turn = upperBound(subject.endAnchors, timeS) - 1;
    const sinceS = Math.max(lastUpTo(subject.falls, timeS), subject.endedStarts[turn] ?? 0);
    return { ...about, wrongS: timeS - sinceS, what: `gave the floor up ${seconds(timeS - sinceS)} too early` };
  }
  const noticedS = firstAfter(subject.falls, timeS);
  const endS = Math.min(firstAfter(subject.turnStarts, timeS), subject.durationS);
  if (noticedS <= endS) {
    return { ...about, wrongS: noticedS - timeS, what: `noticed ${seconds(noticedS - timeS)} after the end` };
  }
  return { ...about, wrongS: endS - timeS, what: 'never noticed' };
}

function missedInterruption(subject: Subject, timeS: number): Mistake {
  const about = { kind: 'fn', task: 'int', speaker: subject.speaker, timeS } as const;
  if (holdsAt(subject, timeS)) {
    const heldS = timeS - Math.max(0, lastUpTo(subject.rises, timeS));
    return { ...about, wrongS: heldS, what: `held the floor for ${seconds(heldS)} already` };
  }
  const noticedS = firstAfter(subject.rises, timeS);
  const endS = Math.min(firstAfter(subject.endAnchors, timeS), subject.durationS);
  if (noticedS <= endS) {
    return { ...about, wrongS: noticedS - timeS, what: `noticed ${seconds(noticedS - timeS)} after the onset` };
  }
  return { ...about, wrongS: endS - timeS, what: 'never noticed' };
}

function falseEnd(subject: Subject, gold: Gold, timeS: number): Mistake {
  const endS = Math.min(firstAfter(subject.rises, timeS), firstAfter(subject.endAnchors, timeS), subject.durationS);
  const pause = spanAt(gold.eot.negatives, subject.speaker, timeS);
  const into =
    pause && `${seconds(Math.max(0, timeS - pause.startS))} into a pause of ${seconds(pause.endS - pause.startS)}`;
  const what = `gave the floor up ${into ?? 'in a pause'}`;
  return { kind: 'fp', task: 'eot', speaker: subject.speaker, timeS, wrongS: endS - timeS, what };
}

function falseInterruption(subject: Subject, gold: Gold, timeS: number): Mistake {
  const endS = Math.min(firstAfter(subject.falls, timeS), firstAfter(subject.turnStarts, timeS), subject.durationS);
  const label = spanAt(gold.labels, subject.speaker, timeS)?.label;
  const what = `took the floor on ${ON[label ?? ''] ?? 'what was no turn'}`;
  return { kind: 'fp', task: 'int', speaker: subject.speaker, timeS, wrongS: endS - timeS, what };
}

/** The first span in which, as in matching, an event of this time lies. */
function spanAt<T extends SpeakerInterval>(spans: readonly T[], speaker: Speaker, timeS: number): T | undefined {
  return spans.find((span) => span.speaker === speaker && span.startS - TAU_PRE_S <= timeS && timeS <= span.endS);
}

const ON: Readonly<Record<string, string>> = {
  Backchannel: 'a backchannel',
  NonContent: 'a noise',
  NonFloorTakingInterruption: 'an attempt that failed',
  Laughter: 'laughter',
};

/** Whether the model held the floor for the subject just before this time. */
function holdsAt({ rises, falls }: Subject, timeS: number): boolean {
  return lastUpTo(rises, timeS) > lastUpTo(falls, timeS);
}

function lastUpTo(ascendingS: readonly number[], timeS: number): number {
  return ascendingS[upperBound(ascendingS, timeS) - 1] ?? Number.NEGATIVE_INFINITY;
}

function firstAfter(ascendingS: ArrayLike<number>, timeS: number): number {
  return ascendingS[upperBound(ascendingS, timeS)] ?? Number.POSITIVE_INFINITY;
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
