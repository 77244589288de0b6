/**
 * What the conversations of a corpus are like: how long turns, pauses and transfers take and how much is spoken at once.
 *
 * A turn lies between a gold EOT anchor and the start of the subject's first turn segment after the anchor before it.
 * Pauses and floor-transfer offsets (FTO) are read off consecutive turn segments of both speakers, ordered by start: from
 * the end of one to the start of the next. With a change of speaker that is an FTO, negative in overlap; without one it
 * is a pause, where it is above 0. Disputed regions play no part: annotators agreed on both segments.
 *
 *   speaker 1   |--segment--| pause |--segment--|
 *   speaker 2                                     FTO |--segment--|
 */

import type { Gold, Interval } from '../core/gold.js';
import { byStart } from '../core/intervals.js';
import { SPEAKERS } from '../core/speaker.js';
import { endpointTurns } from '../score/endpoint.js';
import { coveredS, spansOf, unionOf } from '../score/interval-set.js';
import { type Distribution, distributionOf } from './distribution.js';

export interface GoldConversation {
  readonly gold: Gold;
  readonly durationS: number;
}

/** Keys as printed. */
export interface CorpusTiming {
  readonly conversations: number;
  readonly duration_s: number;
  readonly turn_s: Distribution;
  readonly pause_s: Distribution;
  readonly fto_ms: Distribution;
  /** Share of transfers in overlap. */
  readonly overlapped_transfers: number | null;
  /** Time in which both hold a turn segment over that in which anybody does. */
  readonly overlap_share: number | null;
}

export function corpusTiming(conversations: readonly GoldConversation[]): CorpusTiming {
  const golds = conversations.map(({ gold }) => gold);
  const turnsS = golds.flatMap(turnLengthsS);
  const steps = golds.flatMap(transitions);
  const ftoMs = steps.filter(({ changes }) => changes).map(({ offsetS }) => offsetS * 1000);
  const pausesS = steps.filter(({ changes, offsetS }) => !changes && offsetS > 0).map(({ offsetS }) => offsetS);
  const speech = golds.map(speechOf);
  return {
    conversations: conversations.length,
    duration_s: sum(conversations.map(({ durationS }) => durationS)),
    turn_s: distributionOf(turnsS),
    pause_s: distributionOf(pausesS),
    fto_ms: distributionOf(ftoMs),
    overlapped_transfers: share(ftoMs.filter((ms) => ms < 0).length, ftoMs.length),
    overlap_share: share(sum(speech.map(({ bothS }) => bothS)), sum(speech.map(({ anyS }) => anyS))),
  };
}

function turnLengthsS(gold: Gold): number[] {
  const turns = endpointTurns(gold);
  return SPEAKERS.flatMap((speaker) => {
    const { startsS, anchorsS } = turns[speaker];
    return Array.from(anchorsS, (anchorS, i) => anchorS - startsS[i]!);
  });
}

interface Transition {
  readonly changes: boolean;
  readonly offsetS: number;
}

function transitions({ turns }: Gold): Transition[] {
  const segments = byStart(SPEAKERS.flatMap((speaker) => turns[speaker].map((turn) => ({ ...turn, speaker }))));
  return segments.slice(1).map((next, i) => {
    const before = segments[i]!;
    return { changes: next.speaker !== before.speaker, offsetS: next.startS - before.endS };
  });
}

function speechOf({ turns }: Gold): { bothS: number; anyS: number } {
  const spans = (intervals: readonly Interval[]) => unionOf(spansOf(intervals));
  const [one, two] = [spans(turns[1]), spans(turns[2])];
  const anyS = coveredS(unionOf(one, two));
  return { bothS: coveredS(one) + coveredS(two) - anyS, anyS };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
