/**
 * How fast people are, measured on the gold: the latency that a person would have had.
 *
 * Floor transfer, at every gold EOT anchor: onset of the other's response minus the anchor. Where the other is already
 * in a turn at the anchor, that turn is the response (the latest begun of several) and the offset is negative; otherwise
 * it is the other's next turn. A transfer is smooth when the response is not labelled a floor-taking interruption.
 *
 *   subject   |----turn----|A                    subject   |----turn----|A
 *   other                  |- offset -|--turn--  other             |- - offset < 0
 *
 * Yield, at every gold INT anchor: how long the interrupted one goes on speaking, to the end of the turn segment that is
 * under way (the latest begun of several). The human baseline of the public benchmark is measured so.
 */

import type { Anchor, Gold, Interval } from '../core/gold.js';
import { otherSpeaker, type Speaker } from '../core/speaker.js';
import { type Distribution, distributionOf } from './distribution.js';

/** Keys as printed. */
export interface HumanTiming {
  /** Response minus anchor, negative = in overlap. */
  readonly floor_transfer_ms: Distribution;
  /** Those that were no interruption. */
  readonly smooth_transfer_ms: Distribution;
  /** Of the smooth ones, those after a silence. */
  readonly gap_transfer_ms: Distribution;
  /** Share of all transfers in which the response began before the turn had ended; null without any. */
  readonly overlapped_share: number | null;
  /** Ends of turn after which the other says nothing more. */
  readonly unanswered: number;
  readonly yield_ms: Distribution;
  /** Interruptions at which the other holds no turn segment: annotators disagree about its end. */
  readonly without_turn: number;
}

/** @param golds of one conversation or of many. */
export function humanTiming(golds: readonly Gold[]): HumanTiming {
  const responses = golds.flatMap((gold) => gold.eot.positives.map((anchor) => responseTo(gold, anchor)));
  const answered = responses.filter((response) => response !== undefined);
  const smooth = answered.filter(({ interrupts }) => !interrupts).map(({ offsetMs }) => offsetMs);
  const yields = golds.flatMap((gold) => gold.int.positives.map((anchor) => yieldMs(gold, anchor)));
  const yielded = yields.filter((ms) => ms !== undefined);
  const overlapped = answered.filter(({ offsetMs }) => offsetMs < 0).length;
  return {
    floor_transfer_ms: distributionOf(answered.map(({ offsetMs }) => offsetMs)),
    smooth_transfer_ms: distributionOf(smooth),
    gap_transfer_ms: distributionOf(smooth.filter((ms) => ms > 0)),
    overlapped_share: answered.length === 0 ? null : overlapped / answered.length,
    unanswered: responses.length - answered.length,
    yield_ms: distributionOf(yielded),
    without_turn: yields.length - yielded.length,
  };
}

interface Response {
  readonly offsetMs: number;
  readonly interrupts: boolean;
}

function responseTo(gold: Gold, { speaker, timeS }: Anchor): Response | undefined {
  const responder = otherSpeaker(speaker);
  const turns = gold.turns[responder];
  const response = underWay(turns, timeS) ?? turns.find(({ startS }) => startS > timeS);
  if (!response) return undefined;
  return { offsetMs: (response.startS - timeS) * 1000, interrupts: isInterruption(gold, responder, response.startS) };
}

function yieldMs(gold: Gold, { speaker, timeS }: Anchor): number | undefined {
  const interrupted = underWay(gold.turns[otherSpeaker(speaker)], timeS);
  return interrupted && (interrupted.endS - timeS) * 1000;
}

/** The latest begun of the turns with this moment strictly inside. */
function underWay(byStart: readonly Interval[], timeS: number): Interval | undefined {
  let latest: Interval | undefined;
  for (const turn of byStart) {
    if (turn.startS >= timeS) break;
    if (turn.endS > timeS && !(latest && latest.startS === turn.startS)) latest = turn;
  }
  return latest;
}

/** The two views may agree on slightly different onsets of the same sound: whole milliseconds are compared. */
function isInterruption(gold: Gold, speaker: Speaker, startS: number): boolean {
  const onsetMs = Math.round(startS * 1000);
  return gold.int.positives.some((anchor) => anchor.speaker === speaker && Math.round(anchor.timeS * 1000) === onsetMs);
}
