/** Writing XML by hand: everything that comes from outside is text, never markup; every coordinate is short. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** @param attributes numbers are rounded; an undefined one is left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? fixed(value) : escapeXml(value)}"`],
  );
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/**
 * Safe as content and in double quotes, where a line end would be read as a space. What XML cannot hold (control
 * characters, half a surrogate pair) is replaced.
 */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`);
}

/** One decimal at most, so that a picture is small and the same everywhere. */
export function fixed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '').replace(/^-0$/, '0');
}
