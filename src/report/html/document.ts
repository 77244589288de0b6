/**
 * A report as one HTML file that needs nothing else: no network, no other file. What may run, be drawn and be played is
 * also said in a policy that the browser enforces.
 */

import type { Portrait } from '../../core/portrait.js';
import { drawFigures } from '../figures/draw.js';
import { type FigureRun, type NamedRun, nameRuns } from '../figures/run.js';
import { counted, duration } from '../numbers.js';
import { colourStyle } from './colours.js';
import { type Html, html, jsonContent, trusted } from './html.js';
import {
  audioElementId,
  commonThresholds,
  conversationData,
  conversationElementId,
  OVERVIEW_ID,
  type PageOverview,
} from './page-data.js';
import { notesSection, runsSection } from './runs-section.js';
import { summarySection } from './summary-section.js';
import { tagsSection } from './tags-section.js';
import { errorsSection, timelineSection } from './timeline-section.js';

/** What the build makes of the page's own code. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
  /** Base 64 of the SHA-256 of the script: the only script that the page may run. */
  readonly scriptSha256: string;
}

export interface ReportPage {
  /** On the same revision of the same data set; in the order of their colours. */
  readonly runs: readonly FigureRun[];
  /** In the order of the data set; empty = no timelines. */
  readonly portraits: readonly Portrait[];
  readonly assets: PageAssets;
}

/** @returns the pieces of the document in order: with embedded audio it may be longer than one string can be. */
export function* reportDocument({ runs, portraits, assets }: ReportPage): Generator<string> {
  const named = nameRuns(runs);
  yield head(named, assets).markup;
  yield body(named, portraits).markup;
  yield* dataElements(named, portraits);
  // Behind the data, so that everything is there when it runs, and everything else is drawn before.
  yield `<script>${assets.script}</script>\n`;
  yield '</body>\n</html>\n';
}

function head(runs: readonly NamedRun[], { style, scriptSha256 }: PageAssets): Html {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptSha256}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "media-src data: file: 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="turnbench">
<meta name="color-scheme" content="light dark">
<title>${titleOf(runs)}</title>
<style>${trusted(colourStyle())}
${trusted(style)}</style>
</head>
`;
}

function body(runs: readonly NamedRun[], portraits: readonly Portrait[]): Html {
  const figures = drawFigures(runs);
  const tags = tagsSection(runs);
  const hasTimelines = portraits.length > 0;
  const links = [
    ['summary', 'Summary'],
    ...(figures.length > 0 ? [['figures', 'Figures']] : []),
    ...(tags ? [['tags', 'By tag']] : []),
    ...(hasTimelines
      ? [
          ['timelines', 'Timelines'],
          ['errors', 'Errors'],
        ]
      : []),
    ['runs', 'Method'],
  ] as const;
  return html`<body>
<a class="skip" href="#summary">Skip to the numbers</a>
<header class="top"><div class="bar">
<span class="brand">turnbench</span>
<nav aria-label="Sections">${links.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
<button type="button" id="theme" data-needs-script aria-label="Change between light and dark">◐</button>
</div></header>
<main>
<div class="title"><h1>${titleOf(runs)}</h1><p class="facts">${facts(runs).map((fact) => html`<span>${fact}</span>`)}</p></div>
${notesSection(runs)}
${summarySection(runs)}
${
  figures.length === 0
    ? null
    : html`<section id="figures" class="wide" aria-labelledby="figures-title"><h2 id="figures-title">Sweeps and latencies</h2>
<div class="figures">${figures.map(({ svg, name }) => html`<figure id="figure-${name}">${trusted(svg)}</figure>`)}</div></section>`
}
${tags}
${
  hasTimelines
    ? [
        timelineSection(
          runs,
          portraits.map(({ id }) => id),
        ),
        errorsSection(),
      ]
    : null
}
${runsSection(runs)}
</main>
`;
}

function* dataElements(runs: readonly NamedRun[], portraits: readonly Portrait[]): Generator<string> {
  if (portraits.length === 0) return;
  const overview: PageOverview = {
    runs: runs.map(({ name, header, rows }) => ({
      name,
      threshold: header.operating_threshold,
      thresholds: commonThresholds(rows),
    })),
    conversations: portraits.map(({ id, durationS }) => ({ id, duration_s: durationS })),
  };
  yield dataElement(OVERVIEW_ID, overview);
  const rowsOf = runs.map(({ rows }) => new Map(rows.map((row) => [row.conversation_id, row])));
  for (const [i, portrait] of portraits.entries()) {
    const answers = rowsOf.map((rows) => {
      const row = rows.get(portrait.id);
      return row?.status === 'ok' ? { events: row.events, floor: row.floor } : null;
    });
    yield dataElement(conversationElementId(i), conversationData(portrait, answers));
    if (portrait.audio) yield dataElement(audioElementId(i), portrait.audio);
  }
}

function dataElement(id: string, value: unknown): string {
  return html`<script type="application/json" id="${id}">${jsonContent(value)}</script>\n`.markup;
}

function titleOf(runs: readonly NamedRun[]): string {
  const data = runs[0]?.header.spec.dataset.name ?? '';
  return runs.length === 1 ? `${runs[0]!.name} on ${data}` : `${runs.length} models on ${data}`;
}

function facts(runs: readonly NamedRun[]): string[] {
  const [first] = runs;
  if (!first) return [];
  const { spec, totals } = first.header;
  const { version, revision, ids } = spec.dataset;
  return [
    runs.length > 1 ? runs.map(({ name }) => name).join(', ') : '',
    `version ${version}`,
    `revision ${revision}`,
    counted(totals?.conversations ?? ids.length, 'conversation'),
    ...(totals ? [duration(totals.audio_hours * 3600)] : []),
  ].filter((fact) => fact !== '');
}
