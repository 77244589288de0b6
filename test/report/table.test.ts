import { describe, expect, it } from 'vitest';
import { escapeMarkdown, renderMarkdown, renderText } from '../../src/report/table.js';

const table = {
  columns: [{ title: 'model' }, { title: 'tp', align: 'right' as const }],
  rows: [
    ['energy-vad', '7'],
    ['—', '123'],
  ],
};

describe('tables', () => {
  it('aligns columns for a terminal and leaves no trailing blanks', () => {
    expect(renderText(table)).toBe('model        tp\nenergy-vad    7\n—           123');
  });

  it('writes Markdown with the alignment in the rule', () => {
    expect(renderMarkdown(table).split('\n')[1]).toBe('| --- | ---: |');
  });

  it('treats names from data sets as text, never as markup', () => {
    const hostile = { columns: [{ title: 'id' }], rows: [['<script>alert(1)</script>|`x`\n# h']] };
    expect(renderMarkdown(hostile).split('\n')).toHaveLength(3);
    expect(renderMarkdown(hostile)).not.toContain('<script>');
    expect(renderMarkdown(hostile)).toContain('\\|');
    expect(escapeMarkdown('_a_ fp_rate __init__')).toBe('\\_a\\_ fp_rate \\_\\_init\\_\\_');
  });
});
