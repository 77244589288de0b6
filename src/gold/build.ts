/**
 * Annotations in, gold out: consensus in both views, then the event sets of both tasks. Exactly the public rule
 * (scoring specification, sections 1 to 4) for three annotators; two must agree with each other; a single one is
 * taken at his word.
 */

import type { Annotations } from '../core/conversation.js';
import type { Gold } from '../core/gold.js';
import { perSpeaker, SPEAKERS } from '../core/speaker.js';
import { findConsensus, labelled } from './consensus.js';
import { eotEventSets } from './eot.js';
import { intEventSets } from './int.js';
import { LABEL_VIEW, TURN_VIEW } from './labels.js';
import { marksOf } from './marks.js';

/** @throws Error on more than three annotators. */
export function buildGold(annotations: Annotations): Gold {
  const marks = perSpeaker((speaker) => marksOf(annotations[speaker]));
  const labelView = findConsensus(marks, LABEL_VIEW, labelled);
  const turnView = findConsensus(marks, TURN_VIEW, (_, startS, endS) => ({ startS, endS }));
  return {
    eot: eotEventSets(turnView, labelView),
    int: intEventSets(labelView),
    turns: perSpeaker((speaker) => turnView[speaker].eventsByStart),
    labels: [...labelView[1].events, ...labelView[2].events],
    unknownLabels: tally(SPEAKERS.flatMap((speaker) => marks[speaker].unknownLabels)),
  };
}

/** In order of first appearance. */
function tally(labels: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries(counts);
}
