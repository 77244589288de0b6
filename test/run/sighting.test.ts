import { describe, expect, it } from 'vitest';
import type { Conversation, VideoSources } from '../../src/core/conversation.js';
import { SPEAKERS } from '../../src/core/speaker.js';
import type { ConversationRow } from '../../src/result/schema.js';
import { Sighting, sightWarnings } from '../../src/run/sighting.js';
import { memoryVideo, timesAt } from '../helpers/video.js';

/** A conversation of 10 s, all of whose video is looked at. */
async function shown(id: string, video: VideoSources): Promise<ConversationRow> {
  const conversation: Conversation = { id, tags: {}, durationS: 10, video };
  const sighting = new Sighting(conversation);
  for (const speaker of SPEAKERS) {
    const reader = await sighting.video[speaker]?.open({ width: 1, height: 1 });
    await reader?.read(10);
    await reader?.close();
  }
  const row = { conversation_id: id, status: 'ok', duration_s: 10, unseen_s: sighting.unseenS() };
  return row as ConversationRow;
}

async function warningsAfter(...videos: readonly VideoSources[]): Promise<string[]> {
  return sightWarnings(await Promise.all(videos.map((video, i) => shown(String(i + 1), video))));
}

const whole = memoryVideo(timesAt(25, 300));
const short = memoryVideo(timesAt(25, 190));

describe('what a run keeps of video', () => {
  it('is how long each speaker was unseen, and who has no video', async () => {
    const { unseen_s } = (await shown('1', { 1: short })) as Extract<ConversationRow, { status: 'ok' }>;
    expect(unseen_s).toEqual({ speaker_1: expect.closeTo(2.4, 9), speaker_2: null });
  });
});

describe('what a run says about video', () => {
  it('is nothing when everybody is seen throughout, give or take half a second', async () => {
    expect(await warningsAfter({ 1: whole, 2: memoryVideo(timesAt(25, 240, 0.05)) })).toEqual([]);
  });

  it('is nothing when the model did not look, or the conversation failed', () => {
    const heard = { conversation_id: '1', status: 'ok', duration_s: 10 } as ConversationRow;
    expect(sightWarnings([heard, { conversation_id: '2', status: 'failed', error: '', hint: null }])).toEqual([]);
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
});
