import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { check } from '../../src/io/validate.js';

const schema = z.strictObject({ tracks: z.array(z.strictObject({ start_s: z.number() })) });

describe('check', () => {
  it('gives back a value that fits', () => {
    expect(check(schema, { tracks: [{ start_s: 1 }] })).toEqual({ ok: true, value: { tracks: [{ start_s: 1 }] } });
  });

  it('names the place of every problem at once', () => {
    const result = check(schema, { tracks: [{ start_s: 1 }, { start_s: 'x' }, {}], more: 1 });
    expect(result).toMatchObject({
      ok: false,
      problems: [
        expect.stringMatching(/^tracks\[1\]\.start_s: /),
        expect.stringMatching(/^tracks\[2\]\.start_s: /),
        expect.stringContaining('"more"'),
      ],
    });
  });
});
