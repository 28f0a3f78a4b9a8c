// Metrics: what is in them after a call, who may read them, and that they tell of nobody.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startDoors } from '../../../support/product/doors.ts';
import { BrowserPeer } from '../../../telephony/browser-peer.ts';

const token = 'a-token-for-prometheus';

test('docs/GATEWAY.md and docs/OPERATIONS.md name the figures that there are', async (t) => {
  const doors = await startDoors(t);
  const text = await (await fetch(`${doors.frontdesk.internalAddress}/metrics`)).text();
  const given = [...text.matchAll(/^# TYPE (frontdesk_\w+)/gm)].map(([, name]) => name!);
  const namesIn = (page: string) =>
    readFileSync(new URL(`../../../../docs/${page}.md`, import.meta.url), 'utf8').match(
      /frontdesk_(?!app\b)[a-z0-9_]+/g,
    ) ?? [];
  assert.ok(given.length > 10);
  const described = new Set(namesIn('GATEWAY'));
  assert.deepEqual(
    given.filter((name) => !described.has(name)),
    [],
    'not described',
  );
  const unknown = [...described, ...namesIn('OPERATIONS')].filter((name) => !given.includes(name));
  assert.deepEqual(unknown, [], 'not there');
});

test('calls, turns, stages, vendors, pools and the loop are counted', async (t) => {
  const doors = await startDoors(t, { env: { METRICS_TOKEN: token } });
  const peer = new BrowserPeer(doors.socketUrl(`/api/clients/${doors.clientId}/test-call`), {
    headers: doors.bearer(doors.owner),
  });
  await peer.start();
  await peer.message('started');
  const inside = await (await fetch(`${doors.frontdesk.internalAddress}/metrics`)).text();
  assert.match(inside, /^frontdesk_calls_active 1$/m);
  peer.send({ type: 'stop' });
  await peer.closed();
  const response = await fetch(`${doors.url}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type')!, /text\/plain; version=0\.0\.4/);
  const text = await response.text();
  for (const line of [
    /^frontdesk_calls_total\{end="caller"\} 1$/m,
    /^frontdesk_call_seconds_count 1$/m,
    /^frontdesk_turns_total\{kind="greeting",ending="\w+"\} 1$/m,
    /^# TYPE frontdesk_turn_stage_seconds histogram$/m,
    /^frontdesk_turn_cost_dollars_total\{kind="greeting",vendor="[\w/.-]+"\} 0\.\d+/m,
    /^# TYPE frontdesk_balance_beats_total counter$/m,
    /^# TYPE frontdesk_pool_wait_seconds histogram$/m,
    /^frontdesk_vendor_errors\{service="\w+",vendor="[^"]+"\} 0$/m,
    /^frontdesk_event_loop_delay_p99_seconds 0\.\d+/m,
    /^frontdesk_event_loop_delay_max_seconds 0\.\d+/m,
    /^frontdesk_calls_active 0$/m,
  ]) {
    assert.match(text, line);
  }
  for (const secret of [doors.clientId, doors.owner.id, doors.owner.email!, 'Test Business']) {
    assert.ok(!text.includes(secret), secret);
  }
});

test('without the token, or a token in the configuration, there is nothing to see', async (t) => {
  const doors = await startDoors(t, { env: { METRICS_TOKEN: token } });
  for (const headers of [{}, { authorization: 'Bearer wrong' }, doors.bearer(doors.owner)]) {
    assert.equal((await fetch(`${doors.url}/metrics`, { headers })).status, 401);
  }
  const other = await startDoors(t);
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await fetch(`${other.url}/metrics`, { headers })).status, 404);
});
