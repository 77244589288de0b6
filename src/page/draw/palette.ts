/** Colours of the page for its canvases: read from the style, so that light, dark and print are decided in one place. */

const NAMES = [
  'background',
  'text',
  'muted',
  'grid',
  'axis',
  'wave',
  'turn',
  'pause',
  'backchannel',
  'interruption',
  'other-label',
  'hatch',
  'tp',
  'fp',
  'fn',
  'ignored',
] as const;

export type Palette = Readonly<Record<(typeof NAMES)[number] | 'series', string>>;

/** @param series which run's colour is `series`. */
export function readPalette(series: number): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--tb-${name}`).trim();
  const colours = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
  return { ...colours, series: read(`series-${(series % 8) + 1}`) } as Palette;
}
