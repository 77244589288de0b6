/**
 * Writing HTML so that nothing can be forgotten: what is put into a template is text, and escaped, unless it is HTML
 * that a template made.
 */

import { escapeXml } from '../xml.js';

/** Markup that is safe as it stands. */
export interface Html {
  readonly markup: string;
}

/** Null and undefined are nothing. */
export type Content = string | number | Html | null | undefined | readonly Content[];

/** As content and in double quotes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const parts = strings.map((string, i) => string + (i < contents.length ? markupOf(contents[i]) : ''));
  return { markup: parts.join('') };
}

/** @param markup written by this program, such as a figure. */
export function trusted(markup: string): Html {
  return { markup };
}

/**
 * A value as the content of a script element of type `application/json`. No text in it can end the element or begin a
 * comment.
 */
export function jsonContent(value: unknown): Html {
  return { markup: JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e') };
}

function markupOf(content: Content): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return escapeXml(content);
  if (typeof content === 'number') return String(content);
  return 'markup' in content ? content.markup : content.map(markupOf).join('');
}
