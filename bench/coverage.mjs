/**
 * How often 95 % intervals contain the truth: 2000 simulated data sets per statistic and size, each with conversations
 * that differ in length and difficulty, each with resamples of its own. The truth is the same statistic of a great many
 * conversations. A last table asks how often two runs that are equally good get a verdict.
 * `npm run build && node bench/coverage.mjs [DATA SETS]`
 */
import { Prng } from '../dist/core/prng.js';
import { bootstrapInterval, drawResamples, estimate } from '../dist/stats/bootstrap.js';
import { pairedDifference } from '../dist/stats/paired.js';
import { differenceOf, pooledPercentiles, ratioOfSums } from '../dist/stats/statistic.js';

const DATA_SETS = Number(process.argv[2] ?? 2000);
const SIZES = [38, 12, 6];
const TRUTH_CONVERSATIONS = 20_000;
const METHODS = ['expanded', 'percentile', 'bca'];
const GOAL = [0.93, 0.97];

/** Per kind of statistic: a conversation, and the statistic of a list of them. */
const KINDS = {
  'rate, 0.85': rateKind(1.7, 0.8),
  'rate, 0.97': rateKind(3.5, 1),
  'rate, 0.05, few spans': rateKind(-3.3, 0.9, 12),
  'events per hour': {
    draw: (random) => [Math.round(Math.exp(random.normal(1, 0.9))), random.between(0.1, 0.3)],
    statistic: (list) =>
      ratioOfSums(
        list.map(([events]) => events),
        list.map(([, hours]) => hours),
      ),
  },
  'latency p10': percentileKind(0.1),
  'latency p50': percentileKind(0.5),
  'latency p90': percentileKind(0.9),
  'paired rate': pairedRateKind(-0.25),
  'paired p50': {
    draw: (random) => {
      const shift = random.normal(0, 0.25);
      return [latencies(random, shift), latencies(random, shift + random.normal(0.1, 0.1))];
    },
    statistic: (list) =>
      differenceOf(
        ...[0, 1].map(
          (run) =>
            pooledPercentiles(
              list.map((pair) => pair[run]),
              [0.5],
            )[0],
        ),
      ),
  },
};

console.log(`share of ${DATA_SETS} data sets whose 95 % interval contains the truth (below it, above it)`);
for (const [name, kind] of Object.entries(KINDS)) {
  const truth = truthOf(kind);
  for (const size of SIZES) {
    const found = METHODS.map((method) => ({ method, below: 0, above: 0, none: 0 }));
    eachDataSet(kind, size, (resamples, statistic) => {
      for (const tally of found) {
        const interval = bootstrapInterval(resamples, statistic, tally.method);
        if (!interval) tally.none++;
        else if (interval[1] < truth) tally.below++;
        else if (interval[0] > truth) tally.above++;
      }
    });
    const cells = found.map(({ method, below, above, none }) => {
      const total = DATA_SETS - none;
      const covered = (total - below - above) / total;
      const mark = size === SIZES[0] && (covered < GOAL[0] || covered > GOAL[1]) ? ' outside the goal' : '';
      return `${method} ${percent(covered)} (${percent(below / total)}, ${percent(above / total)})${mark}`;
    });
    console.log(`  ${name.padEnd(24)}${String(size).padStart(3)}  ${cells.join('  ')}`);
  }
}

console.log('share of pairs of equally good runs that get a verdict (should be at most 5 %)');
for (const size of SIZES) {
  const verdicts = METHODS.map(() => 0);
  eachDataSet(pairedRateKind(0), size, (resamples, _difference, list) => {
    const runs = [0, 1].map((run) => onceEach(runOf(list, run)));
    for (const [i, method] of METHODS.entries()) {
      if (pairedDifference(resamples, ...runs, 'higher', method).verdict !== 'no evidence') verdicts[i]++;
    }
  });
  const cells = METHODS.map((method, i) => `${method} ${percent(verdicts[i] / DATA_SETS)}`);
  console.log(`  ${String(size).padStart(3)}  ${cells.join('  ')}`);
}

/** Hits of turns, difficulties normal in log-odds: conversations share it. */
function rateKind(logOdds, spread, turns = 40) {
  return {
    draw: (random) => {
      const count = turnsOf(random, turns);
      return [binomial(random, count, sigmoid(random.normal(logOdds, spread))), count];
    },
    statistic: (list) =>
      ratioOfSums(
        list.map(([hits]) => hits),
        list.map(([, count]) => count),
      ),
  };
}

/** Two runs on the same turns; conversations that are hard for one are hard for the other. */
function pairedRateKind(worse) {
  return {
    draw: (random) => {
      const count = turnsOf(random, 40);
      const logOdds = random.normal(1.7, 0.8);
      const hits = [0, worse].map((shift) => binomial(random, count, sigmoid(random.normal(logOdds + shift, 0.2))));
      return [...hits, count];
    },
    statistic: (list) => differenceOf(runOf(list, 0), runOf(list, 1)),
  };
}

function runOf(list, run) {
  return ratioOfSums(
    list.map((pair) => pair[run]),
    list.map(([, , count]) => count),
  );
}

function percentileKind(level) {
  return {
    draw: (random) => latencies(random, random.normal(0, 0.3)),
    statistic: (list) => pooledPercentiles(list, [level])[0],
  };
}

/** Log-normal, ms, around a centre of the conversation. */
function latencies(random, shift) {
  return Array.from({ length: turnsOf(random, 40) }, () => Math.exp(random.normal(5.8 + shift, 0.6)));
}

function turnsOf(random, typical) {
  return 1 + Math.round(Math.exp(random.normal(Math.log(typical), 0.5)));
}

function binomial(random, count, probability) {
  let hits = 0;
  for (let i = 0; i < count; i++) if (random.float() < probability) hits++;
  return hits;
}

function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

function truthOf({ draw, statistic }) {
  const random = new Prng(0);
  const list = Array.from({ length: TRUTH_CONVERSATIONS }, () => draw(random));
  return estimate(list.length, statistic(list));
}

function eachDataSet({ draw, statistic }, size, check) {
  for (let seed = 1; seed <= DATA_SETS; seed++) {
    const random = new Prng(seed * 1000 + size);
    const list = Array.from({ length: size }, () => draw(random));
    check(drawResamples(size, seed), onceEach(statistic(list)), list);
  }
}

/** Computed once for each resample, for all methods. */
function onceEach(statistic) {
  const values = new Map();
  return (weights) => {
    if (!values.has(weights)) values.set(weights, statistic(weights));
    return values.get(weights);
  };
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
