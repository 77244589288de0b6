/**
 * How a system that speaks behaves towards its subject: when it answers, when it starts by mistake, when it gives way.
 *
 *   subject   |---turn---  pause  --turn---| EOT          |--turn (interrupts)--|
 *   agent                   |x|                 |-------------------|
 *                        false start        latency          yield: from the subject's start to the agent's end
 */

import type { Gold, Interval } from '../core/gold.js';
import { type PerSpeaker, SPEAKERS, type Speaker } from '../core/speaker.js';

/** Additive, both subjects together. */
export interface ResponseCounts {
  /** From a gold end of turn to when the agent is heard, before the subject's next turn. */
  readonly latenciesMs: readonly number[];
  /** Ends of turn at which the agent was speaking already, and those it did not answer before the next turn. */
  readonly early: number;
  readonly unanswered: number;
  /** Mid-turn pauses of gold, and those in which the agent began to speak. */
  readonly pauses: number;
  readonly falseStarts: number;
  /** From the start of a turn of the subject, while the agent speaks, until it is silent. */
  readonly yieldsMs: readonly number[];
  /** Time in which the agent was heard, and how much of it lies in turns of the subject. */
  readonly spokenS: number;
  readonly overlapS: number;
}

/** Shorter gaps in what is heard are no silence: chunks that came late. s. */
const MERGED_GAP_S = 0.5;

/** @param agent when it was heard while each speaker was the subject, ascending, s. */
export function responsesOf(gold: Gold, agent: PerSpeaker<readonly Interval[]>): ResponseCounts {
  return addResponses(SPEAKERS.map((subject) => ofSubject(gold, subject, merged(agent[subject]))));
}

export function addResponses(list: readonly ResponseCounts[]): ResponseCounts {
  const sum = (of: (counts: ResponseCounts) => number) => list.reduce((total, counts) => total + of(counts), 0);
  return {
    latenciesMs: list.flatMap(({ latenciesMs }) => latenciesMs),
    early: sum(({ early }) => early),
    unanswered: sum(({ unanswered }) => unanswered),
    pauses: sum(({ pauses }) => pauses),
    falseStarts: sum(({ falseStarts }) => falseStarts),
    yieldsMs: list.flatMap(({ yieldsMs }) => yieldsMs),
    spokenS: sum(({ spokenS }) => spokenS),
    overlapS: sum(({ overlapS }) => overlapS),
  };
}

function ofSubject(gold: Gold, subject: Speaker, agent: readonly Interval[]): ResponseCounts {
  const turns = gold.turns[subject];
  const ends = gold.eot.positives.filter(({ speaker }) => speaker === subject).map(({ timeS }) => timeS);
  const pauses = gold.eot.negatives.filter(({ speaker }) => speaker === subject);
  const speaksAt = (timeS: number) => agent.find(({ startS, endS }) => startS < timeS && timeS < endS);
  const onsetIn = (fromS: number, toS: number) => agent.find(({ startS }) => startS >= fromS && startS < toS);
  const late = ends.filter((endS) => !speaksAt(endS));
  const answers = late.flatMap((endS) => {
    const nextS = turns.find(({ startS }) => startS >= endS)?.startS ?? Number.POSITIVE_INFINITY;
    const onset = onsetIn(endS, nextS);
    return onset ? [toMs(onset.startS - endS)] : [];
  });
  return {
    latenciesMs: answers,
    early: ends.length - late.length,
    unanswered: late.length - answers.length,
    pauses: pauses.length,
    falseStarts: pauses.filter(({ startS, endS }) => onsetIn(startS, endS)).length,
    yieldsMs: turns.flatMap(({ startS }) => {
      const spoken = speaksAt(startS);
      return spoken ? [toMs(spoken.endS - startS)] : [];
    }),
    spokenS: total(agent),
    overlapS: total(agent.flatMap((spoken) => turns.map((turn) => intersection(spoken, turn)))),
  };
}

function merged(intervals: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const { startS, endS } of intervals) {
    const last = out.at(-1);
    if (last && startS - last.endS < MERGED_GAP_S) out[out.length - 1] = { startS: last.startS, endS };
    else out.push({ startS, endS });
  }
  return out;
}

function intersection(a: Interval, b: Interval): Interval {
  const startS = Math.max(a.startS, b.startS);
  return { startS, endS: Math.max(startS, Math.min(a.endS, b.endS)) };
}

function total(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
}

function toMs(seconds: number): number {
  return seconds * 1000;
}
