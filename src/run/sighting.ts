/** What a run keeps and says of video: of whom there was none, and how much of the audio the rest does not cover. */

import type { Conversation, VideoSources } from '../core/conversation.js';
import { SPEAKERS, speakerKey } from '../core/speaker.js';
import type { ConversationRow, UnseenOnDisk } from '../result/schema.js';
import { SeenSpan, UNSEEN_TOLERANCE_S, watched } from '../video/seen-span.js';

/** One conversation as it is shown to a model. */
export class Sighting {
  /** What to show. */
  readonly video: VideoSources;
  readonly #durationS: number;
  readonly #spans = { 1: new SeenSpan(), 2: new SeenSpan() };

  constructor({ durationS, video: { 1: one, 2: two } = {} }: Conversation) {
    this.#durationS = durationS;
    this.video = {
      ...(one && { 1: watched(one, this.#spans[1]) }),
      ...(two && { 2: watched(two, this.#spans[2]) }),
    };
  }

  /** After all of it was shown. */
  unseenS(): UnseenOnDisk {
    const unseenS = (speaker: 1 | 2) => (this.video[speaker] ? this.#spans[speaker].unseenS(this.#durationS) : null);
    return { speaker_1: unseenS(1), speaker_2: unseenS(2) };
  }
}

/** One sentence each; none when the model did not look. */
export function sightWarnings(rows: readonly ConversationRow[]): string[] {
  const neverSeen: string[] = [];
  const partlySeen: string[] = [];
  let speakers = 0;
  for (const row of rows) {
    if (row.status !== 'ok' || !row.unseen_s) continue;
    for (const speaker of SPEAKERS) {
      const unseenS = row.unseen_s[speakerKey(speaker)];
      const who = `${row.conversation_id}, speaker ${speaker}`;
      speakers++;
      if (unseenS === null) neverSeen.push(who);
      else if (unseenS > UNSEEN_TOLERANCE_S) {
        partlySeen.push(`${who} (${unseenS.toFixed(1)} of ${row.duration_s.toFixed(1)} s)`);
      }
    }
  }
  return [
    ...noVideoWarnings(neverSeen, speakers),
    ...(partlySeen.length > 0 ? [`the video does not cover all of the audio; unseen: ${listed(partlySeen)}`] : []),
  ];
}

function noVideoWarnings(neverSeen: readonly string[], speakers: number): string[] {
  if (neverSeen.length === 0) return [];
  if (neverSeen.length === speakers) {
    return ['the model looks at video, but there is none of any speaker: it was run on audio alone'];
  }
  return [`no video of ${neverSeen.length} of ${speakers} speakers, who were not shown: ${listed(neverSeen)}`];
}

/** Longer lists are not read. */
const MOST_NAMED = 5;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
