/**
 * The silences of a two-channel conversation that are judged by the rule for single turns (eot-bench policy
 * specification, last section). Each channel is the user once. Pauses are the gold mid-turn pauses; an end of turn is a
 * gold end of turn followed by silence, which lasts until somebody starts a turn, the cap, or the end of the audio:
 *
 *   user    |--turn--| pause |--turn--|E   silence   |
 *   other                                            |--turn--
 *
 * From the other's onset on the reply gives the end away, so nothing after it counts. Ends at which the other is
 * already speaking have no silence: they are counted and left out.
 */

import type { Gold, LabelledInterval } from '../core/gold.js';
import { startsOf } from '../core/intervals.js';
import { upperBound } from '../core/search.js';
import { otherSpeaker, SPEAKERS, type Speaker, speakerKey } from '../core/speaker.js';
import { spansOf, unionOf } from '../score/interval-set.js';
import type { SilenceSpan } from './turn-spans.js';

/** Longest silence after an end of turn that is looked at, s. */
export const LONGEST_END_S = 4;

/** What ended the silence after a turn. */
export type EndedBy = 'other' | 'self' | 'cap' | 'audio';

export interface ChannelSpan extends SilenceSpan {
  readonly conversation: string;
  readonly speaker: Speaker;
  /** Of pauses: the other gave a backchannel in it. */
  readonly backchannel: boolean;
  /** Null for pauses. */
  readonly endedBy: EndedBy | null;
}

export interface ChannelSpans {
  readonly spans: readonly ChannelSpan[];
  /** Ends of turn at which the other is speaking. */
  readonly overlapped: number;
  /** Ends of turn at or beyond the end of the audio. */
  readonly atEndOfAudio: number;
}

export interface GoldConversation {
  readonly id: string;
  readonly language: string;
  readonly durationS: number;
  readonly gold: Gold;
}

export function channelSpans(conversation: GoldConversation): ChannelSpans {
  const { gold } = conversation;
  const speech = unionOf(spansOf(gold.turns[1]), spansOf(gold.turns[2]));
  const isSpeech = (timeS: number): boolean => {
    const stretch = upperBound(speech.startsS, timeS) - 1;
    return stretch >= 0 && timeS < speech.endsS[stretch]!;
  };
  const spans: ChannelSpan[] = [];
  let overlapped = 0;
  let atEndOfAudio = 0;
  for (const speaker of SPEAKERS) {
    const pauses = gold.eot.negatives.filter((pause) => pause.speaker === speaker);
    pauses.sort((a, b) => a.startS - b.startS);
    const endsS = gold.eot.positives.flatMap((end) => (end.speaker === speaker ? [end.timeS] : []));
    endsS.sort((a, b) => a - b);
    const backchannels = gold.labels.filter((event) => isBackchannel(event, otherSpeaker(speaker)));
    let pause = 0;
    for (let turn = 0; turn <= endsS.length; turn++) {
      const turnEndS = endsS[turn] ?? Number.POSITIVE_INFINITY;
      const place = placeOf(conversation, speaker, turn);
      let spanIndex = 0;
      for (; pause < pauses.length && pauses[pause]!.startS < turnEndS; pause++, spanIndex++) {
        const { startS, endS } = pauses[pause]!;
        const backchannel = backchannels.some((event) => event.startS < endS && event.endS > startS);
        spans.push({ ...place, spanIndex, label: 'hold', startS, endS, backchannel, endedBy: null });
      }
      if (turn === endsS.length) break;
      if (isSpeech(turnEndS)) overlapped++;
      else if (turnEndS >= conversation.durationS) atEndOfAudio++;
      else
        spans.push({
          ...place,
          spanIndex,
          label: 'eot',
          ...silenceAfter(conversation, speaker, turnEndS),
          backchannel: false,
        });
    }
  }
  return { spans, overlapped, atEndOfAudio };
}

function placeOf({ id, language }: GoldConversation, speaker: Speaker, turn: number) {
  // Padded, so that the order of texts is that of turns.
  const number = String(turn + 1).padStart(4, '0');
  return { id: `${id}/${speakerKey(speaker)}/${number}`, language, conversation: id, speaker };
}

function silenceAfter({ gold, durationS }: GoldConversation, speaker: Speaker, startS: number) {
  const onsetS = (whose: Speaker): number => {
    const onsetsS = startsOf(gold.turns[whose]);
    return onsetsS[upperBound(onsetsS, startS)] ?? Number.POSITIVE_INFINITY;
  };
  const limits: readonly (readonly [EndedBy, number])[] = [
    ['other', onsetS(otherSpeaker(speaker))],
    ['self', onsetS(speaker)],
    ['cap', startS + LONGEST_END_S],
    ['audio', durationS],
  ];
  const [endedBy, endS] = limits.reduce((first, limit) => (limit[1] < first[1] ? limit : first));
  return { startS, endS, endedBy };
}

function isBackchannel({ label, speaker }: LabelledInterval, whose: Speaker): boolean {
  return label === 'Backchannel' && speaker === whose;
}
