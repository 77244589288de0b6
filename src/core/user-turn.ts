/** One complete turn of a user, as eot-bench holds it: the silences in it, the last of which ends it. */

import type { Interval } from './gold.js';

export interface UserTurn {
  /** Unique in the data set. */
  readonly id: string;
  /** Lower case, such as `en`. */
  readonly language: string;
  /** s. Of the audio. */
  readonly durationS: number;
  /** In order. The position counts before any filter; the last one is the end of the turn, the others are pauses. */
  readonly silenceSpans: readonly Interval[];
  /** What was said before the turn. */
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  /** What is said in the turn, s. */
  readonly words?: readonly (Interval & { readonly word: string })[];
}
