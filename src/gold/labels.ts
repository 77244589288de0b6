/**
 * The two views of the fine labels (scoring specification, section 1). The label view keeps kinds apart, for
 * interruptions; the turn view knows only who holds the floor, for ends of turn, where a successful interruption is
 * the start of a turn like any other. Labels match by exact string; what a view does not know is dropped before
 * anything else and has no effect.
 */

import type { CanonicalLabel } from '../core/gold.js';

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

/** Canonical labels by their number, which begins at 1. */
export const CANONICAL_LABELS: readonly (CanonicalLabel | undefined)[] = [undefined, ...new Set(LABEL_VIEW.values())];

/** Fine labels have numbers too, in the order of `LABEL_VIEW` from 1; 0 is a label that no view knows. */
export const FINE_NUMBERS: ReadonlyMap<string, number> = new Map(
  [...LABEL_VIEW.keys()].map((fine, i) => [fine, i + 1]),
);

/** The number of the canonical label by that of the fine one; 0 where the view drops it. */
export function canonicalNumbers(view: LabelView): Uint8Array {
  const numbers = new Uint8Array(FINE_NUMBERS.size + 1);
  for (const [fine, number] of FINE_NUMBERS) numbers[number] = CANONICAL_LABELS.indexOf(view.get(fine));
  return numbers;
}
