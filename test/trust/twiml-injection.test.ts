// Texts that owners and callers choose, in the TwiML that the carrier follows: they stay text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTwiml } from '../../sandbox/phone/twiml.ts';
import type { Element } from '../../sandbox/phone/twiml.ts';
import { assertSound } from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

const texts = [
  '"/><Dial>+19005550100</Dial>',
  '</Say><Redirect>https://evil.example.com</Redirect><Say>',
  ']]><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;',
  '&lt;Hangup/&gt; & Sons\' "Place"',
  '\u0000\u0001\u001B\uFFFE\uD800 controls',
  '😀 Zoë & Ömür <b>',
];

test('the name, the greeting, the numbers: the answer has the elements it should and no others', async (t) => {
  const f = await startTestFrontdesk(t);
  const sql = f.database.general;
  for (const text of texts) {
    const client = await f.addClient({ fallbackNumber: '+12025550177' });
    // The store takes no NUL and no half of a pair, as Postgres does not; all else may be in there.
    const stored = text.replaceAll('\u0000', '').toWellFormed();
    await sql`
      UPDATE clients SET name = ${stored}, initial_greeting = ${stored}, disclosure = ${stored},
        system_prompt = ${stored}
      WHERE id = ${client.id}`;
    for (const from of ['+14155550100', text]) {
      const fields = { ...ringFields(f, { from, to: client.number }), CallerName: text };
      const answer = await carrierPost(f, { path: '/voice', fields });
      assert.equal(answer.status, 200);
      const tree = names(parseTwiml(answer.text));
      assert.deepEqual(tree, [
        'Response',
        ['Connect', ['Stream', ['Parameter']]],
        ['Say'],
        ['Dial', ['Number']],
      ]);
      assert.match(answer.text, /<Number( status[^<>]*)?>\+12025550177<\/Number>/);
    }
    const status = { ...ringFields(f, { from: text, to: text }), CallStatus: text };
    const posted = await carrierPost(f, { path: '/voice/status', fields: status });
    assert.equal(posted.status, 204);
    const after = { ...status, DialCallStatus: text };
    const transferred = await carrierPost(f, { path: '/voice/after-transfer', fields: after });
    assert.deepEqual(names(parseTwiml(transferred.text)), ['Response', ['Say'], ['Hangup']]);
  }
  await assertSound(f);
});

type Tree = (string | Tree)[];

function names({ name, children }: Element): Tree {
  return [name, ...children.map(names)];
}
