import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, jsonContent, trusted } from '../../../src/report/html/html.js';

describe('HTML from templates', () => {
  it('takes what is put in as text, in content and in attributes', () => {
    const hostile = `"><script>alert('&')</script>`;
    expect(html`<p title="${hostile}">${hostile}</p>`.markup).toBe(
      `<p title="&quot;&gt;&lt;script&gt;alert('&amp;')&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert('&amp;')&lt;/script&gt;</p>`,
    );
  });

  it('keeps markup that templates made, lists and numbers, and leaves nothing out for nothing', () => {
    const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}${null}${undefined}${7}${trusted('<hr>')}</ul>`.markup).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li>7<hr></ul>',
    );
  });

  it('writes JSON that cannot end its element, whatever is in it, and reads back', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '/', '!', '-', '&', '"', 'script', '\u2028', 'é') }),
        (text) => {
          const value = [text, '</script><!--', ']]>', { [text]: null }];
          const { markup } = jsonContent(value);
          expect(markup).not.toMatch(/[<>]/);
          expect(JSON.parse(markup)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });
});
