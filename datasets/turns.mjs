/**
 * Decides when everything of one conversation is said: script + lengths of the utterances -> time-line. Seeded; all
 * arithmetic in whole milliseconds. What is drawn:
 *
 *   floor-transfer offset  63 % around +0.2 s, 22 % overlaps, 15 % a tail of up to 2 s
 *   mid-turn pause         0.2 to 1.5 s, mostly short
 *   interruption           sets in at 40 to 65 % of the last part of the turn, which breaks off 0.3 to 0.8 s later
 *   attempt                within a part, which goes on regardless
 *   backchannel            around a mid-turn pause, or within a part
 */

import { utteranceId } from './script.mjs';

/**
 * @typedef {{ speaker: 1 | 2, startMs: number, endMs: number, role: string, label: string, utterance: string, gain: number }} SpokenEvent
 *   `endMs` before the utterance's own end means that it breaks off there.
 */

const BACKCHANNEL_LABELS = {
  'um hum': 'Continuer Backchannel',
  yeah: 'Continuer Backchannel',
  okay: 'Acknowledgement Backchannel',
  right: 'Acknowledgement Backchannel',
  'I see': 'Acknowledgement Backchannel',
};
const COMPETITIVE_SHARE = { Argumentative: 0.8 };
/** A speaker never says two things at once, nor so close together that nobody could tell them apart. */
const MIN_OWN_GAP_MS = 300;

/**
 * @param {import('./script.mjs').Conversation} conversation
 * @param {(utterance: string) => number} lengthMs of an utterance of the bank
 * @param {{ between(low: number, high: number): number, float(): number }} prng
 * @returns {{ durationMs: number, events: SpokenEvent[] }} events by start
 */
export function layOut(conversation, lengthMs, prng) {
  const between = (low, high) => Math.round(prng.between(low, high));
  const loudness = { 1: prng.between(0.85, 1.15), 2: prng.between(0.85, 1.15) };
  /** @type {SpokenEvent[]} */
  const events = [];
  let cutMs = Number.POSITIVE_INFINITY;

  conversation.turns.forEach((turn, index) => {
    const parts = place(turn, startOf(turn));
    const next = conversation.turns[index + 1];
    cutMs = Number.POSITIVE_INFINITY;
    if (next?.kind === 'interruption') breakOff(parts.at(-1));
    events.push(...parts);
    for (const aside of turn.asides) events.push(placeAside(aside, parts, next));
  });

  const lastMs = Math.max(...events.map((event) => event.endMs));
  // Whole 20 ms steps, so that the last one is delivered.
  const durationMs = Math.ceil((lastMs + between(800, 1500)) / 20) * 20;
  return { durationMs, events: events.sort((a, b) => a.startMs - b.startMs || a.speaker - b.speaker) };

  function startOf(turn) {
    const before = events.findLast((event) => takesFloor(event));
    if (before === undefined) return between(500, 900);
    if (turn.kind === 'interruption') return cutMs;
    if (turn.speaker === before.speaker) return before.endMs + pauseMs();
    // An overlap covers neither most of what is overlapped nor all of what overlaps.
    const length = lengthMs(utteranceId(conversation.voices[turn.speaker], turn.parts[0].text));
    const most = Math.min(0.4 * (before.endMs - before.startMs), 0.6 * length);
    const own = events.findLast((event) => event.speaker === turn.speaker)?.endMs ?? 0;
    return Math.max(before.endMs + Math.max(offsetMs(), -Math.round(most)), own + MIN_OWN_GAP_MS);
  }

  function place(turn, startMs) {
    const gain = loudness[turn.speaker] * prng.between(0.92, 1.08);
    let clockMs = startMs;
    return turn.parts.map((part, index) => {
      const role = index > 0 ? 'continuation' : turn.kind === 'interruption' ? 'interruption' : 'turn';
      const event = say(
        turn.speaker,
        part.text,
        clockMs,
        gain,
        part.filler ? 'filler' : role,
        labelOf(turn, part, role),
      );
      clockMs = event.endMs + pauseMs();
      return event;
    });
  }

  function say(speaker, text, startMs, gain, role, label) {
    const utterance = utteranceId(conversation.voices[speaker], text);
    const endMs = startMs + lengthMs(utterance);
    return { speaker, startMs, endMs, role, label, utterance, gain: Math.round(gain * 100) / 100 };
  }

  function labelOf(turn, part, role) {
    if (part.filler) return 'Filler';
    if (role === 'interruption') return `Floor-taking ${manner()} Interruption`;
    return turn.kind === 'answer' ? 'Bounded Response' : 'Normal Turn';
  }

  function manner() {
    return prng.float() < (COMPETITIVE_SHARE[conversation.type] ?? 0.4) ? 'Competitive' : 'Cooperative';
  }

  function breakOff(part) {
    const length = part.endMs - part.startMs;
    cutMs = part.startMs + Math.round(length * prng.between(0.4, 0.65));
    part.endMs = Math.min(cutMs + between(300, 800), part.endMs - 150);
  }

  function placeAside(aside, parts, next) {
    const isAttempt = aside.kind === 'attempt';
    const gain = loudness[aside.speaker] * (isAttempt ? 0.95 : prng.between(0.55, 0.75));
    const text = aside.parts[0].text;
    const label = isAttempt
      ? `Non-floor Taking ${manner()} Interruption`
      : (BACKCHANNEL_LABELS[text] ?? 'Reaction Backchannel');
    const first = parts[0].startMs + 500;
    const last = (next?.kind === 'interruption' ? cutMs - MIN_OWN_GAP_MS : parts.at(-1).endMs) - 450;
    for (let trial = 0; trial < 1000; trial++) {
      const startMs = isAttempt || parts.length === 1 || prng.float() < 0.3 ? within(parts) : besidePause(parts);
      const event = say(aside.speaker, text, startMs, gain, aside.kind, label);
      const held = parts.find((part) => part.startMs < startMs - 250 && part.endMs > event.endMs + 250);
      const free = events.every((e) => e.speaker !== aside.speaker || apart(e, event));
      if (startMs < first || event.endMs > last || !free || (isAttempt && !held)) continue;
      if (isAttempt && held.label === 'Normal Turn') held.label = 'Strong Floor Hold';
      return event;
    }
    throw new Error(`conversation ${conversation.id}: no room for '${text}'`);
  }

  function within(parts) {
    const part = parts[Math.floor(prng.float() * parts.length)];
    return part.startMs + Math.round((part.endMs - part.startMs) * prng.between(0.2, 0.9));
  }

  function besidePause(parts) {
    return parts[Math.floor(prng.float() * (parts.length - 1))].endMs + between(-250, 300);
  }

  function offsetMs() {
    const kind = prng.float();
    if (kind < 0.22) return between(-600, -60);
    if (kind < 0.37) return 450 + Math.round(1550 * prng.float() * prng.float());
    return between(-10, 140) + between(-10, 140) + between(-10, 140);
  }

  function pauseMs() {
    return 200 + Math.round(1300 * Math.sqrt(prng.float()) * prng.float());
  }
}

/** Backchannels and attempts are said beside the floor, all else holds it. */
function takesFloor(event) {
  return event.role !== 'backchannel' && event.role !== 'attempt';
}

function apart(a, b) {
  return a.endMs + MIN_OWN_GAP_MS <= b.startMs || b.endMs + MIN_OWN_GAP_MS <= a.startMs;
}
