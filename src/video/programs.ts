/** The two programs of ffmpeg, which decode video. They are optional: nothing is started until somebody has to see. */

import { type ChildProcess, spawn } from 'node:child_process';
import { EXIT, messageOf, UserError } from '../core/errors.js';

export type Program = 'ffmpeg' | 'ffprobe';

const INSTALL_HINT =
  'video needs it: install ffmpeg 4.3 or newer (apt install ffmpeg, brew install ffmpeg, winget install ffmpeg), then ' +
  'check with `turnbench doctor`';

/**
 * Version of both programs, as they say it.
 * @throws UserError (exit 5) when one is not installed or does not start, with how to install it.
 */
export async function decoderVersion(): Promise<string> {
  const versions: string[] = [];
  for (const program of ['ffmpeg', 'ffprobe'] as const) {
    const text = await outputOf(program, ['-version']);
    versions.push(text.match(/version (\S+)/)?.[1] ?? 'of unknown version');
  }
  const [ffmpeg, ffprobe] = versions;
  return ffmpeg === ffprobe ? `${ffmpeg}` : `${ffmpeg}, ffprobe ${ffprobe}`;
}

/**
 * Start a program without input, its outputs piped from descriptor 1 on.
 * @param pipes how many outputs, standard error included.
 */
export function start(program: Program, args: readonly string[], pipes: number): ChildProcess {
  return spawn(program, args, {
    stdio: ['ignore', ...new Array<'pipe'>(pipes).fill('pipe')],
    windowsHide: true,
  });
}

/**
 * Everything that a program writes to standard output.
 * @param args the last one is the file that it reads, if any.
 * @param name of that file, for messages.
 * @throws UserError when it is not installed (exit 5), or when it fails.
 */
export async function outputOf(program: Program, args: readonly string[], name?: string): Promise<string> {
  const child = start(program, args, 2);
  let [text, complaint] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (piece) => (text += piece));
  child.stderr!.setEncoding('utf8').on('data', (piece) => (complaint = tail(complaint + piece)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (error) => reject(startFailure(program, error, name)));
    child.on('close', resolve);
  });
  if (code === 0) return text;
  throw new UserError(`${name ?? program}: ${program} fails${said(complaint, args.at(-1), name)}`, {
    hint: name === undefined ? INSTALL_HINT : 'copy or export the video again, or remove it',
  });
}

/** Why a program did not start. @param name of the file that it was to read. */
export function startFailure(program: Program, error: Error, name?: string): UserError {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const why = isMissing ? 'is not installed' : `does not start: ${messageOf(error)}`;
  return new UserError(`${name === undefined ? '' : `${name}: `}${program} ${why}`, {
    hint: INSTALL_HINT,
    exitCode: EXIT.prerequisite,
    cause: error,
  });
}

/** What is kept of a complaint that may go on for ever. */
export function tail(text: string): string {
  return text.slice(-4096);
}

/**
 * The last words of a program, on one line and without addresses in memory: `: Invalid NAL unit size; …`.
 * @param url where it found the file, which is replaced by its name.
 */
export function said(complaint: string, url = '', name = ''): string {
  const lines = complaint
    .replaceAll(`${url}: `, '')
    .replaceAll(url, name)
    .split('\n')
    .map((line) => line.replace(/ @ 0x[0-9a-f]+/g, '').trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? '' : `: ${lines.slice(-2).join('; ')}`;
}
