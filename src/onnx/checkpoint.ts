import { UserError } from '../core/errors.js';
import { openBytes } from './byte-source.js';
import { readSafetensors } from './safetensors.js';
import type { TensorFile } from './tensor-file.js';
import { readTorchCheckpoint } from './torch-checkpoint.js';

const ZIP_SIGNATURE = 'PK';
const HTML = /^\s*</;

/**
 * A checkpoint of either format, told apart by its content: names of downloaded files say little.
 * @throws UserError when the file cannot be read, is of neither kind, or must not be trusted.
 */
export function openCheckpoint(path: string): TensorFile {
  const source = openBytes(path);
  try {
    if (source.length === 0) throw new UserError(`${path} is empty`, { hint: 'download it again' });
    const head = Buffer.from(source.read(0, Math.min(16, source.length), 'the beginning')).toString('latin1');
    if (head.startsWith(ZIP_SIGNATURE)) return readTorchCheckpoint(source);
    if (head[8] === '{') return readSafetensors(source);
    throw new UserError(`${path} is neither a safetensors file nor a PyTorch checkpoint`, {
      hint: HTML.test(head) ? 'it is a web page: download the file itself' : 'download it again, or name another file',
    });
  } catch (error) {
    source.close();
    throw error;
  }
}
