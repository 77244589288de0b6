/**
 * SubRip annotation tracks: cues whose text starts with the fine label in brackets.
 *
 *   12
 *   00:00:03,120 --> 00:00:05,480
 *   [Normal Turn] so what did you do then
 *
 * Cues stay in file order, because gold construction depends on it. Cue numbers are optional and only used in
 * messages; `,` and `.` both separate milliseconds; the text may have several lines. Cues are separated by empty
 * lines. Every malformed cue is reported; overlapping ones are legal for gold construction and only warned about.
 */

import type { Segment } from '../core/conversation.js';
import { withoutMark } from '../io/text.js';

export interface SrtTrack {
  readonly segments: readonly Segment[];
  /** Cues that could not be read, as `cue 12 (line 47): what is wrong`. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const TIMING = /^\s*(\d+):([0-5]\d):([0-5]\d)[,.](\d{3})\s*-->\s*(\d+):([0-5]\d):([0-5]\d)[,.](\d{3})\s*$/;

interface Block {
  /** Number of the first line in the file, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

interface Cue {
  readonly name: string;
  readonly segment: Segment;
}

/** Read a whole track. Never throws: what cannot be read is in `problems`. */
export function parseSrt(text: string): SrtTrack {
  const cues: Cue[] = [];
  const problems: string[] = [];
  blocksOf(withoutMark(text)).forEach((block, index) => {
    const cue = parseCue(block, index + 1);
    if (typeof cue === 'string') problems.push(cue);
    else cues.push(cue);
  });
  return { segments: cues.map((cue) => cue.segment), problems, warnings: overlapWarnings(cues) };
}

/** Print a track, in the order given. Times are rounded to whole milliseconds; labels must not contain `]`. */
export function formatSrt(segments: readonly Segment[]): string {
  return segments
    .map(({ startS, endS, label, text }, index) => {
      const content = text === undefined ? `[${label}]` : `[${label}] ${text}`;
      return `${index + 1}\n${formatTime(startS)} --> ${formatTime(endS)}\n${content}\n`;
    })
    .join('\n');
}

function blocksOf(text: string): Block[] {
  const blocks: { line: number; lines: string[] }[] = [];
  let open = false;
  text.split(/\r\n|\r|\n/).forEach((content, index) => {
    const blank = content.trim() === '';
    if (!blank && !open) blocks.push({ line: index + 1, lines: [] });
    if (!blank) blocks.at(-1)?.lines.push(content);
    open = !blank;
  });
  return blocks;
}

/** The cue of a block, or what is wrong with it. */
function parseCue({ line, lines }: Block, ordinal: number): Cue | string {
  const first = lines[0] ?? '';
  const numbered = !first.includes('-->');
  const number = /^\s*\d+\s*$/.test(first) ? first.trim() : String(ordinal);
  const name = `cue ${number} (line ${line})`;
  const timing = lines[numbered ? 1 : 0] ?? '';
  if (numbered && !timing.includes('-->')) {
    return `${name}: no line with times: expected '00:00:03,120 --> 00:00:05,480' (no empty lines inside a cue)`;
  }
  if (numbered && number !== first.trim()) return `${name}: expected a cue number, found '${shortened(first)}'`;

  const times = TIMING.exec(timing);
  if (!times) return `${name}: malformed times '${shortened(timing)}': expected '00:00:03,120 --> 00:00:05,480'`;
  const startS = toSeconds(times, 1);
  const endS = toSeconds(times, 5);
  if (endS < startS) return `${name}: ends at ${endS} s, before it starts at ${startS} s: mend or swap the times`;

  const content = lines.slice(numbered ? 2 : 1);
  const intruder = content.findIndex((text) => text.includes('-->'));
  if (intruder >= 0) {
    return `${name}: more times in line ${line + intruder + (numbered ? 2 : 1)}: put an empty line between cues`;
  }
  const [, label, text] = /^\s*\[([^\]\n]+)\](.*)$/s.exec(content.join('\n')) ?? [];
  if (label === undefined || text === undefined) {
    return `${name}: no label: its text must start with the label in brackets, such as [Normal Turn]`;
  }
  const words = text.trim();
  return { name, segment: words === '' ? { startS, endS, label } : { startS, endS, label, text: words } };
}

/** From four groups of a match: whole milliseconds, divided once, are the double nearest to the decimal. */
function toSeconds(match: RegExpExecArray, group: number): number {
  const [hours, minutes] = [Number(match[group]), Number(match[group + 1])];
  return (((hours * 60 + minutes) * 60 + Number(match[group + 2])) * 1000 + Number(match[group + 3])) / 1000;
}

function formatTime(timeS: number): string {
  const total = Math.round(timeS * 1000);
  const parts = [Math.floor(total / 3_600_000), Math.floor(total / 60_000) % 60, Math.floor(total / 1000) % 60];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')},${String(total % 1000).padStart(3, '0')}`;
}

/** One line per track however many cues overlap: some corpora annotate laughter on top of speech throughout. */
function overlapWarnings(cues: readonly Cue[]): string[] {
  const byStart = [...cues].sort((a, b) => a.segment.startS - b.segment.startS);
  const pairs: [earlier: Cue, later: Cue][] = [];
  let furthest: Cue | undefined;
  for (const cue of byStart) {
    if (furthest && cue.segment.startS < furthest.segment.endS) pairs.push([furthest, cue]);
    if (!furthest || cue.segment.endS > furthest.segment.endS) furthest = cue;
  }
  const pair = pairs[0];
  if (!pair) return [];
  const [earlier, later] = pair;
  const more = pairs.length === 1 ? '' : ` (${pairs.length} overlaps in this track)`;
  return [
    `${later.name} starts at ${later.segment.startS} s, before ${earlier.name} ends at ${earlier.segment.endS} s${more}`,
  ];
}

function shortened(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 60 ? `${trimmed.slice(0, 60)}…` : trimmed;
}
