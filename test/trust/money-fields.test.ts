// What only the books may write cannot be sent along with anything: every route that takes a body refuses it by name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../support/product/api.ts';
import { startBusiness } from '../support/product/business.ts';
import { rightRequest } from '../support/contracts/made-requests.ts';
import { STRIPE_KEY, WEBHOOK_SECRET } from '../support/product/billing.ts';
import { startStripe } from '../../sandbox/vendors/stripe/stripe.ts';

/** Columns that no body sets, with values that would matter. */
const forbidden: Readonly<Record<string, unknown>> = {
  balance_seconds: 999_999,
  reserved_seconds: 5,
  debt_seconds: 7,
  owner_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
  audit_failed_at: '2026-01-01T00:00:00Z',
  deleted_at: '2026-01-01T00:00:00Z',
  created_at: '2020-01-01T00:00:00Z',
  role: 'admin',
  state: 'paid',
  paid_at: '2026-01-01T00:00:00Z',
  applied_seconds: 999_999,
  stripe_customer: 'cus_x',
};

/** Set by administrators, and by nobody else. */
const adminsOwn = new Set(['role', 'status', 'type']);
/** About the visitor's own account or by machines, with tests of their own. */
const elsewhere = /^\/(auth|api\/auth|api\/users|api\/v1|session|token|chat$)|\/import$/;

test('no body of any route moves money, owners or roles', async (t) => {
  const stripe = await startStripe({ key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET });
  t.after(() => stripe.close());
  const env = {
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_BASE_URL: stripe.url,
  };
  const api = await startTestApi(t, { env });
  const [owner, admin] = [await api.user(), await api.user({ role: 'admin' })];
  const business = await startBusiness(api, owner);
  const third = await api.user();
  const command = await api
    .as(admin)
    .post('/admin/bot/commands', { name: 'parking', triggers: ['parking'], reply: 'Behind us.' });
  assert.equal(command.status, 201, command.text);
  const ids = {
    ...business,
    session_id: business.conversation_id,
    user_id: third.id,
    command_id: command.json.id as string,
  };
  const sql = api.database.general;
  const money = async () =>
    JSON.stringify(
      await sql`
    SELECT (SELECT jsonb_agg(to_jsonb(c) - 'updated_at' ORDER BY id) FROM clients c) AS c,
      (SELECT jsonb_agg(to_jsonb(u) ORDER BY id) FROM users u) AS u,
      (SELECT jsonb_agg(to_jsonb(l) ORDER BY id) FROM ledger l) AS l,
      (SELECT jsonb_agg(to_jsonb(o) ORDER BY id) FROM orders o) AS o`,
    );
  const writing = api.document.routes.filter(({ method, path, operation }) => {
    const guarded = !operation.security?.some((each) => Object.keys(each).length === 0);
    const json = operation.requestBody?.content['application/json'];
    return guarded && method !== 'GET' && json !== undefined && !elsewhere.test(path);
  });
  assert.ok(writing.length > 15);
  const before = await money();
  const taken: string[] = [];
  for (const route of writing) {
    for (const [field, value] of Object.entries(forbidden)) {
      const { method, path, ask } = rightRequest(route, ids);
      const body = ask.body as Record<string, unknown>;
      if (Object.hasOwn(body, field)) continue;
      if (path.startsWith('/admin/users') && adminsOwn.has(field)) continue;
      const who = /^\/(admin|api\/billing)\//.test(path) ? admin : owner;
      const headers = { ...ask.headers, authorization: `Bearer ${who.accessToken}` };
      const answer = await api.send(method, path, { headers, body: { ...body, [field]: value } });
      // The document's own form of an error, with the field in its text.
      const told = path === '/make-call' && answer.text.includes(field);
      const named = answer.status === 400 && (told || Object.hasOwn(answer.json, field));
      if (!named && answer.status !== 403)
        taken.push(`${method} ${path} ${field}: ${answer.status}`);
    }
  }
  assert.deepEqual(taken, []);
  assert.equal(await money(), before);
});
