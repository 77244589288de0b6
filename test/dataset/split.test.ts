import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLIC_SPEAKER_TAGS, type SplitOptions, splitConversations } from '../../src/dataset/split.js';

const OPTIONS: SplitOptions = { devShare: 0.25, seed: 7, speakerTags: PUBLIC_SPEAKER_TAGS };

function talk(id: string, one: string, two: string, type = 'Casual') {
  return { id, tags: { speaker_1_actor_id: one, speaker_2_actor_id: two, conversation_type: type } };
}

describe('splitConversations', () => {
  it('keeps together who talked with each other, also through others', () => {
    // a–b–c are one group of two conversations, d–e and f–g one each.
    const { dev, test, groups } = splitConversations(
      [talk('1', 'a', 'b'), talk('2', 'b', 'c'), talk('3', 'd', 'e'), talk('4', 'f', 'g')],
      OPTIONS,
    );
    expect(groups).toBe(3);
    expect([...dev, ...test].sort()).toEqual(['1', '2', '3', '4']);
    expect(dev).toHaveLength(1);
    expect(['3', '4']).toContain(dev[0]);
  });

  it('gives every type its share where the groups permit it', () => {
    const talks = Array.from({ length: 40 }, (_, i) => talk(`${i}`, `a${i}`, `b${i}`, i < 16 ? 'Debate' : 'Casual'));
    expect(splitConversations(talks, OPTIONS).types).toEqual({
      Casual: { dev: 6, test: 18 },
      Debate: { dev: 4, test: 12 },
    });
  });

  it('never lets anybody speak in both parts, and divides equally every time', () => {
    const speaker = fc.integer({ min: 0, max: 30 }).map((n) => `s${n}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(speaker, speaker), { minLength: 2, maxLength: 12 }), fc.nat(), (pairs, seed) => {
        const talks = pairs.map(([one, two], i) => talk(`${i}`, one, two));
        const divide = () => splitConversations(talks, { ...OPTIONS, seed, devShare: 0.4 });
        let parts: ReturnType<typeof divide>;
        try {
          parts = divide();
        } catch (error) {
          expect(String(error)).toContain('cannot be divided');
          return;
        }
        const speakers = (ids: readonly string[]) =>
          new Set(
            talks
              .filter(({ id }) => ids.includes(id))
              .flatMap(({ tags }) => [tags.speaker_1_actor_id, tags.speaker_2_actor_id]),
          );
        const inDev = speakers(parts.dev);
        expect([...speakers(parts.test)].filter((each) => inDev.has(each))).toEqual([]);
        expect(divide()).toEqual(parts);
      }),
      { numRuns: 25 },
    );
  });

  it('says whose speakers are not known, and splits without regard to them when told to', () => {
    const talks = [talk('1', 'a', 'b'), { id: '2', tags: {} }, talk('3', 'c', 'd'), talk('4', 'e', 'f')];
    expect(() => splitConversations(talks, OPTIONS)).toThrow(
      /2: no speaker_1_actor_id and no speaker_2_actor_id in its metadata/,
    );
    expect(splitConversations(talks, { ...OPTIONS, speakerTags: null }).dev).toHaveLength(1);
  });

  it('says that everybody is connected', () => {
    const failure = () => splitConversations([talk('1', 'a', 'b'), talk('2', 'b', 'c')], OPTIONS);
    expect(failure).toThrow(/cannot be divided: one part would be empty/);
  });
});
