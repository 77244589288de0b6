/** Reads `script.txt`, whose head explains the format. */

import { readFileSync } from 'node:fs';

/**
 * @typedef {{ text: string, filler: boolean }} Part one stretch of speech without a pause
 * @typedef {{ speaker: 1 | 2, kind: string, parts: Part[] }} Line
 * @typedef {Line & { asides: Line[] }} Turn a line that takes the floor, with what the other says meanwhile in vain
 * @typedef {{ id: string, type: string, subject: string, voices: { 1: string, 2: string }, turns: Turn[] }} Conversation
 */

const ASIDES = ['backchannel', 'attempt'];

/** @returns {Conversation[]} */
export function readScript() {
  const conversations = [];
  const text = readFileSync(new URL('script.txt', import.meta.url), 'utf8');
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const head = /^conversation (\S+) (\S+) (\S+) (\S+) (.+)$/.exec(line);
    if (head) {
      const [, id, type, voice1, voice2, subject] = head;
      conversations.push({ id, type, subject, voices: { 1: voice1, 2: voice2 }, turns: [] });
    } else {
      addLine(conversations.at(-1).turns, line);
    }
  }
  return conversations;
}

/** Key of a part in the bank: the voice and what it says. */
export function utteranceId(voice, text) {
  return `${voice}/${text.toLowerCase().replaceAll(' ', '-')}`;
}

function addLine(turns, line) {
  const match = /^([12]) (turn|answer|interruption|attempt|backchannel) +([\w ()|]+)$/.exec(line);
  if (!match) throw new Error(`script.txt: cannot read '${line}'`);
  const speaker = match[1] === '1' ? 1 : 2;
  const spoken = { speaker, kind: match[2], parts: match[3].split(' | ').map(toPart) };
  const before = turns.at(-1);
  if (ASIDES.includes(spoken.kind) || spoken.kind === 'interruption') {
    if (before === undefined || before.speaker === speaker) throw new Error(`script.txt: '${line}' interrupts nobody`);
  }
  if (ASIDES.includes(spoken.kind)) before.asides.push(spoken);
  else turns.push({ ...spoken, asides: [] });
}

function toPart(text) {
  const filler = /^\((.+)\)$/.exec(text);
  return { text: filler ? filler[1] : text, filler: filler !== null };
}
