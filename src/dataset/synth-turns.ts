/** Who speaks when, drawn at random: turns with mid-turn pauses, overlaps, backchannels and interruptions. */

import type { Segment } from '../core/conversation.js';
import type { Prng } from '../core/prng.js';
import { otherSpeaker, type PerSpeaker, type Speaker } from '../core/speaker.js';

/** Before the first word and after the last, ms. */
const EDGE_MS = 500;

/** Segments per speaker by start, without overlaps within a speaker, times in whole milliseconds. */
export function drawTurns(durationS: number, prng: Prng): PerSpeaker<Segment[]> {
  const between = (low: number, high: number) => Math.round(prng.between(low, high));
  const segments: PerSpeaker<Segment[]> = { 1: [], 2: [] };
  const lastMs = Math.floor(durationS * 1000) - EDGE_MS;
  let speaker: Speaker = prng.float() < 0.5 ? 1 : 2;
  let startMs = EDGE_MS;
  let label = 'Normal Turn';

  for (;;) {
    const other = otherSpeaker(speaker);
    const endsByInterruption = prng.float() < 0.1;
    const parts = 1 + prng.int(4);
    let endMs = startMs;
    for (let part = 0; part < parts; part++) {
      if (part > 0) startMs = endMs + between(200, 1500);
      const last = part === parts - 1;
      const lengthMs = between(last ? 1500 : 600, 3500);
      endMs = startMs + lengthMs;
      if (endMs > lastMs) return segments;
      add(speaker, startMs, endMs, label);
      label = 'Normal Turn';
      if (!last && lengthMs > 2500 && prng.float() < 0.5) {
        const nodMs = startMs + between(900, 1400);
        add(other, nodMs, nodMs + between(250, 600), 'Continuer Backchannel');
      }
    }
    if (endsByInterruption) {
      startMs = endMs - between(300, 800);
      label = 'Floor-taking Competitive Interruption';
    } else {
      startMs = endMs + offsetMs();
    }
    speaker = other;
  }

  function add(who: Speaker, fromMs: number, toMs: number, label: string): void {
    segments[who].push({ startS: fromMs / 1000, endS: toMs / 1000, label });
  }

  /** Around +0.2 s, with overlaps and a long tail. */
  function offsetMs(): number {
    const kind = prng.float();
    if (kind < 0.2) return between(-500, -50);
    if (kind < 0.35) return between(450, 1000) + between(0, 1000);
    return between(50, 200) + between(0, 150);
  }
}
