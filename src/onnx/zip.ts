/**
 * Reading zip archives of unknown origin (APPNOTE 6.3: stored and deflated entries, zip64). Nothing is ever written
 * to disk: entries are looked up by name and returned as bytes. Refused are names that would leave a folder,
 * duplicate names, encrypted entries, sizes that lie, and entries that expand implausibly.
 */

import { crc32, inflateRawSync } from 'node:zlib';
import { UserError } from '../core/errors.js';
import type { ByteSource } from './byte-source.js';
import { readDirectory, type ZipEntry } from './zip-directory.js';

/** Weights are nearly incompressible; an entry that grows more than this is a bomb, not a checkpoint. */
const EXPANSION_MAX = 32;
const EXPANSION_FREE_BYTES = 1024 * 1024;

const LOCAL_HEADER_BYTES = 30;
const LOCAL_SIGNATURE = 0x04034b50;

export interface ZipArchive {
  readonly names: readonly string[];
  /** Uncompressed bytes, as declared. Absent when there is no such entry. */
  size(name: string): number | undefined;
  /**
   * The whole entry.
   * @param bytesMax refuse larger entries before anything is allocated.
   * @throws UserError when it is missing, too large or damaged.
   */
  read(name: string, bytesMax: number): Uint8Array;
}

/** @throws UserError when the bytes are not a zip archive, or one that must not be trusted. */
export function readZip(source: ByteSource): ZipArchive {
  const entries = new Map<string, ZipEntry>();
  for (const entry of readDirectory(source)) {
    if (!isPlainName(entry.name))
      throw bad(source, `holds an entry with the unsafe name ${JSON.stringify(entry.name)}`);
    if (entries.has(entry.name)) throw bad(source, `holds two entries named '${entry.name}'`);
    entries.set(entry.name, entry);
  }
  return {
    names: [...entries.keys()],
    size: (name) => entries.get(name)?.size,
    read(name, bytesMax) {
      const entry = entries.get(name);
      if (!entry) throw bad(source, `has no entry '${name}'`);
      if (entry.size > bytesMax) {
        throw bad(source, `declares ${entry.size} bytes for '${name}', more than the ${bytesMax} that are plausible`);
      }
      return readEntry(source, entry);
    },
  };
}

function readEntry(source: ByteSource, entry: ZipEntry): Uint8Array {
  const { name, size, compressedSize } = entry;
  const compressed = source.read(dataOffset(source, entry), compressedSize, `the entry '${name}'`);
  if (entry.method === 'stored' && size !== compressedSize) throw bad(source, `has two sizes for '${name}'`);
  if (size > EXPANSION_FREE_BYTES && size > EXPANSION_MAX * compressedSize) {
    throw bad(source, `expands '${name}' from ${compressedSize} to ${size} bytes`);
  }
  const bytes = entry.method === 'stored' ? compressed : inflate(source, entry, compressed);
  if (crc32(bytes) !== entry.crc32) throw bad(source, `has a wrong checksum for '${name}'`);
  return bytes;
}

function inflate(source: ByteSource, entry: ZipEntry, compressed: Uint8Array): Uint8Array {
  let bytes: Uint8Array;
  try {
    // One byte of slack shows whether there is more than was declared.
    bytes = inflateRawSync(compressed, { maxOutputLength: entry.size + 1 });
  } catch (cause) {
    throw bad(source, `cannot be expanded at '${entry.name}'`, cause);
  }
  if (bytes.length !== entry.size) throw bad(source, `has a wrong size for '${entry.name}'`);
  // A copy with a buffer of its own, so that views of other element types are aligned.
  return new Uint8Array(bytes);
}

/** The local header repeats the name; lengths of name and extra field are its own. */
function dataOffset(source: ByteSource, entry: ZipEntry): number {
  const what = `the header of entry '${entry.name}'`;
  const header = new DataView(source.read(entry.headerOffset, LOCAL_HEADER_BYTES, what).buffer);
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE) throw bad(source, `has no header for '${entry.name}'`);
  const nameLength = header.getUint16(26, true);
  const name = source.read(entry.headerOffset + LOCAL_HEADER_BYTES, nameLength, what);
  if (new TextDecoder().decode(name) !== entry.name) throw bad(source, `has two names for '${entry.name}'`);
  return entry.headerOffset + LOCAL_HEADER_BYTES + nameLength + header.getUint16(28, true);
}

/** Relative, forward slashes, no `.` or `..` part, no control characters. */
function isPlainName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (name === '' || /[\u0000-\u001f\\:]/.test(name) || name.startsWith('/')) return false;
  return name.split('/').every((part) => part !== '..' && part !== '.');
}

function bad(source: ByteSource, what: string, cause?: unknown): UserError {
  return new UserError(`${source.file} ${what}`, {
    hint: 'the archive is damaged or not what it claims to be: download it again from its publisher',
    cause,
  });
}
