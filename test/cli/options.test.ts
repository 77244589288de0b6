import { describe, expect, it } from 'vitest';
import { nonNegativeInteger, positiveInteger } from '../../src/cli/options.js';

describe('whole numbers on the command line', () => {
  it('are taken as they are', () => {
    expect(positiveInteger('12')).toBe(12);
    expect(nonNegativeInteger('0')).toBe(0);
    expect(positiveInteger(String(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each(['0', '-3', '2.5', 'x', '1e20', '9007199254740992'])('that are none, or cannot be recorded: %s', (value) => {
    expect(() => positiveInteger(value)).toThrow('must be a whole number of at least 1.');
  });
});
