// Every example of the product's contract document is read from it, sent, and answered as it is shown there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GOOGLE_CLIENT_ID, startGoogle } from '../../sandbox/vendors/google/google.ts';
import { startTestApi } from '../support/product/api.ts';
import { startBusiness } from '../support/product/business.ts';
import { difference, readExamples, withoutDots } from '../support/contracts/document-examples.ts';

const document = readFileSync(
  new URL('../../docs/contracts/frontdesk-api.md', import.meta.url),
  'utf8',
);
const KEY = 'the-secret-of-the-google-client';

/** Paths with tests of their own, since their answers are no JSON or somebody else calls them. */
const elsewhere: readonly [path: RegExp, test: string][] = [
  [/^\/voice$/, 'answers the carrier: test/process, test/trust'],
  [/^\/api\/stripe\/webhook$/, 'called by Stripe: test/billing'],
  [/^\/api\/calendar\/oauth\/callback/, 'answers with a page: test/trust/calendar-consent.test.ts'],
];

/** Examples that succeed with another status than 200. */
const created = new Set(['POST /api/clients', 'POST /api/contacts']);

test('each example of frontdesk-api.md gives what the document shows', async (t) => {
  const google = await startGoogle({ key: KEY });
  t.after(() => google.close());
  const api = await startTestApi(t, {
    env: { GOOGLE_BASE_URL: google.url, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET: KEY },
  });
  const examples = readExamples(document);
  assert.deepEqual([...new Set(examples.map(({ kind }) => kind))].toSorted(), [
    'curl',
    'http',
    'javascript',
    'python',
  ]);
  assert.ok(examples.length >= 30, `${examples.length} examples were found`);
  const used = new Set<RegExp>();
  for (const example of examples) {
    const { kind, method, line } = example;
    const name = `line ${line}: ${kind} ${method} ${example.path}`;
    const other = elsewhere.find(([path]) => path.test(example.path));
    if (other) {
      used.add(other[0]);
      continue;
    }
    await t.test(name, async () => {
      // Each on a business of its own: some examples delete it.
      const owner = await api.user();
      const ids = await startBusiness(api, owner);
      let path = example.path
        .replace(/\{(\w+)\}/g, (_, id: string) => ids[id as keyof typeof ids] ?? `no ${id}`)
        .replace('CLIENT_ID', ids.client_id);
      let body = example.body && (JSON.parse(withoutDots(example.body)) as Record<string, unknown>);
      if (path.startsWith('/auth/google/callback')) {
        const begun = await api.as().post('/auth/google/initiate');
        const account = { email: `ann-${ids.client_id}@example.com`, name: 'Ann' };
        const back = new URL(google.consent(begun.json.authorization_url, account)).searchParams;
        const given = { code: back.get('code')!, state: back.get('state')! };
        if (method === 'GET')
          path = `/auth/google/callback?${new URLSearchParams(given).toString()}`;
        else body = given;
      }
      if (body && 'client_id' in body) body['client_id'] = ids.client_id;
      // The document uses one number for several clients; a number belongs to one.
      if (body && method === 'POST' && path === '/api/clients') {
        await api.database.general`UPDATE clients SET phone_number = NULL`;
      }
      if (method === 'DELETE' && path.startsWith('/api/conversations')) {
        await api.database
          .general`UPDATE conversations SET owner = NULL WHERE id = ${ids.conversation_id}`;
      }
      if (/\/calendar\/(status|credentials)$/.test(path)) {
        const begun = await api
          .as(owner)
          .post(`/api/clients/${ids.client_id}/calendar/oauth/initiate`);
        const account = { email: `ann-${ids.client_id}@example.com`, name: 'Ann' };
        const back = new URL(google.consent(begun.json.authorization_url, account));
        await api.as(owner).get(back.pathname + back.search);
      }
      // The document shows no more than the beginning of a key file.
      if (body && 'service_account_json' in body) {
        body = { service_account_json: JSON.stringify(google.serviceAccount('frontdesk')) };
      }
      const answer = await api.send(method, path, {
        headers: { accept: 'application/json', authorization: `Bearer ${owner.accessToken}` },
        ...(body !== undefined && { body }),
      });
      const expected = created.has(`${method} ${path}`) ? 201 : 200;
      assert.equal(answer.status, expected, answer.text);
      assert.equal(difference(example.shown, answer.json ?? {}), undefined, answer.text);
      for (const [field, value] of Object.entries(body ?? {})) {
        // A key is never sent back.
        if (path.startsWith('/api/') && field !== 'service_account_json')
          assert.deepEqual(answer.json[field], value, field);
      }
    });
  }
  assert.equal(used.size, elsewhere.length, 'all exceptions are needed');
});

test('errors look as the document says', async (t) => {
  const api = await startTestApi(t);
  const answer = await api.send('GET', '/api/clients', {
    headers: { authorization: 'Bearer wrong' },
  });
  assert.deepEqual(
    [answer.status, answer.json],
    [401, { detail: 'Invalid authentication credentials' }],
  );
});
