/**
 * The policy sweep on the full public grid (101 thresholds × 9 delays × 6 timeouts): 5000 single turns with 15 000
 * silences, as prediction rows; and 38 two-channel conversations of 12 minutes, from levels, with intervals. Processor
 * time, so that a busy machine disturbs less.
 * `npm run build && node bench/policy.mjs`
 */
import { Prng } from '../dist/core/prng.js';
import { LevelWalk } from '../dist/decide/levels.js';
import { buildGold } from '../dist/gold/build.js';
import { evaluatePolicies } from '../dist/policy/evaluate.js';
import { trackOfLevels } from '../dist/policy/floor-score.js';
import { rowsFromTrack } from '../dist/policy/predictions.js';
import { turnSpans } from '../dist/policy/turn-spans.js';
import { evaluateTwoChannel } from '../dist/policy/two-channel.js';
import { FINE_THRESHOLDS } from '../dist/sweep/grid.js';

const TURNS = 5000;
const CONVERSATIONS = 38;
const DURATION_S = 720;
const BUDGET_MS = 5000;
const REPEATS = 5;

const random = new Prng(1);
const turns = Array.from({ length: TURNS }, turn);
const trackOfTurn = turns.map(({ durationS }) => levels(durationS));

let rows = [];
const rowsMs = best(() => {
  rows = turns.flatMap((each, i) => rowsFromTrack(turnSpans(each), trackOfTurn[i]));
});
let single;
const sweepMs = best(() => {
  single = evaluatePolicies(rows);
});
console.log(
  `single turns: ${TURNS} turns, ${single.spans.length} silences, ${rows.length} rows made in ${rowsMs.toFixed(0)} ms; ` +
    `${single.rows.length} policies, points and front in ${sweepMs.toFixed(0)} ms (budget ${BUDGET_MS})`,
);

const conversations = Array.from({ length: CONVERSATIONS }, (_, i) => ({
  id: String(i),
  language: 'en',
  durationS: DURATION_S,
  gold: conversation(),
  tracks: { 1: levels(DURATION_S), 2: levels(DURATION_S) },
}));
let both;
const bothMs = best(() => {
  both = evaluateTwoChannel(conversations, { seed: 1 });
});
console.log(
  `two channels: ${CONVERSATIONS} conversations of ${DURATION_S / 60} min, ${both.all.holds} pauses, ${both.all.ends} ends: ` +
    `both sweeps and intervals in ${bothMs.toFixed(0)} ms (budget ${BUDGET_MS})`,
);

/** One to four pauses of 0.3 to 1.5 s, and 3 s of silence at the end. */
function turn(_, i) {
  const silenceSpans = [];
  let timeS = 0;
  for (let pauses = 1 + random.int(3); pauses > 0; pauses--) {
    const startS = timeS + random.between(0.5, 2);
    timeS = startS + random.between(0.3, 1.5);
    silenceSpans.push({ startS, endS: timeS });
  }
  const startS = timeS + random.between(0.5, 2);
  silenceSpans.push({ startS, endS: startS + 3 });
  return { id: `turn-${i}`, language: 'en', durationS: startS + 3, silenceSpans };
}

/** A score that wanders, as levels of P(floor). */
function levels(durationS) {
  const walk = new LevelWalk(FINE_THRESHOLDS, Math.floor(durationS * 50));
  let p = 0.5;
  walk.push(
    Float64Array.from({ length: walk.track.levels.length }, () => {
      p = Math.min(1, Math.max(0, p + random.normal(0, 0.05)));
      return p;
    }),
  );
  return trackOfLevels(walk.track.levels, FINE_THRESHOLDS);
}

function conversation() {
  const segments = { 1: [], 2: [] };
  let speaker = 1;
  for (let timeS = 1; timeS < DURATION_S - 10; ) {
    const endS = timeS + random.between(1, 6);
    segments[speaker].push({ startS: timeS, endS, label: 'Normal Turn' });
    timeS = endS + random.between(0.2, 1.5);
    if (random.float() < 0.5) speaker = 3 - speaker;
  }
  return buildGold({ 1: [{ annotator: 'a', segments: segments[1] }], 2: [{ annotator: 'a', segments: segments[2] }] });
}

function best(run) {
  let ms = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = processorMs();
    run();
    ms = Math.min(ms, processorMs() - start);
  }
  return ms;
}

function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
