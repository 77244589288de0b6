/**
 * The few names that the pickle of a training checkpoint may use, and what they become. Tensors and dicts are read;
 * things that training code commonly keeps beside the weights (arguments, random states, numpy scalars) become an
 * inert marker. Every other name is refused.
 */

import { UserError } from '../core/errors.js';
import { Callable, type PickleHost, type PickleValue } from './pickle.js';

/** Raw numbers in one entry of the archive. A class, like the tensor, so that pickled data cannot pass a look-alike. */
export class TorchStorage {
  readonly key: string;
  /** Element type in the notation of safetensors. */
  readonly type: string;
  readonly bytes: number;

  constructor(key: string, type: string, bytes: number) {
    this.key = key;
    this.type = type;
    this.bytes = bytes;
  }
}

/** A view of a storage, in elements. */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

export function torchHost(): PickleHost {
  return { global: resolve, persistent };
}

const AXES_MAX = 8;

const STORAGES: Readonly<Record<string, readonly [type: string, bytes: number]>> = {
  FloatStorage: ['F32', 4],
  DoubleStorage: ['F64', 8],
  HalfStorage: ['F16', 2],
  BFloat16Storage: ['BF16', 2],
  LongStorage: ['I64', 8],
  IntStorage: ['I32', 4],
  ShortStorage: ['I16', 2],
  CharStorage: ['I8', 1],
  ByteStorage: ['U8', 1],
  BoolStorage: ['BOOL', 1],
};

const INERT = [
  '_codecs encode',
  'argparse Namespace',
  'numpy dtype',
  'numpy ndarray',
  'numpy.core.multiarray _reconstruct',
  'numpy.core.multiarray scalar',
  'numpy._core.multiarray _reconstruct',
  'numpy._core.multiarray scalar',
  'torch Size',
  'torch device',
];

const STORAGE_TYPES = new Map(
  Object.keys(STORAGES).map((name) => [name, new Callable(`torch.${name}`, () => inert())] as const),
);

const GLOBALS = new Map<string, Callable>([
  ['collections OrderedDict', new Callable('collections.OrderedDict', makeDict)],
  ['torch._utils _rebuild_tensor_v2', new Callable('torch._utils._rebuild_tensor_v2', makeTensor)],
  ['torch._utils _rebuild_parameter', new Callable('torch._utils._rebuild_parameter', ([tensor]) => tensor)],
  ...INERT.map((name) => [name, new Callable(name, inert)] as const),
  ...[...STORAGE_TYPES].map(([name, callable]) => [`torch ${name}`, callable] as const),
]);

function resolve(module: string, name: string): Callable {
  const callable = GLOBALS.get(`${module} ${name}`);
  if (callable) return callable;
  throw new UserError(`the pickle names '${module}.${name}', which weights do not need: not read`, {
    hint: 'if the file is yours, save the weights alone with torch.save({"model_state_dict": model.state_dict()}, file); if not, do not trust it',
  });
}

/** Takes keys (of the numpy array of a random state, say) without keeping them. */
function inert(): PickleValue {
  return new Map();
}

function makeDict(args: readonly PickleValue[]): PickleValue {
  if (args.length > 0) throw unexpected('an ordered dict with arguments');
  return new Map();
}

/** `('storage', torch.FloatStorage, key, location, elements)` */
function persistent(id: PickleValue): TorchStorage {
  if (!Array.isArray(id) || id.length < 5 || id[0] !== 'storage') throw unexpected('an unknown persistent id');
  const [, kind, key, , elements] = id;
  const name = [...STORAGE_TYPES].find(([, callable]) => callable === kind)?.[0];
  const layout = name ? STORAGES[name] : undefined;
  if (!layout) throw unexpected('a storage of an unknown type');
  if (typeof key !== 'string' || !isCount(elements)) throw unexpected('a malformed storage');
  return new TorchStorage(key, layout[0], elements * layout[1]);
}

/** `(storage, offset, shape, strides, requires_grad, hooks)` */
function makeTensor(args: readonly PickleValue[]): PickleValue {
  const [storage, offset, shape, strides] = args;
  if (!(storage instanceof TorchStorage) || !isCount(offset)) throw unexpected('a malformed tensor');
  if (!isShape(shape) || !isShape(strides) || shape.length !== strides.length) {
    throw unexpected('a tensor with a malformed shape');
  }
  // Copies: lists stay writable for the rest of the pickle.
  return new TorchTensor(storage, offset, [...shape], [...strides]);
}

function isShape(value: PickleValue): value is number[] {
  return Array.isArray(value) && value.length <= AXES_MAX && value.every(isCount);
}

function isCount(value: PickleValue): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function unexpected(what: string): UserError {
  return new UserError(`the pickle has ${what}`, { hint: 'the file is damaged or no checkpoint of a model' });
}
