import { describe, expect, it } from 'vitest';
import { ByteFile } from '../../src/audio/byte-file.js';
import { tempFile } from './wav-bytes.js';

describe('a file read by position', () => {
  it('gives what there is, and less at its end', () => {
    const file = new ByteFile(tempFile('four.bin', Uint8Array.of(1, 2, 3, 4)));
    expect([...file.bytes(1, 2)]).toEqual([2, 3]);
    expect([...file.bytes(3, 9)]).toEqual([4]);
    file.close();
  });

  it('that the system cannot read fails with its name and place, not as a bug', () => {
    const file = new ByteFile(tempFile('lost.bin', new Uint8Array(100)));
    // What a disk or a network mount does that goes away: the descriptor is no longer good for anything.
    file.close();
    expect(() => file.bytes(64, 8)).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(() => file.bytes(64, 8)).toThrow('lost.bin: cannot be read at byte 64: EBADF');
  });
});
