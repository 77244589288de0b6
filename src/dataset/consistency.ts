/** What must hold between the conversations of a data set. */

import type { Annotations } from '../core/conversation.js';
import { SPEAKERS } from '../core/speaker.js';
import type { ConversationReading } from './conversation.js';

/** '1' and '01' would be one place in the natural order and one id for tools that read ids as numbers. */
export function collidingIds(ids: readonly string[]): string[] {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const id of ids) {
    const number = id.replace(/(?<!\d)0+(?=\d)/g, '');
    const twin = seen.get(number);
    if (twin !== undefined)
      problems.push(`${twin} and ${id}: the same id when read as a number: rename one of the folders`);
    seen.set(number, id);
  }
  return problems;
}

/** A majority of annotators means something only when every channel was seen by the same ones. */
export function missingAnnotators(readings: readonly ConversationReading[]): string[] {
  const annotated = readings.flatMap(({ annotations }) => (annotations ? [annotations] : []));
  const tracks = annotated.flatMap((annotations) => SPEAKERS.flatMap((speaker) => annotations[speaker]));
  const annotators = [...new Set(tracks.map(({ annotator }) => annotator))].sort();
  if (annotators.length === 0) {
    return annotated.length === 0
      ? []
      : ['no annotator in any conversation: add tracks, or remove the annotation files'];
  }
  return readings.flatMap(({ id, annotations, unannotated }) => {
    if (unannotated) {
      return [`${id}: no annotations, but others of this data set have those of ${annotators.join(', ')}: add them`];
    }
    return annotations ? annotators.flatMap((annotator) => missing(id, annotations, annotator)) : [];
  });
}

function missing(id: string, annotations: Annotations, annotator: string): string[] {
  const without = SPEAKERS.filter((speaker) => !annotations[speaker].some((track) => track.annotator === annotator));
  if (without.length === 0) return [];
  return [
    `${id}: annotator ${annotator} is missing for speaker ${without.join(' and ')}, but annotates others of this data ` +
      'set: add the track (an empty one when there was nothing to mark)',
  ];
}
