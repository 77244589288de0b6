import { readdir, readFile, stat } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { Prng, seedOf } from '../../src/core/prng.js';
import { SPEAKERS } from '../../src/core/speaker.js';
import type { SpokenEvent, Timeline } from '../../src/dataset/assemble.js';
import { formatSrt } from '../../src/dataset/srt.js';
import { LABEL_VIEW } from '../../src/gold/labels.js';
import { DATASETS, miniTimelines, miniTrack, readConversationFile } from './mini-files.js';

const BANK = new URL('mini/bank/', DATASETS);

let timelines: Timeline[] = [];
let lengthS: (utterance: string) => number;

beforeAll(async () => {
  timelines = await miniTimelines();
  const index = JSON.parse(await readFile(new URL('index.json', BANK), 'utf8'));
  lengthS = (utterance) => index.utterances[utterance].samples / index.sample_rate_hz;
});

describe('the committed files of the bundled data set', () => {
  it('keep the bank of utterances under 5 MB', async () => {
    const files = await readdir(BANK);
    const sizes = await Promise.all(files.map(async (file) => (await stat(new URL(file, BANK))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5e6);
  });

  it('are what their generator makes of the script', async () => {
    const generator = new URL('make-timelines.mjs', DATASETS).href;
    const { conversationFiles } = await import(/* @vite-ignore */ generator);
    const files: Map<string, string> = conversationFiles((name: string) => new Prng(seedOf(name)), formatSrt);

    expect(files.size).toBe(6 * 8);
    for (const [path, text] of files) {
      const [id = '', name = ''] = path.split('/');
      expect(await readConversationFile(id, name), path).toBe(text);
    }
  });
});

describe('the time-lines', () => {
  it('are six conversations of 60 to 120 s in whole steps of 20 ms', () => {
    expect(timelines.map((timeline) => timeline.conversation_id)).toEqual(['1', '2', '3', '4', '5', '6']);
    for (const { duration_s } of timelines) {
      expect(duration_s).toBeGreaterThanOrEqual(60);
      expect(duration_s).toBeLessThanOrEqual(120);
      expect(Number.isInteger(Math.round(duration_s * 1000) / 20)).toBe(true);
    }
  });

  it('let nobody say two things at once, nor speak before the start or after the end', () => {
    for (const { duration_s, events } of timelines) {
      for (const speaker of SPEAKERS) {
        const own = events.filter((event) => event.speaker === speaker);
        const gaps = own.map(({ start_s }, i) => start_s - (own[i - 1]?.end_s ?? 0));
        expect(Math.min(...gaps)).toBeGreaterThan(0.15);
        expect(own.at(-1)?.end_s).toBeLessThan(duration_s - 0.5);
      }
    }
  });

  it('play every utterance to its end, except those of a speaker who yields', () => {
    for (const { events } of timelines) {
      const brokenOff = events.filter(
        (event) => Math.abs(event.end_s - event.start_s - lengthS(event.utterance)) > 1e-6,
      );
      const interruptions = events.filter(({ role }) => role === 'interruption');

      expect(brokenOff).toHaveLength(interruptions.length);
      for (const { speaker, start_s } of interruptions) {
        const yielding = brokenOff.find((event) => event.start_s < start_s && start_s < event.end_s);
        expect(yielding?.speaker).toBe(speaker === 1 ? 2 : 1);
        expect(Number(yielding?.end_s) - start_s).toBeGreaterThan(0.2);
        expect(Number(yielding?.end_s) - start_s).toBeLessThan(0.81);
      }
    }
  });

  it('place attempts and backchannels beside a turn of the other that goes on', () => {
    for (const { events } of timelines) {
      for (const aside of events.filter((event) => !takesFloor(event))) {
        const floor = events.filter((event) => takesFloor(event) && event.speaker !== aside.speaker);
        expect(floor.some((event) => event.start_s < aside.start_s)).toBe(true);
        expect(floor.some((event) => event.end_s > aside.end_s)).toBe(true);
        const over = floor.filter((event) => event.start_s < aside.start_s && event.end_s > aside.end_s);
        if (aside.role === 'attempt') expect(over).toHaveLength(1);
      }
    }
  });

  it('hand the floor over around +0.2 s, with overlaps and a long tail, and pause for 0.2 to 1.5 s within turns', () => {
    const { offsets, pauses } = transitions(timelines);

    expect(quantile(offsets, 0.5)).toBeGreaterThan(0.15);
    expect(quantile(offsets, 0.5)).toBeLessThan(0.25);
    const overlaps = offsets.filter((offset) => offset < 0).length / offsets.length;
    expect(overlaps).toBeGreaterThan(0.15);
    expect(overlaps).toBeLessThan(0.4);
    expect(quantile(offsets, 0)).toBeGreaterThan(-0.7);
    expect(quantile(offsets, 0.9)).toBeGreaterThan(0.5);
    expect(quantile(offsets, 1)).toBeLessThan(2.1);

    expect(pauses.length).toBeGreaterThan(100);
    expect(quantile(pauses, 0)).toBeGreaterThanOrEqual(0.2);
    expect(quantile(pauses, 1)).toBeLessThanOrEqual(1.5);
    expect(pauses.filter((pause) => pause > 0.7).length).toBeGreaterThan(30);
  });
});

describe('the annotator tracks', () => {
  it('are well-formed, in order, without overlaps, inside the conversation, with labels that the gold knows', async () => {
    for (const { conversation_id: id, duration_s } of timelines) {
      for (const speaker of SPEAKERS) {
        for (const annotator of ['a', 'b', 'c']) {
          const { segments, problems, warnings } = await miniTrack(id, speaker, annotator);
          expect([...problems, ...warnings]).toEqual([]);
          expect(segments.length).toBeGreaterThan(10);
          segments.forEach(({ startS, endS, label }, i) => {
            expect(startS).toBeGreaterThanOrEqual(segments[i - 1]?.endS ?? 0);
            expect(endS - startS).toBeGreaterThan(0.05);
            expect(endS).toBeLessThanOrEqual(duration_s);
            expect(LABEL_VIEW.has(label), label).toBe(true);
          });
        }
      }
    }
  });

  it('mostly stay within 0.1 s of the truth, but not always', async () => {
    const errors: number[] = [];
    for (const { conversation_id: id, events } of timelines) {
      for (const speaker of SPEAKERS) {
        const truth = events.filter((event) => event.speaker === speaker);
        for (const annotator of ['a', 'b', 'c']) {
          for (const { startS } of (await miniTrack(id, speaker, annotator)).segments) {
            errors.push(Math.min(...truth.map(({ start_s }) => Math.abs(start_s - startS))));
          }
        }
      }
    }
    const within = errors.filter((error) => error <= 0.1).length / errors.length;
    expect(within).toBeGreaterThan(0.9);
    expect(within).toBeLessThan(0.99);
  });
});

function takesFloor({ role }: SpokenEvent): boolean {
  return role !== 'backchannel' && role !== 'attempt';
}

/** Time from the end of one stretch of floor-holding speech to the start of the next, by who speaks next. */
function transitions(conversations: readonly Timeline[]): { offsets: number[]; pauses: number[] } {
  const offsets: number[] = [];
  const pauses: number[] = [];
  for (const { events } of conversations) {
    const floor = events.filter(takesFloor);
    floor.forEach((event, i) => {
      const before = floor[i - 1];
      if (!before || event.role === 'interruption') return;
      const list = event.speaker === before.speaker ? pauses : offsets;
      list.push(Math.round((event.start_s - before.end_s) * 1000) / 1000);
    });
  }
  return { offsets, pauses };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * q)] as number;
}
