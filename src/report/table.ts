/** Tables from rows of text: aligned for a terminal, piped for Markdown. One shape, two renderers. */

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Columns separated by two spaces, header first, no rules: copies well out of a terminal. */
export function renderText(table: Table): string {
  const widths = table.columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...table.rows.map((row) => displayWidth(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    table.columns
      .map((column, i) => pad(cells[i] ?? '', widths[i] ?? 0, column.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [line(table.columns.map(({ title }) => title)), ...table.rows.map(line)].join('\n');
}

export function renderMarkdown(table: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = table.columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  return [line(table.columns.map(({ title }) => title)), `| ${rule.join(' | ')} |`, ...table.rows.map(line)].join('\n');
}

/**
 * Names and labels from data sets are text, never markup. A bracket is dangerous only as the end of a link's text, an
 * underscore only at the end of a word; elsewhere they stay, so that intervals and `fp_rate` read well in the plain
 * file.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*|]|\](?=[([:])|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\s+/g, ' ');
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? space + text : text + space;
}

function displayWidth(text: string): number {
  return [...text].length;
}
