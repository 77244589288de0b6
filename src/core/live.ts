/** What the harness has to know of a model that is a server elsewhere, heard at the pace of real time. */

import type { Interval } from './gold.js';
import type { PerSpeaker, Speaker } from './speaker.js';

export interface LiveModel {
  /** Where it is, for people. No credentials. */
  readonly address: string;
  /** A key goes with every session: somebody may be billed. */
  readonly isPaid: boolean;
  /** Conversations at once, unless the user says otherwise. Both passes of one run at the same time. */
  readonly conversationsAtOnce: number;
  /**
   * Called before `reset`, so that the model knows which step is the last: its answer may come some seconds late,
   * because what the server says then is waited for.
   * @throws UserError when the conversation is longer than a session may last; nothing has been opened then.
   */
  begin(steps: number): void;
  /** The conversation is over or given up: whatever is still open is closed. Never throws. */
  end(): Promise<LiveRecord>;
}

/** What was received in a conversation. */
export interface LiveRecord {
  /** In order of arrival, both passes together. */
  readonly log: readonly LiveEvent[];
  /** When the system under test was audible, s of the conversation, per subject. Absent where it does not speak. */
  readonly agent?: PerSpeaker<readonly Interval[]>;
  /** How late the latest 20 ms were sent, ms. */
  readonly largestLagMs: number;
}

export interface LiveEvent {
  readonly subject: Speaker;
  /** Audio of the subject that had been sent when the event arrived, s: when its decision counts as made. */
  readonly sentS: number;
  /** Since the clock of the conversation was started, ms. Null before. */
  readonly arrivedMs: number | null;
  /** As the server sent it, with its own times; sound and other long texts are replaced by their length. */
  readonly event: unknown;
}
