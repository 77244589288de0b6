import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMessage, MessageReader, StepPacker } from '../../../src/models/bridge/protocol.js';
import { noise } from '../../helpers/samples.js';

describe('messages', () => {
  it('are found in whatever pieces they come', () => {
    const sent = [
      encodeMessage('REDY'),
      encodeMessage('BITS', Buffer.from([1, 0, 1])),
      encodeMessage('FAIL', { a: 1 }),
    ];
    const bytes = Buffer.concat(sent);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sizes) => {
        const reader = new MessageReader();
        const found: string[] = [];
        for (let at = 0, k = 0; at < bytes.length; k++) {
          const size = sizes[k % sizes.length]!;
          reader.push(bytes.subarray(at, at + size));
          at += size;
          for (let message = reader.next(); message; message = reader.next()) {
            found.push(`${message.type} ${message.payload.toString('latin1')}`);
          }
        }
        expect(found).toEqual(['REDY ', 'BITS \u0001\u0000\u0001', 'FAIL {"a":1}']);
      }),
    );
  });

  it.each(['Loading weights', 'BITS\xff\xff\xff\xff', 'STEP\0\0\0\0'])('that are none are quoted: %j', (text) => {
    const reader = new MessageReader();
    reader.push(Buffer.from(text, 'latin1'));
    expect(() => reader.next()).toThrow(`it sent ${JSON.stringify(text)} where a message of the protocol was due`);
  });
});

describe('steps', () => {
  it('are packed one after the other, first the subject, then the other', () => {
    const [subject, other] = [noise(12, 1), noise(12, 2)];
    const packer = new StepPacker(4, 3);
    for (const steps of [3, 1, 2]) {
      const message = packer.pack(subject, other, steps);
      expect(message.toString('latin1', 0, 4)).toBe('STEP');
      expect(message.readUInt32LE(4)).toBe(message.length - 8);
      const expected = Array.from({ length: steps }, (_, i) => [
        ...subject.slice(4 * i, 4 * i + 4),
        ...other.slice(4 * i, 4 * i + 4),
      ]).flat();
      const got = Array.from({ length: (message.length - 8) / 4 }, (_, i) => message.readFloatLE(8 + 4 * i));
      expect(got).toEqual(expected);
    }
  });
});
