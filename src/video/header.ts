/** What a video file says about itself before anything is decoded. */

import { UserError } from '../core/errors.js';
import { parseJson } from '../io/json.js';
import { outputOf } from './programs.js';

export interface VideoHeader {
  /** When the last frame is over, s on the clock of the file; undefined where the file does not say. */
  readonly endS: number | undefined;
}

/** Fields of `ffprobe -of json` that are asked for. */
interface Probed {
  readonly streams?: readonly {
    readonly start_time?: string;
    readonly duration?: string;
    readonly tags?: { readonly DURATION?: string };
  }[];
}

const FIELDS = 'stream=start_time,duration:stream_tags=DURATION';

/**
 * Of the first stream of moving pictures; a picture of the album is none.
 * @param url as `fileUrl` makes it.
 * @param name of the file, for messages.
 * @throws UserError when ffprobe is not installed (exit 5), or when the file is unreadable or shows nothing.
 */
export async function readVideoHeader(url: string, name: string): Promise<VideoHeader> {
  const args = ['-v', 'error', ...ONLY_FILES, '-select_streams', 'V:0', '-show_entries', FIELDS, '-of', 'json', url];
  const { streams } = parseJson(await outputOf('ffprobe', args, name), name) as Probed;
  const [stream] = streams ?? [];
  if (stream) return { endS: endOf(stream) };
  throw new UserError(`${name}: there is no video in it`, { hint: 'remove the file, or export the video again' });
}

/** A playlist that calls itself a video must not make the decoder open addresses on a network. */
export const ONLY_FILES = ['-protocol_whitelist', 'file'] as const;

/** A path that is taken for nothing but a path, whatever characters it has. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

type Stream = NonNullable<Probed['streams']>[number];

/** MP4, MOV and AVI state how long the stream lasts, Matroska and WebM when it ends (`00:00:04.500000000`). */
function endOf({ start_time, duration, tags }: Stream): number | undefined {
  const lasts = Number(duration);
  if (lasts > 0) return Number(start_time ?? 0) + lasts;
  const [hours, minutes, seconds] = (tags?.DURATION ?? '').split(':').map(Number);
  const ends = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return ends > 0 ? ends : undefined;
}
