import { describe, expect, it } from 'vitest';
import type { Conversation, VideoSources } from '../../src/core/conversation.js';
import { SPEAKERS } from '../../src/core/speaker.js';
import { SightNotes } from '../../src/run/sight-notes.js';
import { memoryVideo, timesAt } from '../helpers/video.js';

/** Conversations of 10 s, all of whose video is looked at. */
async function warningsAfter(...videos: readonly VideoSources[]): Promise<string[]> {
  const notes = new SightNotes();
  for (const [i, video] of videos.entries()) {
    const conversation: Conversation = { id: String(i + 1), tags: {}, durationS: 10, video };
    const sighting = notes.watch(conversation);
    for (const speaker of SPEAKERS) {
      const reader = await sighting.video[speaker]?.open({ width: 1, height: 1 });
      await reader?.read(10);
      await reader?.close();
    }
    sighting.done();
  }
  return notes.warnings();
}

const whole = memoryVideo(timesAt(25, 300));
const short = memoryVideo(timesAt(25, 190));

describe('what a run says about video', () => {
  it('is nothing when everybody is seen throughout, give or take half a second', async () => {
    expect(await warningsAfter({ 1: whole, 2: memoryVideo(timesAt(25, 240, 0.05)) })).toEqual([]);
    expect(new SightNotes().warnings()).toEqual([]);
  });

  it('is that there was none', async () => {
    expect(await warningsAfter({}, {})).toEqual([
      'the model looks at video, but there is none of any speaker: it was run on audio alone',
    ]);
  });

  it('is of whom there was none', async () => {
    expect(await warningsAfter({ 1: whole, 2: whole }, { 1: whole })).toEqual([
      'no video of 1 of 4 speakers, who were not shown: 2, speaker 2',
    ]);
  });

  it('is how much is unseen, of the first five', async () => {
    expect(await warningsAfter({ 1: short, 2: whole })).toEqual([
      'the video does not cover all of the audio; unseen: 1, speaker 1 (2.4 of 10.0 s)',
    ]);
    const both = { 1: short, 2: short };
    expect((await warningsAfter(both, both, both))[0]).toMatch(/; 3, speaker 1 \(2\.4 of 10\.0 s\); and 1 more$/);
  });

  it('leaves out conversations that failed', async () => {
    const notes = new SightNotes();
    notes.watch({ id: '1', tags: {}, durationS: 10 });
    expect(notes.warnings()).toEqual([]);
  });
});
