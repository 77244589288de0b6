import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { fileFailure } from '../../src/io/failures.js';

describe('fileFailure', () => {
  it.each([
    ['EACCES', 'permission denied'],
    ['ENOSPC', 'no space left on the device'],
    ['EROFS', 'the file system is read-only'],
    ['ENOTDIR', 'a part of the path is a file, not a folder'],
  ])('turns %s into words, with a hint and the cause', (code, reason) => {
    const cause = Object.assign(new Error('raw'), { code });
    const failure = fileFailure(cause, 'write', 'out/run.json');
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ message: `cannot write out/run.json: ${reason}`, hint: expect.any(String), cause });
  });

  it('passes bugs and user errors through', () => {
    for (const error of [new TypeError('bug'), new UserError('told already'), 'text', undefined]) {
      expect(fileFailure(error, 'read', 'x')).toBe(error);
    }
  });
});
