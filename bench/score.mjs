/**
 * Gold and scores of 300 conversations of the size of the parity vectors, from annotations in memory.
 * `npm run build && node bench/score.mjs`
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { buildGold } from '../dist/gold/build.js';
import { prepareConversation, scoreConversation } from '../dist/score/conversation.js';
import { sumCounts } from '../dist/score/counts.js';
import { ratesOf } from '../dist/score/rates.js';

const CONVERSATIONS = 300;
const REPEATS = 20;
const BUDGET_MS = 200;

const fixture = new URL('../test/fixtures/parity/parity-open.json.gz', import.meta.url);
const parity = JSON.parse(gunzipSync(readFileSync(fixture)).toString()).conversations;
const conversations = Array.from({ length: CONVERSATIONS }, (_, i) => toInput(parity[i % parity.length]));
const segments = conversations
  .flatMap(({ annotations }) => [...annotations[1], ...annotations[2]])
  .reduce((sum, track) => sum + track.segments.length, 0);

const goldMs = [];
const scoreMs = [];
for (let repeat = 0; repeat < REPEATS; repeat++) {
  const start = performance.now();
  const golds = conversations.map(({ annotations }) => buildGold(annotations));
  const built = performance.now();
  const counts = golds.map((gold, i) => scoreConversation(prepareConversation(gold), conversations[i].events));
  ratesOf(sumCounts(counts));
  scoreMs.push(performance.now() - built);
  goldMs.push(built - start);
}
const totalMs = goldMs.map((ms, i) => ms + scoreMs[i]);
console.log(`${CONVERSATIONS} conversations, ${segments} segments; ms of ${REPEATS} repeats`);
console.log(`gold   first ${goldMs[0].toFixed(0)}  best ${Math.min(...goldMs).toFixed(0)}`);
console.log(`score  first ${scoreMs[0].toFixed(0)}  best ${Math.min(...scoreMs).toFixed(0)}`);
console.log(`both   first ${totalMs[0].toFixed(0)}  best ${Math.min(...totalMs).toFixed(0)}  (budget ${BUDGET_MS})`);

function toInput(stored) {
  const annotations = {};
  const events = {};
  for (const speaker of [1, 2]) {
    const key = `speaker_${speaker}`;
    annotations[speaker] = ['a', 'b', 'c'].map((annotator) => ({
      annotator,
      segments: stored.annotations[key][annotator].map((segment) => ({
        startS: segment.start_s,
        endS: segment.end_s,
        label: segment.label,
      })),
    }));
    events[speaker] = { eot: stored.predictions[key].eot, int: stored.predictions[key].interruption };
  }
  return { annotations, events };
}
