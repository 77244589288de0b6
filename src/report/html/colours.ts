/** Colours of the page in light and dark, decided once: by the system, by the reader's choice, light on paper. */

import { colourProperties } from '../figures/theme.js';

/** Light, dark. What became of events is told apart with the common colour deficiencies, and has shapes besides. */
const PAGE_COLOURS: Readonly<Record<string, readonly [string, string]>> = {
  page: ['#f7f8fa', '#0e1013'],
  accent: ['#0a66c2', '#6cb6ff'],
  wave: ['#66717d', '#93a0ad'],
  turn: ['#bdd9f2', '#234a70'],
  pause: ['#4f7fb0', '#8fbbe8'],
  backchannel: ['#f4dfa0', '#66541a'],
  interruption: ['#e4c8ef', '#5f3d70'],
  'other-label': ['#dde1e6', '#3b424b'],
  hatch: ['#98a1ab', '#7d8894'],
  tp: ['#00857a', '#2fd0bd'],
  fp: ['#cc3311', '#ff7a5c'],
  fn: ['#8b3fb0', '#cf9bf0'],
  ignored: ['#8b949e', '#7b8590'],
};

export function colourStyle(): string {
  const light = declarations(0);
  const dark = declarations(1);
  return [
    `:root{${light}color-scheme:light dark}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}`,
    `:root[data-theme=dark]{${dark}color-scheme:dark}`,
    ':root[data-theme=light]{color-scheme:light}',
    // As strong as the rules above.
    `@media print{:root:root,:root[data-theme]{${light}color-scheme:light}}`,
    seriesClasses(),
  ].join('\n');
}

function declarations(scheme: 0 | 1): string {
  const page = Object.entries(PAGE_COLOURS).map(([name, colour]) => `--tb-${name}:${colour[scheme]};`);
  return colourProperties(scheme) + page.join('');
}

/** Whatever is in the colour of a run says so with `series-1` … `series-8`. */
function seriesClasses(): string {
  return Array.from({ length: 8 }, (_, i) => `.series-${i + 1}{--series:var(--tb-series-${i + 1})}`).join('');
}
