/** Text in figures. A file cannot ask how wide its text will be drawn, so widths are those of common sans-serif fonts. */

import { type Attributes, element, escapeXml } from '../xml.js';
import { fillOf, type Role } from './theme.js';

export const FONT_SIZE = 12;
export const FONT_FAMILY = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif";

/** @param size of the font, pixels. @returns pixels, rather too many than too few. */
export function textWidth(text: string, size = FONT_SIZE): number {
  let ems = 0;
  for (const character of text) {
    if (
      /[\u{1100}-\u{11FF}\u{2E80}-\u{A4CF}\u{AC00}-\u{D7AF}\u{F900}-\u{FAFF}\u{FF00}-\u{FF60}\u{1F300}-\u{1FAFF}]/u.test(
        character,
      )
    )
      ems += 1;
    else if (/[ijlI.,:;'|!ft()[\]/ ]/.test(character)) ems += 0.32;
    else if (/[mwMW@%—]/.test(character)) ems += 0.9;
    else if (/[A-Z]/.test(character)) ems += 0.7;
    else ems += 0.57;
  }
  return ems * size;
}

/** On one line, and cut where it would be wider than this; whole names are in the tooltips of marks. */
export function fitted(content: string, width: number, size = FONT_SIZE): string {
  const line = content.replace(/\s+/g, ' ');
  if (textWidth(line, size) <= width) return line;
  const characters = [...line];
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('')}…`;
}

export function text(x: number, y: number, content: string, colour: Role | number, more: Attributes = {}): string {
  return element('text', { x, y, ...fillOf(colour), ...more }, escapeXml(content));
}

/** What a pointer that rests on an element is told. */
export function tooltip(content: string): string {
  return element('title', {}, escapeXml(content));
}
