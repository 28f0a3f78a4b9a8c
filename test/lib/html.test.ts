// What is put into a page is text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../../src/lib/html.ts';

test('texts are escaped, markup of the tag is not', () => {
  const hostile = `<script>"a" & 'b'</script>`;
  const item = (text: string) => html`<li title="${text}">${text}</li>`;
  const escaped = '&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;';
  assert.equal(html`<p>${hostile}</p>`.toString(), `<p>${escaped}</p>`);
  const list = html`${[item('a'), item('<')]}${7}`.toString();
  assert.equal(list, '<li title="a">a</li><li title="&lt;">&lt;</li>7');
});
