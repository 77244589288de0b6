/** Reads just enough of our own SVG to say where things lie. */

import { textWidth } from '../../src/report/figures/text.js';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The elements that bear this mark, as their places: of a circle or a moved shape its centre, of a path its corners. */
export function marks(svg: string, mark: string): Spot[] {
  return [...svg.matchAll(new RegExp(`<[^>]* data-mark="${mark}"[^>]*>`, 'g'))].flatMap(([tag]) => spotsOf(tag));
}

/** Every place that is drawn at. */
export function allSpots(svg: string): Spot[] {
  return [...svg.matchAll(/<(?:path|rect|circle|text)\b[^>]*>/g)].flatMap(([tag]) => spotsOf(tag));
}

/** What is written, its anchor, and from where to where it reaches if it is as wide as is thought. */
export function texts(svg: string): readonly Written[] {
  return [...svg.matchAll(/<text\b([^>]*)>([^<]*)<\/text>/g)].map(([, attributes = '', escaped = '']) => {
    const text = unescaped(escaped);
    const x = numberOf(attributes, 'x')!;
    const width = textWidth(text, numberOf(attributes, 'font-size'));
    const anchor = /text-anchor="(\w+)"/.exec(attributes)?.[1] ?? 'start';
    const start = x - width * { start: 0, middle: 0.5, end: 1 }[anchor]!;
    return { text, x, y: numberOf(attributes, 'y')!, start, end: start + width };
  });
}

function unescaped(text: string): string {
  const signs: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return text.replaceAll(/&(\w+);/g, (_, name: string) => signs[name] ?? '?');
}

export interface Written extends Spot {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Width and height. */
export function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!;
  return { width: Number(width), height: Number(height) };
}

/** Throws where tags do not close in the order in which they opened. */
export function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replaceAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g, (_, close, name, __, empty) => {
    if (close !== '' && open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    if (close === '' && empty === '') open.push(name);
    return '';
  });
  if (open.length > 0) throw new Error(`<${open.join('> <')}> is not closed`);
  if (/[<>]/.test(rest.replaceAll(/\.tb-[^<]*/g, ''))) throw new Error(`markup that is no tag: ${rest}`);
}

function spotsOf(tag: string): Spot[] {
  const moved = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(tag);
  if (moved) return [{ x: Number(moved[1]), y: Number(moved[2]) }];
  const [x, y] = [numberOf(tag, 'c?x'), numberOf(tag, 'c?y')];
  if (x !== undefined && y !== undefined) {
    const [width = 0, height = 0] = [numberOf(tag, 'width'), numberOf(tag, 'height')];
    return [
      { x, y },
      { x: x + width, y: y + height },
    ];
  }
  return pathSpots(/ d="([^"]*)"/.exec(tag)?.[1] ?? '');
}

function pathSpots(path: string): Spot[] {
  let [x, y] = [0, 0];
  return [...path.matchAll(/([MLHVhv])([-\d. ]+)/g)].map(([, command, numbers = '']) => {
    const [a = 0, b = 0] = numbers.trim().split(' ').map(Number);
    if (command === 'H') x = a;
    else if (command === 'V') y = a;
    else if (command === 'h') x += a;
    else if (command === 'v') y += a;
    else [x, y] = [a, b];
    return { x, y };
  });
}

function numberOf(tag: string, name: string): number | undefined {
  const found = new RegExp(` ${name}="([-\\d.]+)"`).exec(tag);
  return found ? Number(found[1]) : undefined;
}
