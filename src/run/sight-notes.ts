/** What a run should say about video: of whom there was none, and of whom only part was to be seen. */

import type { Conversation, VideoSources } from '../core/conversation.js';
import { SPEAKERS } from '../core/speaker.js';
import { SeenSpan, UNSEEN_TOLERANCE_S, watched } from '../video/seen-span.js';

/** Longer lists are not read. */
const MOST_NAMED = 5;

/** One conversation that a model with eyes is about to be shown. */
export interface Sighting {
  /** What to show. */
  readonly video: VideoSources;
  /** To be called when all of it was shown. */
  done(): void;
}

export class SightNotes {
  /** `12, speaker 1` */
  readonly #neverSeen: string[] = [];
  /** `12, speaker 1 (2.5 of 12.0 s)` */
  readonly #partlySeen: string[] = [];
  #speakers = 0;

  watch({ id, durationS, video = {} }: Conversation): Sighting {
    const spans = { 1: new SeenSpan(), 2: new SeenSpan() };
    return {
      video: {
        ...(video[1] && { 1: watched(video[1], spans[1]) }),
        ...(video[2] && { 2: watched(video[2], spans[2]) }),
      },
      done: () => {
        for (const speaker of SPEAKERS) {
          this.#speakers++;
          const who = `${id}, speaker ${speaker}`;
          const unseenS = spans[speaker].unseenS(durationS);
          if (!video[speaker]) this.#neverSeen.push(who);
          else if (unseenS > UNSEEN_TOLERANCE_S) {
            this.#partlySeen.push(`${who} (${unseenS.toFixed(1)} of ${durationS.toFixed(1)} s)`);
          }
        }
      },
    };
  }

  /** One sentence each; none when no model looked. */
  warnings(): string[] {
    const warnings: string[] = [];
    const [never, all] = [this.#neverSeen.length, this.#speakers];
    if (never > 0 && never === all) {
      warnings.push('the model looks at video, but there is none of any speaker: it was run on audio alone');
    } else if (never > 0) {
      warnings.push(`no video of ${never} of ${all} speakers, who were not shown: ${listed(this.#neverSeen)}`);
    }
    if (this.#partlySeen.length > 0) {
      warnings.push(`the video does not cover all of the audio; unseen: ${listed(this.#partlySeen)}`);
    }
    return warnings;
  }
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
