/**
 * The policy sweep over finished passes of two-channel conversations: the same model, the same inference, judged by
 * the other benchmark's rule. The data are not that benchmark's, so the numbers cannot be compared with its table.
 */

import type { PerSpeaker } from '../core/speaker.js';
import { drawResamples } from '../stats/bootstrap.js';
import { percentile, sortNumbers } from '../stats/percentile.js';
import { type ChannelSpan, channelSpans, type EndedBy, type GoldConversation } from './channel-spans.js';
import type { PolicyOptions } from './config.js';
import { evaluatePolicies, type PolicyEvaluation } from './evaluate.js';
import { type PointIntervals, pointIntervals } from './point-intervals.js';
import { type EotTrack, rowsFromTrack } from './predictions.js';
import type { PolicyRow } from './sweep.js';

export interface AnsweredConversation extends GoldConversation {
  /** Per subject. */
  readonly tracks: PerSpeaker<EotTrack>;
}

export interface TwoChannelOptions extends Omit<PolicyOptions, 'scorePointS'> {
  /** Times at which the score is read, s apart; 0.1 is the public rule. */
  readonly intervalS?: number | undefined;
  /** Of the bootstrap. */
  readonly seed: number;
}

export interface TwoChannelEvaluation {
  readonly all: PolicyEvaluation;
  /** The same without pauses in which the other gave a backchannel; undefined when that leaves no pause. */
  readonly withoutBackchannels: PolicyEvaluation | undefined;
  /** 95 % intervals over conversations of the rows that `all` names, at their fixed knobs. */
  readonly intervals: ReadonlyMap<PolicyRow, PointIntervals>;
  readonly turnEnds: TurnEnds;
}

/** What became of the gold ends of turn. */
export interface TurnEnds {
  readonly overlapped: number;
  readonly atEndOfAudio: number;
  /** Judged ones by what ended the silence. */
  readonly endedBy: Readonly<Record<EndedBy, number>>;
  /** Silence until the other's reply, s: a model that waits longer is told the answer. */
  readonly replyGapS: Readonly<Record<'p10' | 'p50' | 'p90', number | undefined>>;
}

/** @throws UserError as `evaluatePolicies`. */
export function evaluateTwoChannel(
  conversations: readonly AnsweredConversation[],
  { intervalS, seed, ...options }: TwoChannelOptions,
): TwoChannelEvaluation {
  const found = conversations.map((conversation) => ({ conversation, ...channelSpans(conversation) }));
  const spans = found.flatMap((each) => each.spans);
  const evaluateOnly = (keep: (span: ChannelSpan) => boolean): PolicyEvaluation => {
    const rows = found.flatMap(({ conversation, spans: own }) => {
      const ofSpeaker = (speaker: 1 | 2) => own.filter((span) => span.speaker === speaker && keep(span));
      const rowsOf = (speaker: 1 | 2) => rowsFromTrack(ofSpeaker(speaker), conversation.tracks[speaker], intervalS);
      return [...rowsOf(1), ...rowsOf(2)];
    });
    return evaluatePolicies(rows, options);
  };
  const all = evaluateOnly(() => true);
  const ids = conversations.map(({ id }) => id);
  const owners = new Map(spans.map(({ id, conversation }) => [id, conversation]));
  const quiet = new Set(spans.filter(({ backchannel }) => !backchannel));
  return {
    all,
    withoutBackchannels: hasHold(all, quiet) ? evaluateOnly((span) => quiet.has(span)) : undefined,
    intervals: pointIntervals(all, ids, (turn) => owners.get(turn)!, drawResamples(ids.length, seed)),
    turnEnds: {
      overlapped: sum(found.map(({ overlapped }) => overlapped)),
      atEndOfAudio: sum(found.map(({ atEndOfAudio }) => atEndOfAudio)),
      ...silences(spans),
    },
  };
}

function hasHold({ spans }: PolicyEvaluation, quiet: ReadonlySet<ChannelSpan>): boolean {
  const kept = new Set(Array.from(quiet, ({ id, spanIndex }) => `${id} ${spanIndex}`));
  return spans.some(({ id, spanIndex, label }) => label === 'hold' && kept.has(`${id} ${spanIndex}`));
}

function silences(spans: readonly ChannelSpan[]): Pick<TurnEnds, 'endedBy' | 'replyGapS'> {
  const endedBy = { other: 0, self: 0, cap: 0, audio: 0 };
  for (const span of spans) if (span.endedBy !== null) endedBy[span.endedBy]++;
  const replies = spans.filter((span) => span.endedBy === 'other');
  const gapsS = sortNumbers(replies.map(({ startS, endS }) => endS - startS));
  const at = (level: number) => percentile(gapsS, level);
  return { endedBy, replyGapS: { p10: at(0.1), p50: at(0.5), p90: at(0.9) } };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
