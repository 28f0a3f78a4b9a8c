// Conversations: found by what was said, when, by whom and how it ended; read in full; deleted; counted by day.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLastSaid } from '../../../../src/store/conversations/conversations.ts';
import { startTestApi } from '../../../support/product/api.ts';
import { endedCall, runningCall } from '../../../support/product/business.ts';

test('the conversations of a client', async (t) => {
  const api = await startTestApi(t);
  const sql = api.database.general;
  const mine = api.as(await api.user());
  const client = (await mine.post('/api/clients', { name: 'Acme', zone: 'Pacific/Auckland' })).json;
  const path = `/api/clients/${client.id}/conversations`;
  const ids = async (query: string) =>
    (await mine.get(`${path}?${query}`)).json.map(({ id }: { id: string }) => id);
  const crown = await endedCall(sql, client.id, {
    phone: '+14155550100',
    words: ['My crown hurts', 'On Monday please'],
    outcome: 'booked',
    responseMs: 200,
  });
  const hours = await endedCall(sql, client.id, {
    words: ['When do you open on Monday?', "O'Brien 100% \\ done"],
    responseMs: 400,
  });
  const silent = await endedCall(sql, client.id, { outcome: 'abandoned', durationMs: 1499 });

  await t.test('filters and words find what they say', async () => {
    assert.deepEqual(await ids(''), [silent, hours, crown]);
    assert.deepEqual(await ids('q=monday'), [hours, crown]);
    assert.deepEqual(await ids('q=CROWN+hurts'), [crown]);
    assert.deepEqual(await ids(`q=${encodeURIComponent('"crown hurts"')}`), [crown]);
    assert.deepEqual(await ids(`q=${encodeURIComponent('"hurts crown"')}`), []);
    assert.deepEqual(await ids('q=monday+-open'), [crown]);
    assert.deepEqual(await ids('outcome=abandoned'), [silent]);
    assert.deepEqual(await ids('caller_phone=%2B14155550100'), [crown]);
    assert.deepEqual(await ids('flagged=false&limit=1'), [silent]);
    assert.deepEqual(await ids('flagged=true'), []);
    assert.deepEqual(await ids('until=2020-01-01'), []);
    assert.deepEqual(await ids('from=2020-01-01&limit=1&offset=1'), [hours]);
    const contact = (await mine.get(`/api/conversations/${crown}`)).json.contact_id;
    assert.deepEqual(await ids(`contact_id=${contact}`), [crown]);
  });

  await t.test('phrases are found whole, wherever they stand in a question', async () => {
    const cases: [q: string, found: string[]][] = [
      ['"my crown hurts"', [crown]],
      ['"My Crown" "monday please"', [crown]],
      ['"my hurts"', []],
      ['"crown hurts on"', []],
      ['"crown hurts" open', []],
      ['"crown hurts" or open', [hours, crown]],
      ['open or "crown hurts"', [hours, crown]],
      ['monday -"crown hurts"', [hours]],
      ['-"crown hurts"', [silent, hours]],
      ['"crown"', [crown]],
      ['"open on monday', [hours]],
      ['"O\'Brien 100%"', [hours]],
    ];
    for (const [q, found] of cases) {
      assert.deepEqual(await ids(`q=${encodeURIComponent(q)}`), found, q);
    }
  });

  await t.test('what looks like SQL is words, or refused', async () => {
    const attacks = [
      "' OR 1=1 --",
      "'; DROP TABLE users; --",
      '" OR ""="',
      "\\'; SELECT pg_sleep(5)",
      '%',
      '(',
      ':*',
      '!',
      '<->',
      '🙂',
    ];
    for (const text of attacks) {
      const found = await mine.get(`${path}?q=${encodeURIComponent(text)}`);
      assert.deepEqual([found.status, found.json], [200, []], text);
      for (const name of [
        'outcome',
        'channel',
        'contact_id',
        'from',
        'until',
        'limit',
        'offset',
        'cursor',
        'fields',
        'flagged',
      ]) {
        const answer = await mine.get(`${path}?${name}=${encodeURIComponent(text)}`);
        assert.deepEqual([answer.status, Object.keys(answer.json)], [400, [name]], answer.text);
      }
    }
    assert.equal((await mine.get(`${path}?q=%00`)).status, 400);
    assert.deepEqual(await ids("q=O'Brien"), [hours]);
  });

  await t.test('fields may be left out', async () => {
    const { json } = await mine.get(`${path}?fields=id,duration`);
    assert.deepEqual(json[2], { id: crown, duration: 61 });
    assert.deepEqual(Object.keys((await mine.get(path)).json[0]).includes('transcript'), true);
    assert.deepEqual(Object.keys((await mine.get(`${path}?fields=id,owner`)).json), ['fields']);
  });

  await t.test('one is read with its turns, their times and cost', async () => {
    const one = (await mine.get(`/api/conversations/${crown}`)).json;
    assert.deepEqual(
      one.transcript.map(({ role, content }: any) => [role, content]),
      [
        ['user', 'My crown hurts'],
        ['assistant', 'I see.'],
        ['user', 'On Monday please'],
        ['assistant', 'I see.'],
      ],
    );
    assert.deepEqual(
      [one.turns.length, one.turns[0].response_ms, one.turns[0].tools[0].name],
      [2, 200, 'get_available_slots'],
    );
    assert.equal(one.cost.input_tokens, 20);
    assert.ok(one.cost.cost_microdollars > 0);
  });

  await t.test('what was not heard stands beside what was, and is not found as said', async () => {
    await sql`
      UPDATE turns SET ending = 'interrupted', unheard = 'A crown can be made in a day.'
      WHERE conversation_id = ${crown} AND number = 1`;
    await sql`UPDATE utterances SET interrupted = true WHERE conversation_id = ${crown} AND turn_number = 1`;
    const one = (await mine.get(`/api/conversations/${crown}`)).json;
    assert.deepEqual(
      one.transcript.map(({ content, unheard }: any) => [content, unheard]),
      [
        ['My crown hurts', null],
        ['I see.', null],
        ['On Monday please', null],
        ['I see.', 'A crown can be made in a day.'],
      ],
    );
    assert.deepEqual(
      one.turns.map(({ unheard }: any) => unheard),
      [null, 'A crown can be made in a day.'],
    );
    assert.deepEqual(await ids('q=made'), []);
    assert.doesNotMatch(JSON.stringify(await findLastSaid(sql, crown, 100)), /made/);
  });

  await t.test('days are those of the zone, and count all', async () => {
    const zone = 'Pacific/Auckland';
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format();
    const report = (
      await mine.get(`/api/clients/${client.id}/analytics?from=${today}&until=${today}`)
    ).json;
    assert.equal(report.days.length, 1);
    const [day] = report.days;
    assert.deepEqual([day.calls, day.outcomes], [3, { booked: 1, answered: 1, abandoned: 1 }]);
    assert.deepEqual([day.response_ms.p50, day.response_ms.p99 > 390], [300, true]);
    assert.deepEqual(report.totals.outcomes, day.outcomes);
    const quiet = (
      await mine.get(`/api/clients/${client.id}/analytics?from=2020-02-28&until=2020-03-01`)
    ).json;
    assert.deepEqual(
      quiet.days.map(({ date, calls }: any) => [date, calls]),
      [
        ['2020-02-28', 0],
        ['2020-02-29', 0],
        ['2020-03-01', 0],
      ],
    );
    const { hours } = (
      await mine.get(`/api/clients/${client.id}/analytics/hours?from=${today}&until=${today}`)
    ).json;
    const weekday = new Date(`${today}T00:00:00Z`).getUTCDay() || 7;
    assert.ok(hours.every((each: any) => each.weekday === weekday));
    assert.equal(
      hours.reduce((sum: number, { calls }: any) => sum + calls, 0),
      3,
    );
    for (const query of [
      'from=2026-02-30&until=2026-03-01',
      'from=2026-03-02&until=2026-03-01',
      'from=2020-01-01&until=2026-01-01',
      'from=2026-01-01',
    ]) {
      for (const path of ['analytics', 'analytics/hours']) {
        const { status } = await mine.get(`/api/clients/${client.id}/${path}?${query}`);
        assert.equal(status, 400, query);
      }
    }
  });

  await t.test('the list is a table for spreadsheets, too, with its filters', async () => {
    const table = `/api/clients/${client.id}/conversations.csv`;
    const linesOf = (text: string) => text.trimEnd().split('\r\n');
    const idsOf = (text: string) =>
      linesOf(text)
        .slice(1)
        .map((line) => line.split(',').at(-1));
    const all = await mine.get(table);
    assert.equal(all.status, 200);
    assert.match(linesOf(all.text)[0]!, /^started_at,caller_phone,.*,outcome,cost_dollars,/);
    assert.match(all.text, /,'\+14155550100,/);
    assert.deepEqual(idsOf(all.text), await ids(''));
    assert.deepEqual(idsOf((await mine.get(`${table}?q=crown`)).text), await ids('q=crown'));
    assert.equal((await mine.get(`${table}?outcome=nonsense`)).status, 400);
  });

  await t.test(
    'a running call is not deleted; another one is, with all that was said',
    async () => {
      const running = await runningCall(sql, client.id);
      assert.equal((await mine.delete(`/api/conversations/${running}`)).status, 409);
      assert.equal((await mine.delete(`/api/conversations/${crown}`)).status, 200);
      assert.equal((await mine.get(`/api/conversations/${crown}`)).status, 404);
      const left = await sql`SELECT 1 FROM utterances WHERE conversation_id = ${crown}`;
      assert.equal(left.length, 0);
      assert.deepEqual(await ids('q=crown'), []);
    },
  );
});
