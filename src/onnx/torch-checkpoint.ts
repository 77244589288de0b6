/**
 * PyTorch checkpoints (`torch.save`, zip format since 1.6) without PyTorch: `<prefix>/data.pkl` describes objects, each
 * storage is an entry `<prefix>/data/<key>` of raw little-endian numbers. A tensor is a view of a storage with offset
 * and strides; after training on a GPU all weights of an LSTM are views of one storage. Devices are ignored, storages
 * that no wanted tensor uses (optimizer state) are never read.
 */

import { UserError } from '../core/errors.js';
import type { ByteSource } from './byte-source.js';
import { unpickle } from './pickle.js';
import { elementCount, isFloatType, missingTensor, type TensorFile, toFloat32 } from './tensor-file.js';
import { type TorchStorage, TorchTensor, torchHost } from './torch-objects.js';
import { readZip, type ZipArchive } from './zip.js';

// The pickle of a checkpoint with optimizer state has some kB.
const PICKLE_BYTES_MAX = 32 * 1024 * 1024;
const STORAGE_BYTES_MAX = 2 ** 31 - 1;

/** Where training code commonly puts the state dict. The last resort is that the file is one. */
const STATE_DICT_KEYS = ['model_state_dict', 'state_dict', 'model'];

/**
 * The tensors of the state dict in a checkpoint.
 * @throws UserError when the file is no such checkpoint, is damaged, or names anything but weights in its pickle.
 */
export function readTorchCheckpoint(source: ByteSource): TensorFile {
  const archive = readZip(source);
  const prefix = findPrefix(source, archive);
  requireLittleEndian(source, archive, prefix);
  const root = located(source, () => unpickle(archive.read(`${prefix}data.pkl`, PICKLE_BYTES_MAX), torchHost()));
  const tensors = findTensors(source, root);
  const storages = storageReader(source, archive, prefix);
  const file: TensorFile = {
    file: source.file,
    names: [...tensors.keys()],
    shape: (name) => tensors.get(name)?.shape,
    read(name) {
      const tensor = tensors.get(name);
      if (!tensor) throw missingTensor(file, name);
      return gather(source, name, tensor, storages(tensor.storage));
    },
    close: () => source.close(),
  };
  return file;
}

/** Errors of the pickle reader do not know the file. */
function located<T>(source: ByteSource, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${source.file}: ${error.message}`, { ...(error.hint && { hint: error.hint }), cause: error });
  }
}

function findPrefix(source: ByteSource, archive: ZipArchive): string {
  const found = archive.names.filter((name) => name.split('/').length === 2 && name.endsWith('/data.pkl'));
  if (found.length === 1 && found[0]) return found[0].slice(0, -'data.pkl'.length);
  throw new UserError(`${source.file} is not a PyTorch checkpoint: the archive has no data.pkl`, {
    hint: archive.names.some((name) => name.includes('/code/'))
      ? 'TorchScript files are not supported'
      : 'is it the right file?',
  });
}

function requireLittleEndian(source: ByteSource, archive: ZipArchive, prefix: string): void {
  const entry = `${prefix}byteorder`;
  if (archive.size(entry) === undefined) return;
  const order = new TextDecoder().decode(archive.read(entry, 64));
  if (order !== 'little') throw new UserError(`${source.file} was saved on a ${order}-endian machine: not supported`);
}

function findTensors(source: ByteSource, root: unknown): Map<string, TorchTensor> {
  const candidates = [...STATE_DICT_KEYS.map((key) => (root instanceof Map ? root.get(key) : undefined)), root];
  for (const candidate of candidates) {
    if (!(candidate instanceof Map)) continue;
    const tensors = new Map<string, TorchTensor>();
    for (const [name, value] of candidate) {
      if (typeof name === 'string' && value instanceof TorchTensor) tensors.set(name, value);
    }
    if (tensors.size > 0) return tensors;
  }
  const keys = root instanceof Map ? [...root.keys()].filter((key) => typeof key === 'string') : [];
  throw new UserError(`${source.file} holds no state dict`, {
    hint: `looked for ${STATE_DICT_KEYS.join(', ')}; top-level keys are: ${keys.slice(0, 20).join(', ') || 'none'}`,
  });
}

/** Keeps the last storage: views of one storage are read in a row. */
function storageReader(
  source: ByteSource,
  archive: ZipArchive,
  prefix: string,
): (storage: TorchStorage) => Float32Array {
  let last: { key: string; numbers: Float32Array } | undefined;
  return (storage) => {
    if (last?.key === storage.key) return last.numbers;
    if (!isFloatType(storage.type)) {
      throw new UserError(
        `${source.file}: storage ${storage.key} has element type ${storage.type}, not a floating-point one`,
      );
    }
    const bytes = archive.read(`${prefix}data/${storage.key}`, STORAGE_BYTES_MAX);
    if (bytes.length !== storage.bytes) {
      throw new UserError(
        `${source.file}: storage ${storage.key} has ${bytes.length} bytes, expected ${storage.bytes}`,
        {
          hint: 'the file is damaged: download it again',
        },
      );
    }
    last = { key: storage.key, numbers: toFloat32(bytes, storage.type) };
    return last.numbers;
  };
}

/** Row-major copy of a strided view. */
function gather(source: ByteSource, name: string, tensor: TorchTensor, storage: Float32Array): Float32Array {
  const { shape, strides, offset } = tensor;
  const count = elementCount(shape);
  const lastIndex = shape.reduce((index, size, axis) => index + (size - 1) * (strides[axis] ?? 0), offset);
  if (count > storage.length || (count > 0 && lastIndex >= storage.length)) {
    throw new UserError(`${source.file}: tensor '${name}' reaches beyond its storage`, {
      hint: 'the file is damaged: download it again',
    });
  }
  if (isContiguous(shape, strides)) return storage.slice(offset, offset + count);
  const out = new Float32Array(count);
  const index = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    out[i] = storage[at] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      at += stride;
      index[axis] = (index[axis] ?? 0) + 1;
      if (index[axis] !== shape[axis]) break;
      at -= stride * (shape[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return out;
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis] ?? 1;
  }
  return true;
}
