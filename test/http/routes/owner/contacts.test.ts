// Contacts: one for each number, learnt from calls, brought in and taken out as a table that no spreadsheet runs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';
import { endedCall } from '../../../support/product/business.ts';

test('the contacts of a client', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const mine = api.as(owner);
  const client = (await mine.post('/api/clients', { name: 'Acme' })).json;
  const path = `/api/clients/${client.id}/contacts`;
  const csv = { 'content-type': 'text/csv' };
  const bring = (raw: string) => mine.post(`${path}/import`, undefined, { raw, headers: csv });

  await t.test('a contact is made, changed and deleted; its number is its own', async () => {
    const body = { client_id: client.id, phone_number: '(415) 555-0100', name: 'Ann' };
    const made = await mine.post('/api/contacts', body);
    assert.deepEqual(
      [made.status, made.json.phone_number, made.json.notes],
      [201, '+14155550100', ''],
    );
    const twice = await mine.post('/api/contacts', { ...body, phone_number: '+14155550100' });
    assert.deepEqual([twice.status, Object.keys(twice.json)], [400, ['phone_number']]);
    const one = `/api/contacts/${made.json.id}`;
    const changed = await mine.put(one, { ...made.json, name: 'Anna' });
    assert.deepEqual([changed.status, changed.json.name], [200, 'Anna']);
    await mine.patch(one, { notes: 'Afraid of 100 % of needles.' });
    for (const [q, count] of [
      ['ANN', 1],
      ['415-555 01', 1],
      ['needles', 1],
      ['100 %', 1],
      ['1_0', 0],
      ['Zoe', 0],
    ] as const) {
      const found = await mine.get(`${path}?q=${encodeURIComponent(q)}`);
      assert.deepEqual(
        [found.json.length, found.headers.get('x-total-count')],
        [count, `${count}`],
        q,
      );
    }
    for (const field of ['client_id', 'id', 'last_call_at', 'created_at']) {
      const refused = await mine.patch(one, { [field]: '2020-01-01T00:00:00.000Z' });
      assert.deepEqual([refused.status, Object.keys(refused.json)], [400, [field]]);
    }
    assert.equal((await mine.delete(one)).status, 200);
    assert.equal((await mine.get(one)).status, 404);
  });

  await t.test('who calls becomes a contact, and keeps the name they give', async () => {
    const sql = api.database.general;
    const phone = '+14155550123';
    const callId = await endedCall(sql, client.id, { phone });
    const [known] = (await mine.get(`${path}?q=5550123`)).json;
    assert.deepEqual([known.phone_number, known.name], [phone, '']);
    assert.ok(known.last_call_at);
    const conversation = (await mine.get(`/api/conversations/${callId}`)).json;
    assert.equal(conversation.contact_id, known.id);
    await sql`
      CREATE FUNCTION named() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO messages (id, client_id, conversation_id, name, phone, text)
        VALUES (gen_random_uuid(), NEW.client_id, NEW.id, 'Zoe', NEW.caller_phone, 'Call me.');
        RETURN NEW;
      END $$`;
    await sql`CREATE TRIGGER named AFTER INSERT ON conversations FOR EACH ROW EXECUTE FUNCTION named()`;
    await endedCall(sql, client.id, { phone });
    await sql`DROP TRIGGER named ON conversations`;
    assert.equal((await mine.get(`/api/contacts/${known.id}`)).json.name, 'Zoe');
  });

  await t.test(
    'a table goes out so that no spreadsheet runs it, and comes in again as it was',
    async () => {
      const wild = [
        '=HYPERLINK("http://evil.example","x")',
        '+1+1',
        '-1',
        '@SUM(A1)',
        '\t=1',
        'a "quoted", name',
        'line\nbreak',
        'Zoë 🙂',
      ];
      const made = [];
      for (const [index, name] of wild.entries()) {
        const phone = `+1415555020${index}`;
        made.push(
          (
            await mine.post('/api/contacts', {
              client_id: client.id,
              phone_number: phone,
              name,
              notes: name,
            })
          ).json,
        );
      }
      const table = await mine.get(`${path}/export`);
      assert.match(table.headers.get('content-type')!, /^text\/csv/);
      assert.match(table.headers.get('content-disposition')!, /attachment/);
      for (const cell of table.text.split(/,|\r\n/))
        assert.doesNotMatch(cell, /^"?[=+\-@\t]/, cell);
      for (const { id } of made) await mine.delete(`/api/contacts/${id}`);
      const back = await bring(table.text);
      assert.deepEqual([back.json.created, back.json.errors], [wild.length, []]);
      const names = (await mine.get(`${path}?limit=100`)).json.map(
        ({ name }: { name: string }) => name,
      );
      for (const name of wild) assert.ok(names.includes(name), JSON.stringify(name));
    },
  );

  await t.test('rows that are none are named, and the others come in', async () => {
    const done = await bring(
      'name,phone_number\nGood,+14155550300\nBad,12\n"Two, lines",+14155550301\n',
    );
    assert.deepEqual(done.json, {
      created: 2,
      updated: 0,
      errors: [{ line: 3, detail: 'phone_number is not a telephone number.' }],
    });
    const again = await bring('phone_number,name\r\n+14155550300,Better\r\n+14155550300,Best\r\n');
    assert.deepEqual([again.json.created, again.json.updated], [0, 1]);
    for (const text of [
      '',
      'name\nx',
      'phone_number\n"open',
      `phone_number\n${'+14155550300\n'.repeat(5001)}`,
    ]) {
      assert.equal((await bring(text)).status, 400, text.slice(0, 40));
    }
    assert.equal((await mine.post(`${path}/import`, { phone_number: 'x' })).status, 400);
  });
});
