/**
 * How figures look. Every colour is written twice: as an attribute, which any program draws, and as a custom property
 * in the style (`--tb-series-1`, `--tb-text`, …), which a page may set. A file by itself follows the reader's preference
 * for light or dark. Series differ in colour and in the shape of their marks, so that a grey print can be read too; the
 * colours are told apart with any of the common colour deficiencies.
 */

import { element } from '../xml.js';

/** Light, dark. */
type Colour = readonly [string, string];

const SERIES: readonly Colour[] = [
  ['#0072b2', '#5ab4f0'],
  ['#d55e00', '#ff9147'],
  ['#00815c', '#35cfa0'],
  ['#a83f8c', '#ec96d6'],
  ['#866a00', '#e2c24a'],
  ['#4d4d4d', '#c9c9c9'],
  ['#b8303f', '#ff8f8f'],
  ['#5b53b5', '#b3acff'],
];

const ROLES = {
  background: ['#ffffff', '#15181c'],
  text: ['#1b1f24', '#e8eaed'],
  muted: ['#59626e', '#a7b0bb'],
  grid: ['#e3e6ea', '#2c323a'],
  axis: ['#8b949e', '#6b7580'],
} as const satisfies Record<string, Colour>;

export type Role = keyof typeof ROLES;

/** Attributes that colour an element; with its class the style colours it too. */
export interface Paint {
  readonly class: string;
  readonly fill?: string;
  readonly stroke?: string;
}

export function fillOf(colour: Role | number): Paint {
  return { class: `tb-f-${nameOf(colour)}`, fill: lightOf(colour) };
}

export function strokeOf(colour: Role | number): Paint {
  return { class: `tb-s-${nameOf(colour)}`, fill: 'none', stroke: lightOf(colour) };
}

/** The style of a figure. Its rules begin with the figure's own class: beside other figures in a page they do no harm. */
export function figureStyle(): string {
  return element('style', {}, `${rules(0)}@media (prefers-color-scheme:dark){${rules(1)}}@media print{${rules(0)}}`);
}

/**
 * The same colours as declarations of custom properties, for a page that decides between light (0) and dark (1) itself.
 */
export function colourProperties(scheme: 0 | 1): string {
  const series = SERIES.map((colour, i) => `--tb-series-${i + 1}:${colour[scheme]};`);
  return [...series, ...Object.entries(ROLES).map(([role, colour]) => `--tb-${role}:${colour[scheme]};`)].join('');
}

function rules(scheme: 0 | 1): string {
  const colours = [
    ...SERIES.map((colour, i): [string, string] => [String(i + 1), `var(--tb-series-${i + 1},${colour[scheme]})`]),
    ...Object.entries(ROLES).map(([role, colour]): [string, string] => [role, `var(--tb-${role},${colour[scheme]})`]),
  ];
  return colours
    .map(([name, value]) => `.tb-figure .tb-f-${name}{fill:${value}}.tb-figure .tb-s-${name}{stroke:${value}}`)
    .join('');
}

function nameOf(colour: Role | number): string {
  return typeof colour === 'number' ? String((colour % SERIES.length) + 1) : colour;
}

function lightOf(colour: Role | number): string {
  return typeof colour === 'number' ? SERIES[colour % SERIES.length]![0] : ROLES[colour][0];
}

/** Seven shapes and eight colours: 56 series before two are alike. Each about as dark as the others. */
const SHAPES: readonly ((r: number) => string)[] = [
  (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  (r) => polygon([-0.88, -0.88, 0.88, -0.88, 0.88, 0.88, -0.88, 0.88], r),
  (r) => polygon([0, -1.25, 1.15, 0.8, -1.15, 0.8], r),
  (r) => polygon([0, -1.35, 1.35, 0, 0, 1.35, -1.35, 0], r),
  (r) => polygon([0, 1.25, 1.15, -0.8, -1.15, -0.8], r),
  (r) =>
    polygon(
      [
        -0.45, -1.2, 0.45, -1.2, 0.45, -0.45, 1.2, -0.45, 1.2, 0.45, 0.45, 0.45, 0.45, 1.2, -0.45, 1.2, -0.45, 0.45,
        -1.2, 0.45, -1.2, -0.45, -0.45, -0.45,
      ],
      r,
    ),
  (r) => polygon([0, -1.3, 1.24, -0.4, 0.76, 1.05, -0.76, 1.05, -1.24, -0.4], r),
];

/** Path of a series' mark around the origin. @param r half its size, pixels. */
export function markPath(series: number, r: number): string {
  return SHAPES[series % SHAPES.length]!(r);
}

function polygon(corners: readonly number[], r: number): string {
  const pairs = Array.from({ length: corners.length / 2 }, (_, i) =>
    [corners[2 * i]!, corners[2 * i + 1]!].map((part) => Number((part * r).toFixed(2))).join(' '),
  );
  return `M${pairs.join('L')}Z`;
}
