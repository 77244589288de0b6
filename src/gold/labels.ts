/**
 * The two views of the fine labels (scoring specification, section 1). The label view keeps kinds apart, for
 * interruptions; the turn view knows only who holds the floor, for ends of turn, where a successful interruption is
 * the start of a turn like any other. Labels match by exact string; what a view does not know is dropped before
 * anything else and has no effect.
 */

import type { Annotations } from '../core/conversation.js';
import type { CanonicalLabel } from '../core/gold.js';
import { SPEAKERS } from '../core/speaker.js';

export type LabelView = ReadonlyMap<string, CanonicalLabel>;

const FLOOR_TAKING = ['Floor-taking Competitive Interruption', 'Floor-taking Cooperative Interruption'];

const FINE_LABELS: readonly (readonly [CanonicalLabel, readonly string[]])[] = [
  ['Turn', ['Normal Turn', 'Regular Turn', 'Strong Floor Hold', 'Bounded Response', 'Filler', 'Overlap']],
  ['Laughter', ['Laughter']],
  ['AwkwardSilence', ['Awkward Silence']],
  ['Interruption', FLOOR_TAKING],
  [
    'NonFloorTakingInterruption',
    ['Non-floor Taking Competitive Interruption', 'Non-floor Taking Cooperative Interruption'],
  ],
  ['Backchannel', ['Acknowledgement Backchannel', 'Continuer Backchannel', 'Reaction Backchannel']],
  ['NonContent', ['Non-Speech Noise', 'Channel Bleed', 'Speech, Non-Linguistic']],
];

export const LABEL_VIEW: LabelView = new Map(
  FINE_LABELS.flatMap(([canonical, fine]) => fine.map((label) => [label, canonical] as const)),
);

export const TURN_VIEW: LabelView = new Map(
  [...LABEL_VIEW].filter(([, label]) => label === 'Turn' || label === 'Interruption').map(([fine]) => [fine, 'Turn']),
);

/** Segments per label that no view knows, in order of first appearance. */
export function countUnknownLabels(annotations: Annotations): Record<string, number> {
  const counts = new Map<string, number>();
  for (const speaker of SPEAKERS) {
    for (const { segments } of annotations[speaker]) {
      for (const { label } of segments) {
        // Every label of the turn view is in the label view.
        if (!LABEL_VIEW.has(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
      }
    }
  }
  return Object.fromEntries(counts);
}
