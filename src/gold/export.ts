/** Gold as JSON, keyed like the public gold artefact: what is scored and nothing else, lists in gold order. */

import type { Anchor, Gold, SpeakerInterval } from '../core/gold.js';
import type { Speaker } from '../core/speaker.js';

interface ExportedEvent {
  readonly speaker: Speaker;
  readonly time_s: number;
}

/** s. */
interface ExportedSpan {
  readonly speaker: Speaker;
  readonly start: number;
  readonly end: number;
}

export interface ExportedGold {
  readonly eot_positive_events: readonly ExportedEvent[];
  readonly int_positive_events: readonly ExportedEvent[];
  readonly eot_negative_spans: readonly ExportedSpan[];
  readonly int_negative_spans: readonly ExportedSpan[];
  readonly eot_excluded: readonly ExportedSpan[];
  readonly int_excluded: readonly ExportedSpan[];
}

export function exportGold({ eot, int }: Gold): ExportedGold {
  return {
    eot_positive_events: eot.positives.map(toEvent),
    int_positive_events: int.positives.map(toEvent),
    eot_negative_spans: eot.negatives.map(toSpan),
    int_negative_spans: int.negatives.map(toSpan),
    eot_excluded: eot.excluded.map(toSpan),
    int_excluded: int.excluded.map(toSpan),
  };
}

function toEvent({ speaker, timeS }: Anchor): ExportedEvent {
  return { speaker, time_s: timeS };
}

function toSpan({ speaker, startS, endS }: SpeakerInterval): ExportedSpan {
  return { speaker, start: startS, end: endS };
}
