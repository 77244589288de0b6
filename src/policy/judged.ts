/** What one model made of one data set, under the protocol that the data set calls for. */

import type { PolicyEvaluation } from './evaluate.js';
import type { TwoChannelEvaluation } from './two-channel.js';

interface Origin {
  /** With the options that it ran with. */
  readonly model: string;
  /** File or run folder. */
  readonly source: string;
  /** Null for a file that does not say. */
  readonly dataset: string | null;
  readonly language: string;
  /** s between the times at which the score was read; null where the file has its own. */
  readonly intervalS: number | null;
}

export type Judged =
  | (Origin & { readonly protocol: 'eot-bench'; readonly evaluation: PolicyEvaluation })
  | (Origin & { readonly protocol: 'two-channel'; readonly evaluation: TwoChannelEvaluation });

/** The evaluation whose rows stand for the whole. */
export function mainEvaluation(judged: Judged): PolicyEvaluation {
  return judged.protocol === 'eot-bench' ? judged.evaluation : judged.evaluation.all;
}
