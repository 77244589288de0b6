/** What was run and how to repeat it, and what to know before the numbers are used. */

import type { RunHeader } from '../../result/schema.js';
import type { NamedRun } from '../figures/run.js';
import { duration, NOTHING, realTimeFactor, threshold } from '../numbers.js';
import { type Content, type Html, html } from './html.js';
import { modelName } from './model-name.js';

/** Failed conversations and warnings. @returns null when there are none. */
export function notesSection(runs: readonly NamedRun[]): Html | null {
  const warned = runs.flatMap(({ name, header }) => header.warnings.map((text) => ({ name, text })));
  const texts = [...new Set(warned.map(({ text }) => text))];
  const failed = runs.flatMap(({ name, header }) => header.failures.map((failure) => ({ name, ...failure })));
  const unfinished = runs.filter(({ header }) => header.status !== 'success');
  if (texts.length + failed.length + unfinished.length === 0) return null;
  const notes: Html[] = [
    ...unfinished.map(
      ({ name, header }) =>
        html`<li><strong>${name}: ${header.status}.</strong> The numbers are not those of the whole data set.</li>`,
    ),
    ...texts.map((text) => {
      const names = warned.filter((warning) => warning.text === text).map(({ name }) => name);
      return html`<li>${names.length === runs.length ? null : `${names.join(', ')}: `}${text}</li>`;
    }),
    ...failed.map(
      ({ name, conversation_id: id, error, hint }) =>
        html`<li>${name}: conversation ${id} failed: ${error}${hint === null ? null : ` (${hint})`}</li>`,
    ),
  ];
  return html`<aside class="notes" aria-label="Warnings"><ul>${notes}</ul></aside>`;
}

export function runsSection(runs: readonly NamedRun[]): Html {
  return html`<section id="runs" aria-labelledby="runs-title"><h2 id="runs-title">How it was measured</h2>
<div class="runs">${runs.map(runCard)}</div></section>`;
}

function runCard(run: NamedRun): Html {
  return html`<article class="run"><h3>${modelName(run)}</h3><dl>${facts(run.header).map(
    ([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`,
  )}</dl></article>`;
}

function facts(header: RunHeader): (readonly [string, Content])[] {
  const { spec, environment, timing } = header;
  const options = Object.entries(spec.model.options).map(([key, value]) => `${key}=${value}`);
  return [
    ['Run', header.run],
    ['Started', header.started_at],
    ['Operating point', operatingPoint(header)],
    ['Options', options.length === 0 ? 'none' : options.join(', ')],
    ['Data', `${spec.dataset.name} ${spec.dataset.version}, revision ${spec.dataset.revision}`],
    [
      'Compute',
      timing === null
        ? NOTHING
        : `${duration(timing.compute_s)}, real-time factor ${realTimeFactor(timing.rtf)} (both passes)`,
    ],
    [
      'Software',
      `turnbench ${environment.turnbench}, Node ${environment.node}, onnxruntime ${environment.onnxruntime ?? NOTHING}`,
    ],
    [
      'Machine',
      `${environment.os}, ${environment.cpu.model}, ${environment.cpu.cores} cores, ${environment.memory_gb} GB`,
    ],
    ['Versions', `scorer ${spec.scorer_version}, gold ${spec.gold_version}, bootstrap seed ${spec.seed}`],
    ['Specification', html`<code>${header.spec_sha256.slice(0, 16)}</code>`],
    ...(spec.model.weights.length === 0
      ? []
      : [
          [
            'Weights',
            spec.model.weights.map(({ file, sha256 }) => html`${file} <code>${sha256.slice(0, 16)}</code> `),
          ] as const,
        ]),
    ...(environment.argv.length === 0
      ? []
      : [['Command', html`<code>turnbench ${environment.argv.join(' ')}</code>`] as const]),
  ];
}

function operatingPoint({ spec, operating_threshold: theta }: RunHeader): string {
  const ofInt = spec.int_threshold === undefined ? '' : `; interruptions: P > ${threshold(spec.int_threshold)}`;
  if (theta !== null) return `floor = 1 where P > ${threshold(theta)}${ofInt}`;
  return spec.threshold === null ? 'none: events without a floor' : "the model's own bits";
}
