import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnnotatorTrack } from '../../src/core/conversation.js';
import type { Gold } from '../../src/core/gold.js';
import type { Speaker } from '../../src/core/speaker.js';
import type { Timeline } from '../../src/dataset/assemble.js';
import { buildGold } from '../../src/gold/build.js';
import { DATASETS, miniTimelines, miniTrack, readConversationFile } from './mini-files.js';

interface Row {
  readonly timeline: Timeline;
  readonly tags: Record<string, string>;
  readonly gold: Gold;
}

let rows: Row[] = [];

beforeAll(async () => {
  rows = await Promise.all(
    (await miniTimelines()).map(async (timeline) => {
      const id = timeline.conversation_id;
      const tracks = (speaker: Speaker): Promise<AnnotatorTrack[]> =>
        Promise.all(
          ['a', 'b', 'c'].map(async (annotator) => ({
            annotator,
            segments: (await miniTrack(id, speaker, annotator)).segments,
          })),
        );
      const gold = buildGold({ 1: await tracks(1), 2: await tracks(2) });
      return { timeline, gold, tags: JSON.parse(await readConversationFile(id, 'metadata.json')) };
    }),
  );
});

describe('the bundled data set', () => {
  it('has enough of everything that is scored, and moments on which annotators disagree', () => {
    const count = (size: (gold: Gold) => number) => rows.reduce((sum, { gold }) => sum + size(gold), 0);
    const labels = (label: string) => count((gold) => gold.labels.filter((event) => event.label === label).length);

    expect(count((gold) => gold.eot.positives.length)).toBeGreaterThanOrEqual(60);
    expect(count((gold) => gold.eot.negatives.length)).toBeGreaterThanOrEqual(60);
    expect(count((gold) => gold.eot.excluded.length)).toBeGreaterThanOrEqual(5);
    expect(count((gold) => gold.int.positives.length)).toBeGreaterThanOrEqual(12);
    expect(labels('Backchannel')).toBeGreaterThanOrEqual(25);
    expect(labels('NonFloorTakingInterruption')).toBeGreaterThanOrEqual(8);
  });

  it('has the numbers that its README states', async () => {
    const unpadded = (text: string) => text.replaceAll(/ +/g, ' ');
    const readme = await readFile(new URL('README.md', DATASETS), 'utf8');
    expect(unpadded(readme)).toContain(unpadded(statisticsTable()));
  });
});

/** Its rows: what was said by the time-line, and what became of it in the gold. */
function statisticsTable(): string {
  const cells = rows.map(({ timeline, tags, gold }) => {
    const { events } = timeline;
    const role = (...roles: string[]) => events.filter((event) => roles.includes(event.role)).length;
    const turns = events.filter(({ role }) => ['turn', 'filler', 'continuation', 'interruption'].includes(role));
    const pauses = turns.filter(({ speaker }, i) => turns[i - 1]?.speaker === speaker).length;
    const speech = events.reduce((sum, { start_s, end_s }) => sum + end_s - start_s, 0);
    return {
      name: [timeline.conversation_id, `${tags['conversation_type']}`, `${tags['voice_1']}, ${tags['voice_2']}`],
      numbers: [
        ...[timeline.duration_s, speech, turns.length - pauses, pauses],
        ...[role('interruption'), role('attempt'), role('backchannel')],
      ],
      tasks: [gold.eot, gold.int].map((task) => [task.positives.length, task.negatives.length, task.excluded.length]),
    };
  });
  const total = {
    name: ['', 'all', ''],
    numbers: cells.map(({ numbers }) => numbers).reduce(added),
    tasks: [0, 1].map((task) => cells.map(({ tasks }) => tasks[task] as number[]).reduce(added)),
  };
  const lines = [...cells, total].map(({ name, numbers, tasks }) => {
    const shown = numbers.map((value, i) => (i < 2 ? value.toFixed(1) : String(value)));
    return `| ${[...name, ...shown, ...tasks.map((task) => task.join(' / '))].join(' | ')} |`;
  });
  return lines.join('\n');
}

function added(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + (b[i] as number));
}
