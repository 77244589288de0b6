/**
 * Annotations in, gold out: consensus in both views, then the event sets of both tasks. Exactly the public rule
 * (scoring specification, sections 1 to 4) for three annotators; two must agree with each other; a single one is
 * taken at his word.
 */

import type { Annotations } from '../core/conversation.js';
import type { Gold } from '../core/gold.js';
import { byStart } from '../core/intervals.js';
import { perSpeaker } from '../core/speaker.js';
import { findConsensus } from './consensus.js';
import { eotEventSets } from './eot.js';
import { intEventSets } from './int.js';
import { countUnknownLabels, LABEL_VIEW, TURN_VIEW } from './labels.js';

/** @throws Error on more than three annotators. */
export function buildGold(annotations: Annotations): Gold {
  const labelView = findConsensus(annotations, LABEL_VIEW);
  const turnView = findConsensus(annotations, TURN_VIEW);
  const turnsByStart = perSpeaker((speaker) => byStart(turnView.events.filter((event) => event.speaker === speaker)));
  return {
    eot: eotEventSets(turnsByStart, turnView, labelView),
    int: intEventSets(labelView),
    turns: perSpeaker((speaker) => turnsByStart[speaker].map(({ startS, endS }) => ({ startS, endS }))),
    labels: labelView.events,
    unknownLabels: countUnknownLabels(annotations),
  };
}
