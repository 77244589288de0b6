/**
 * What three annotators would have written down: exact truth -> one track per annotator, with the faults of people.
 * Seeded; whole milliseconds. Edges are off by up to 0.1 s, now and then by more; short pauses are run together,
 * neighbouring labels confused, quiet things missed. About one event in twenty-five is a difficult moment, where no two
 * of them need agree: such moments become the excluded intervals of the gold.
 */

/** [label, taken for, probability]. The last four cross the classes of the gold. */
const CONFUSIONS = [
  ['Normal Turn', 'Regular Turn', 0.15],
  ['Normal Turn', 'Overlap', 0.02],
  ['Bounded Response', 'Normal Turn', 0.25],
  ['Strong Floor Hold', 'Normal Turn', 0.4],
  ['Filler', 'Normal Turn', 0.15],
  ['Acknowledgement Backchannel', 'Continuer Backchannel', 0.2],
  ['Continuer Backchannel', 'Acknowledgement Backchannel', 0.25],
  ['Reaction Backchannel', 'Acknowledgement Backchannel', 0.2],
  ['Floor-taking Competitive Interruption', 'Floor-taking Cooperative Interruption', 0.2],
  ['Floor-taking Cooperative Interruption', 'Floor-taking Competitive Interruption', 0.2],
  ['Non-floor Taking Competitive Interruption', 'Non-floor Taking Cooperative Interruption', 0.25],
  ['Non-floor Taking Cooperative Interruption', 'Non-floor Taking Competitive Interruption', 0.25],
  ['Acknowledgement Backchannel', 'Bounded Response', 0.06],
  ['Floor-taking Cooperative Interruption', 'Normal Turn', 0.08],
  ['Non-floor Taking Cooperative Interruption', 'Acknowledgement Backchannel', 0.06],
  ['Non-floor Taking Competitive Interruption', 'Floor-taking Competitive Interruption', 0.06],
];

/** Habits: how early starts and how late ends are put, and how often an edge is far off. */
const ANNOTATORS = { a: { widenMs: 0, slip: 0.02 }, b: { widenMs: 25, slip: 0.03 }, c: { widenMs: -10, slip: 0.07 } };

const MISSED = { backchannel: 0.06, attempt: 0.06, filler: 0.04 };
const DIFFICULT = 0.04;
/** Between two cues of one track, whatever the jitter did to them. */
const MIN_GAP_MS = 10;

/**
 * @typedef {{ startMs: number, endMs: number, label: string, text: string }} Cue
 * @param {readonly (import('./turns.mjs').SpokenEvent & { text: string })[]} events of one speaker, by start
 * @param {number} durationMs
 * @param {{ between(low: number, high: number): number, float(): number }} prng
 * @returns {{ a: Cue[], b: Cue[], c: Cue[] }} by start, without overlaps
 */
export function annotate(events, durationMs, prng) {
  const marked = events.map((event) => ({ ...event, difficult: prng.float() < DIFFICULT }));
  return { a: track('a'), b: track('b'), c: track('c') };

  function track(annotator) {
    const { widenMs, slip } = ANNOTATORS[annotator];
    const cues = [];
    for (const event of marked) {
      if (prng.float() < (event.difficult ? 0.35 : (MISSED[event.role] ?? 0.008))) continue;
      const startMs = event.startMs - widenMs + jitterMs(event.difficult ? 0.6 : slip);
      const endMs = event.endMs + widenMs + jitterMs(event.difficult ? 0.6 : slip);
      const before = cues.at(-1);
      if (event.role === 'continuation' && before && runsTogether(startMs - before.endMs)) {
        before.endMs = endMs;
        before.text += ` ${event.text}`;
      } else {
        cues.push({ startMs, endMs, label: perceived(event.label), text: event.text });
      }
    }
    return separate(cues);
  }

  function jitterMs(slip) {
    const near = prng.between(-30, 30) + prng.between(-30, 30);
    const far = prng.float() < slip ? prng.between(110, 320) * (prng.float() < 0.5 ? -1 : 1) : 0;
    return Math.round(near + far);
  }

  function runsTogether(gapMs) {
    return prng.float() < (gapMs < 180 ? 0.6 : gapMs < 300 ? 0.2 : gapMs < 500 ? 0.05 : 0);
  }

  function perceived(label) {
    const draw = prng.float();
    let sum = 0;
    for (const [from, to, probability] of CONFUSIONS) {
      if (from !== label) continue;
      sum += probability;
      if (draw < sum) return to;
    }
    return label;
  }

  /** Cues in order, inside the conversation, meeting in the middle where jitter made them overlap. */
  function separate(cues) {
    cues.sort((a, b) => a.startMs - b.startMs);
    cues.forEach((cue, index) => {
      const next = cues[index + 1];
      cue.startMs = Math.max(cue.startMs, 0);
      cue.endMs = Math.min(cue.endMs, durationMs);
      if (next === undefined || cue.endMs + MIN_GAP_MS <= next.startMs) return;
      const middleMs = Math.round((cue.endMs + next.startMs) / 2);
      cue.endMs = middleMs - MIN_GAP_MS / 2;
      next.startMs = middleMs + MIN_GAP_MS / 2;
    });
    return cues;
  }
}
