/** What the annotators agree on, in the form in which it is scored. */

import type { Task } from './events.js';
import type { PerSpeaker, Speaker } from './speaker.js';

/** s. */
export interface Interval {
  readonly startS: number;
  readonly endS: number;
}

export interface SpeakerInterval extends Interval {
  readonly speaker: Speaker;
}

/** A moment at which an event is due. */
export interface Anchor {
  readonly speaker: Speaker;
  readonly timeS: number;
}

/** Everything the event scorer may look at for one task of one conversation. List order is part of the rule. */
export interface TaskGold {
  readonly positives: readonly Anchor[];
  /** Spans in which an event would be wrong: mid-turn pauses (EOT), backchannels and noises (INT). */
  readonly negatives: readonly SpeakerInterval[];
  /** Where annotators disagree: predictions inside are not looked at. */
  readonly excluded: readonly SpeakerInterval[];
}

/** Canonical labels of the label view. */
export type CanonicalLabel =
  | 'Turn'
  | 'Laughter'
  | 'AwkwardSilence'
  | 'Interruption'
  | 'NonFloorTakingInterruption'
  | 'Backchannel'
  | 'NonContent';

/** A span on which annotators agree. */
export interface LabelledInterval extends SpeakerInterval {
  readonly label: CanonicalLabel;
}

export interface Gold extends Readonly<Record<Task, TaskGold>> {
  /** Turn-view Turn segments per speaker, ordered by start: who holds the floor while speaking. */
  readonly turns: PerSpeaker<readonly Interval[]>;
  /** Label-view consensus events in acceptance order: for reports and statistics. */
  readonly labels: readonly LabelledInterval[];
  /** Segments per label that no view knows, as written by the annotators. They have no effect; they are reported. */
  readonly unknownLabels: Readonly<Record<string, number>>;
}
