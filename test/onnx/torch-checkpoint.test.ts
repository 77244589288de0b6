import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory, openBytes } from '../../src/onnx/byte-source.js';
import { unpickle } from '../../src/onnx/pickle.js';
import { readTorchCheckpoint } from '../../src/onnx/torch-checkpoint.js';
import { torchHost } from '../../src/onnx/torch-objects.js';
import { type ArchiveEntry, bytes, concat, op, tensorPickle, utf8, zipOf } from './archives.js';

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

function checkpoint(pickle: Uint8Array, storage: Uint8Array = floats(0, 1, 2, 3, 4, 5), extra: ArchiveEntry[] = []) {
  const entries = [{ name: 'x/data.pkl', data: pickle }, { name: 'x/data/0', data: storage }, ...extra];
  return readTorchCheckpoint(bytesInMemory('x.pt', zipOf(entries)));
}

function load(...parts: Uint8Array[]) {
  return unpickle(concat(op.proto(), ...parts), torchHost());
}

describe('readTorchCheckpoint', () => {
  it('reads the same weights however they were saved', () => {
    const open = (name: string) => readTorchCheckpoint(openBytes(`test/fixtures/mimi-tiny/${name}.pt`));
    const plain = open('checkpoint');
    expect(plain.names).toHaveLength(20);
    expect(plain.shape('model1.weight_ih_l0')).toEqual([64, 8]);
    // Extra: optimizer, arguments, random state. Shared: one storage per LSTM on cuda:0, one tensor transposed.
    for (const other of [open('checkpoint-extra'), open('checkpoint-cuda-shared')]) {
      expect(other.names).toEqual(plain.names);
      for (const name of plain.names) {
        expect(other.shape(name)).toEqual(plain.shape(name));
        expect(other.read(name), `${other.file} ${name}`).toEqual(plain.read(name));
      }
    }
  });

  it('honours offset and strides', () => {
    const transposed = checkpoint(tensorPickle('w', { elements: 6, offset: 1, shape: [2, 2], strides: [1, 3] }));
    expect([...transposed.read('w')]).toEqual([1, 4, 2, 5]);
    const part = checkpoint(tensorPickle('w', { elements: 6, offset: 2, shape: [3], strides: [1] }));
    expect([...part.read('w')]).toEqual([2, 3, 4]);
    const scalar = checkpoint(tensorPickle('w', { elements: 6, offset: 5, shape: [], strides: [] }));
    expect([...scalar.read('w')]).toEqual([5]);
  });

  it.each([
    ['a view beyond its storage', { elements: 6, offset: 4, shape: [3], strides: [1] }, /reaches beyond its storage/],
    ['a tensor that repeats a number', { elements: 6, offset: 0, shape: [2 ** 30], strides: [0] }, /reaches beyond/],
    ['a storage of another size', { elements: 7, offset: 0, shape: [7], strides: [1] }, /24 bytes, expected 28/],
    [
      'integer weights',
      { storage: 'LongStorage', elements: 3, offset: 0, shape: [3], strides: [1] },
      /element type I64/,
    ],
    [
      'a storage that leaves the folder',
      { key: '../../../etc/passwd', elements: 6, offset: 0, shape: [6], strides: [1] },
      /no entry/,
    ],
    ['a missing storage', { key: '1', elements: 6, offset: 0, shape: [6], strides: [1] }, /has no entry 'x\/data\/1'/],
  ])('refuses %s', (_, tensor, message) => {
    expect(() => checkpoint(tensorPickle('w', tensor)).read('w')).toThrow(message);
  });

  it('refuses a big-endian file, an archive of something else, and a file without weights', () => {
    const pickle = tensorPickle('w', { elements: 6, offset: 0, shape: [6], strides: [1] });
    const little = { name: 'x/byteorder', data: utf8('little') };
    expect(checkpoint(pickle, undefined, [little]).names).toEqual(['w']);
    expect(() => checkpoint(pickle, undefined, [{ name: 'x/byteorder', data: utf8('big') }])).toThrow(/big-endian/);
    const other = zipOf([{ name: 'word/document.xml', data: utf8('<x/>') }]);
    expect(() => readTorchCheckpoint(bytesInMemory('x.pt', other))).toThrow(/not a PyTorch checkpoint/);
    expect(() =>
      checkpoint(concat(op.proto(), op.emptyDict, op.text('epoch'), op.int(3), op.setItem, op.stop)),
    ).toThrow(expect.objectContaining({ message: 'x.pt holds no state dict', hint: expect.stringContaining('epoch') }));
  });

  it('says so when the file is not a zip archive', () => {
    expect(() => readTorchCheckpoint(bytesInMemory('x.pt', utf8('<html>not found</html>')))).toThrow(
      /not a zip archive/,
    );
  });

  it('says which file a pickle problem is in', () => {
    expect(() => checkpoint(concat(op.proto(), op.global('os', 'system'), op.stop))).toThrow(/^x\.pt: .*'os\.system'/);
  });
});

