import { UserError } from '../core/errors.js';

/** What was being done with a file or folder, as a verb phrase: "cannot {doing} {path}: …". */
export type FileAction = 'read' | 'write' | 'create folder';

/**
 * A failure of the file system in words a person can act on. Anything that is no such failure is returned as it is,
 * because it is a bug.
 */
export function fileFailure(error: unknown, doing: FileAction, path: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const known = code === undefined ? undefined : REASONS[code];
  if (known === undefined) return error;
  const [reason, hint] = known;
  return new UserError(`cannot ${doing} ${path}: ${reason}`, { hint, cause: error });
}

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['no such file or folder', 'check the path; folders on the way must exist'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'check the path'],
  EISDIR: ['it is a folder, not a file', 'name a file inside it'],
  EEXIST: ['something else is already there', 'choose another name or remove it'],
  ENOTEMPTY: ['a folder of this name is already there', 'choose another name or remove it'],
  EACCES: ['permission denied', 'change its permissions or choose a place that belongs to you'],
  EPERM: ['the system does not permit it', 'change its permissions or choose a place that belongs to you'],
  EROFS: ['the file system is read-only', 'choose a writable place'],
  ENOSPC: ['no space left on the device', 'free some space or choose another disk'],
  EDQUOT: ['the disk quota is used up', 'free some space or choose another disk'],
  EFBIG: ['the file would be larger than the system permits', 'raise the limit on file sizes or split the input'],
  ENAMETOOLONG: ['the name is too long', 'choose a shorter one'],
  ELOOP: ['its symbolic links form a circle', 'mend the links'],
  EMFILE: ['too many files are open', 'raise the limit of open files (ulimit -n)'],
  EBUSY: ['it is in use', 'close the program that holds it and try again'],
  EIO: ['the device reports an error', 'check the disk or the network mount'],
  ERR_STRING_TOO_LONG: ['the file is too large to be read as text', 'split it'],
  ERR_FS_FILE_TOO_LARGE: ['the file is too large to be read at once', 'split it'],
};
