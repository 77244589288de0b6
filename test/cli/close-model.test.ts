import { afterEach, describe, expect, it, vi } from 'vitest';
import { closeModel } from '../../src/cli/close-model.js';
import type { DiscriminativeModel } from '../../src/core/model.js';

afterEach(() => vi.restoreAllMocks());

function stderrOf(model: Pick<DiscriminativeModel, 'close'> | null, limitS = 30): Promise<string> {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const whole = model && { inputSampleRate: 16_000, reset() {}, step: () => 0 as const, ...model };
  return closeModel('./m.js', whole, limitS).then(() => stderr.mock.calls.map(([text]) => String(text)).join(''));
}

describe('closing a model', () => {
  it('is silent when all goes well, and when there is nothing to close', async () => {
    expect(await stderrOf({ close: async () => {} })).toBe('');
    expect(await stderrOf({})).toBe('');
    expect(await stderrOf(null)).toBe('');
  });

  it.each<[string, () => Promise<void>, string]>([
    [
      'throws',
      () => {
        throw new Error('socket gone');
      },
      'socket gone',
    ],
    ['rejects', () => Promise.reject(new Error('socket gone')), 'socket gone'],
    ['never settles', () => new Promise(() => {}), 'no answer within 0.01 s'],
  ])('that %s is a warning: the numbers are there already', async (_, close, message) => {
    expect(await stderrOf({ close }, 0.01)).toBe(`warning: the model ./m.js did not close: ${message}\n`);
  });
});