describe('unpickle', () => {
  const marker = 'test/onnx/hostile-marker';
  // What `pickle.loads` would run: os.system("touch …") and relatives, as exploit generators write them.
  const call = (module: string, name: string, argument: string) => [
    op.global(module, name),
    op.text(argument),
    op.tuple1,
    op.reduce,
    op.stop,
  ];

  it.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['builtins', 'eval'],
    ['builtins', 'exec'],
    ['__builtin__', 'eval'],
    ['builtins', 'getattr'],
    ['subprocess', 'Popen'],
    ['torch', 'load'],
    ['torch.hub', 'load'],
    ['torch._utils', '_rebuild_tensor_v2.__globals__'],
    ['collections', 'OrderedDict.__reduce__'],
    ['__proto__', 'constructor'],
    ['constructor', 'constructor'],
  ])('refuses %s.%s by name and runs nothing', (module, name) => {
    expect(() => load(...call(module, name, `touch ${marker}`))).toThrow(`'${module}.${name}'`);
    expect(existsSync(marker)).toBe(false);
  });

  it.each([
    ['INST', utf8('(ios\nsystem\n.')],
    ['OBJ', utf8('(o.')],
    ['STACK_GLOBAL', concat(op.text('os'), op.text('system'), bytes([1, 0x93]), op.stop)],
    ['EXT1', bytes([1, 0x82], [1, 1], [1, 0x2e])],
    ['NEWOBJ_EX', bytes([1, 0x92], [1, 0x2e])],
    ['DUP', bytes([1, 0x4e], [1, 0x32], [1, 0x2e])],
    ['LONG4', concat(bytes([1, 0x8b], [4, 2 ** 31 - 1]), op.stop)],
    ['BYTEARRAY8', concat(bytes([1, 0x96], [8, 2 ** 50]), op.stop)],
    ['READONLY_BUFFER', bytes([1, 0x98], [1, 0x2e])],
  ])('refuses the opcode %s', (_, program) => {
    expect(() => load(program)).toThrow(/opcode 0x[0-9a-f]{2} at byte \d+/);
  });

  it('refuses other protocols, whose opcodes are not all known', () => {
    expect(() => unpickle(concat(op.proto(4), op.none, op.stop), torchHost())).toThrow(/protocol 4/);
  });

  it('calls nothing that pickled data made', () => {
    expect(() => load(op.text('eval'), op.emptyTuple, op.reduce, op.stop)).toThrow(/no function/);
    expect(() => load(op.emptyDict, op.emptyTuple, op.reduce, op.stop)).toThrow(/no function/);
  });

  it('takes what training code keeps beside weights without keeping it', () => {
    const namespace = [op.global('argparse', 'Namespace'), op.emptyTuple, op.reduce, op.emptyDict, op.build];
    const dict = load(
      op.emptyDict,
      op.text('args'),
      ...namespace,
      op.setItem,
      op.text('n'),
      op.int(-3),
      op.setItem,
      op.stop,
    );
    expect(dict).toEqual(
      new Map<string, unknown>([
        ['args', new Map()],
        ['n', -3],
      ]),
    );
  });

  it('reads integers of any length', () => {
    expect(load(op.long(), op.stop)).toBe(0);
    expect(load(op.long(0xff), op.stop)).toBe(-1);
    expect(load(op.long(0, 1), op.stop)).toBe(256);
    expect(load(op.long(0, 0, 0, 0, 0, 0, 0, 0, 1), op.stop)).toBe(2n ** 64n);
  });

  it('survives objects that contain themselves and nesting without end', () => {
    const list = load(op.emptyList, op.put(0), op.get(0), op.append, op.stop) as unknown[];
    expect(list[0]).toBe(list);
    const opened = new Uint8Array(200_000).fill(0x5d);
    const closed = new Uint8Array(199_999).fill(0x61);
    expect((load(opened, closed, op.stop) as unknown[]).length).toBe(1);
  });

  it('does not grow with a memo that doubles', () => {
    // Each tuple holds the one before twice: 2^5000 leaves for whoever would walk it.
    const doubled = Array.from({ length: 5000 }, (_, i) =>
      concat(op.mark, op.get(i), op.get(i), op.tuple, op.put(i + 1)),
    );
    expect(load(op.none, op.put(0), ...doubled, op.stop)).toHaveLength(2);
    expect(load(op.none, op.put(2 ** 32 - 1), op.stop)).toBeNull();
  });

  it.each([
    ['no end', [op.none]],
    ['an empty stack', [op.stop]],
    ['a text longer than the file', [concat(bytes([1, 0x58], [4, 2 ** 32 - 1]), utf8('x')), op.stop]],
    ['a memo entry that is not there', [op.get(5), op.stop]],
    ['a mark that is not there', [op.none, op.tuple, op.stop]],
    ['items for a text', [op.text('x'), op.none, op.append, op.stop]],
    [
      'a tensor of a number',
      [op.global('torch._utils', '_rebuild_tensor_v2'), op.int(1), op.tuple1, op.reduce, op.stop],
    ],
    ['a persistent id that is no storage', [op.text('file:///etc/passwd'), op.persistent, op.stop]],
    ['text that is not UTF-8', [concat(bytes([1, 0x58], [4, 1]), Uint8Array.of(0xff)), op.stop]],
  ])('refuses %s', (_, program) => {
    expect(() => load(...program)).toThrow(expect.objectContaining({ name: 'UserError' }));
  });

  it('answers any bytes with a value or a located message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (program) => {
        try {
          load(program, op.stop);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
