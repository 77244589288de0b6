/** The numbers of all conversations at the chosen threshold, in tiles for the eye and in a sentence for the ear. */

import { TASKS } from '../core/events.js';
import { TASK_NAMES } from '../report/figures/run.js';
import { milliseconds, rate, threshold as thresholdText } from '../report/numbers.js';
import { sumCounts } from '../score/counts.js';
import { type Rates, ratesOf } from '../score/rates.js';
import { byId, make } from './dom.js';
import type { Verdicts } from './library.js';
import { sayAtRest } from './speech.js';

export function showTotals(verdicts: Verdicts, threshold: number | null): void {
  const counts = verdicts.flatMap((verdict) => verdict?.scored?.counts ?? []);
  const place = byId('totals');
  if (counts.length === 0) {
    place.replaceChildren(make('p', { class: 'muted' }, 'Nothing was scored.'));
    return;
  }
  const sum = sumCounts(counts);
  const rates = ratesOf(sum);
  const shown = (value: number | undefined) => rate(value ?? null);
  const tiles = TASKS.map((task) => {
    const { tp, fn, fp, tn } = sum[task];
    return tile(TASK_NAMES[task], [
      ['recall', shown(rates[task].recall), `${tp} of ${tp + fn}`, `${task}-recall`],
      ['false-positive rate', shown(rates[task].fpRate), `${fp} of ${fp + tn}`, `${task}-fp-rate`],
      ['latency p50', milliseconds(rates[task].latencyMs.p50 ?? null), 'ms', `${task}-p50`],
    ]);
  });
  const { cutOffs } = sum.endpoint;
  const whole = tile('Floor', [
    ['accuracy', shown(rates.floor.accuracy), '', 'floor-accuracy'],
    ['cut-off rate', shown(rates.endpoint.cutoffRate), `${cutOffs} of ${rates.endpoint.anchors}`, 'cutoff-rate'],
  ]);
  place.replaceChildren(...tiles, whole);
  speak(threshold, rates);
}

type Row = readonly [name: string, value: string, about: string, key: string];

function tile(title: string, rows: readonly Row[]): HTMLElement {
  const list = rows.map(([name, value, about, key]) =>
    make(
      'div',
      {},
      make('dt', {}, name),
      make('dd', { 'data-total': key }, make('span', { class: 'value' }, value), make('small', {}, about)),
    ),
  );
  return make('div', { class: 'tile' }, make('h3', {}, title), make('dl', {}, ...list));
}

function speak(threshold: number | null, rates: Rates): void {
  const at = threshold === null ? 'At the operating point of the model' : `At threshold ${thresholdText(threshold)}`;
  const parts = TASKS.map(
    (task) =>
      `${TASK_NAMES[task]}: recall ${rate(rates[task].recall ?? null)}, false-positive rate ${rate(rates[task].fpRate ?? null)}`,
  );
  sayAtRest(`${at}. ${parts.join('. ')}.`);
}
