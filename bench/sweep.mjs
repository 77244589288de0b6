/**
 * Sweeps over 38 conversations of 12 minutes: a probability file at 25 Hz at its candidate thresholds (about 600,
 * choosing them included), and floor tracks of 20 ms steps at the 19 uniform thresholds; each with smooth
 * probabilities, as a model answers, and with chattering ones, which cross thresholds all the time.
 * `npm run build && node bench/sweep.mjs`
 */
import { performance } from 'node:perf_hooks';
import { Prng } from '../dist/core/prng.js';
import { floorsFromProbability } from '../dist/decide/floor.js';
import { buildGold } from '../dist/gold/build.js';
import { prepareConversation } from '../dist/score/conversation.js';
import { candidateThresholds } from '../dist/sweep/candidates.js';
import { sweepFloors } from '../dist/sweep/floors.js';
import { UNIFORM_THRESHOLDS } from '../dist/sweep/grid.js';
import { sweepProbabilities } from '../dist/sweep/probabilities.js';

const CONVERSATIONS = 38;
const DURATION_S = 720;
const FRAME_RATE_HZ = 25;
const STEPS_PER_SECOND = 50;
const BUDGET_MS = 1000;
const REPEATS = 7;

const random = new Prng(1);
const worlds = Array.from({ length: CONVERSATIONS }, conversation);

for (const chatter of [0, 0.5]) {
  const kind = chatter ? 'chattering' : 'smooth';
  const probs = worlds.map((turns) => tracks(turns, FRAME_RATE_HZ, chatter));
  const conversations = worlds.map((turns, i) => ({ gold: goldOf(turns), prob: probs[i] }));
  let rows = [];
  const fileMs = best(() => {
    const thresholds = candidateThresholds(probs.flatMap((prob) => [prob[1], prob[2]]));
    rows = sweepProbabilities(conversations, { task: 'int', frameRateHz: FRAME_RATE_HZ, thresholds });
  });
  const middle = rows[rows.length >> 1];
  console.log(
    `probability file, ${kind}: ${rows.length} thresholds in ${fileMs.toFixed(0)} ms (budget ${BUDGET_MS}); ` +
      `recall ${middle.recall.toFixed(3)} at threshold ${middle.threshold.toFixed(3)}`,
  );

  const steps = DURATION_S * STEPS_PER_SECOND;
  const floors = worlds.map((turns) => tracks(turns, STEPS_PER_SECOND, chatter));
  let edges = 0;
  const floorMs = best(() => {
    edges = 0;
    for (const [i, turns] of worlds.entries()) {
      const prepared = prepareConversation(goldOf(turns), steps);
      const perThreshold = {
        1: floorsFromProbability(floors[i][1], UNIFORM_THRESHOLDS),
        2: floorsFromProbability(floors[i][2], UNIFORM_THRESHOLDS),
      };
      for (const counts of sweepFloors(prepared, perThreshold)) edges += counts.flips;
    }
  });
  console.log(
    `floor tracks, ${kind}: ${UNIFORM_THRESHOLDS.length} thresholds, ${edges} edges in ${floorMs.toFixed(0)} ms`,
  );
}

/** Alternating turns of 1 to 8 s with short silences, some with a backchannel of the other. */
function conversation() {
  const turns = { 1: [], 2: [] };
  let speaker = 1;
  for (let timeS = 1; timeS < DURATION_S - 10; ) {
    const endS = timeS + random.between(1, 8);
    const interrupts = random.float() < 0.15;
    const label = interrupts ? 'Floor-taking Competitive Interruption' : 'Normal Turn';
    turns[speaker].push({ startS: interrupts ? timeS - 0.5 : timeS, endS, label });
    if (random.float() < 0.3) {
      turns[3 - speaker].push({ startS: timeS + 0.4, endS: timeS + 0.8, label: 'Continuer Backchannel' });
    }
    timeS = endS + random.between(0.1, 1.2);
    if (random.float() < 0.7) speaker = 3 - speaker;
  }
  return turns;
}

function goldOf(turns) {
  return buildGold({
    1: [{ annotator: 'a', segments: turns[1] }],
    2: [{ annotator: 'a', segments: turns[2] }],
  });
}

function tracks(turns, rateHz, chatter) {
  return { 1: track(turns[1], rateHz, chatter), 2: track(turns[2], rateHz, chatter) };
}

/** A probability that follows the turns with some inertia and noise, or with so much noise that it chatters. */
function track(segments, rateHz, chatter) {
  const target = new Float64Array(DURATION_S * rateHz).fill(0.05);
  for (const { startS, endS, label } of segments) {
    target.fill(label.includes('Backchannel') ? 0.5 : 0.95, Math.round(startS * rateHz), Math.round(endS * rateHz));
  }
  const inertia = Math.exp(-1 / (0.3 * rateHz));
  let level = 0;
  return target.map((goal) => {
    level = inertia * level + (1 - inertia) * (goal + random.normal(0, 0.1));
    return Math.min(1, Math.max(0, level + chatter * (random.float() - 0.5)));
  });
}

function best(run) {
  let ms = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = performance.now();
    run();
    ms = Math.min(ms, performance.now() - start);
  }
  return ms;
}
