/** What a run and its worker processes tell each other. */

import type { ExitCode } from '../core/errors.js';
import type { LoadSettings } from '../models/catalogue.js';
import type { RunSpec } from '../result/schema.js';
import type { FinishedConversation } from './conversation.js';

/** Everything a worker needs to stream conversations as the run itself would. */
export interface WorkerJob {
  readonly spec: RunSpec;
  readonly loading: LoadSettings;
  /** What opens the data set. */
  readonly dataset: string;
  /** Keep every answer of P(floor). */
  readonly tracks: boolean;
  /** The process of the run. */
  readonly parentPid: number;
  /** Folder of the run, for files that a worker writes itself. */
  readonly runPath: string;
  readonly stepDeadlineS: number;
  /** Use and keep answers of earlier runs. */
  readonly keepsAnswers: boolean;
  /** Conversations at once; undefined = as many as pay off. */
  readonly lanes: number | undefined;
}

export type ToWorker =
  | { readonly kind: 'start'; readonly job: WorkerJob }
  | { readonly kind: 'run'; readonly id: string }
  /** Nothing more comes: end when what is under way is finished. */
  | { readonly kind: 'finish' };

export type FromWorker =
  /** Loaded. Conversations that can be under way at once. */
  | { readonly kind: 'ready'; readonly lanes: number; readonly rssBytes: number }
  | { readonly kind: 'progress'; readonly passS: number }
  | { readonly kind: 'finished'; readonly finished: FinishedConversation; readonly rssBytes: number }
  /** The run cannot go on. */
  | { readonly kind: 'failed'; readonly failure: WorkerFailure };

/** An error that crosses processes: a `UserError` has an exit code. */
export interface WorkerFailure {
  readonly message: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode | undefined;
  readonly stack: string | undefined;
}

/** Ends a worker whose model has not answered a step in time, even where nothing else can interrupt it. */
export const STALLED_SIGNAL = 'SIGALRM';
