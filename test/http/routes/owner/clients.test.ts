// The businesses of an owner over HTTP: every field, what is refused and by which name, whose they are, what is paid.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vendorChoices } from '../../../../src/pipeline/vendors.ts';
import { findCalledClient } from '../../../../src/store/clients/clients.ts';
import { admitLease, beatLease } from '../../../../src/store/money/leases.ts';
import { newId } from '../../../../src/lib/ids.ts';
import { startTestApi } from '../../../support/product/api.ts';

test('the clients of an owner', async (t) => {
  const api = await startTestApi(t);
  const [owner, other, admin] = [
    await api.user(),
    await api.user(),
    await api.user({ role: 'admin' }),
  ];
  const mine = api.as(owner);
  let numbers = 100;
  const number = () => `+1202555${String((numbers += 1)).padStart(4, '0')}`;
  const create = async (body: object = {}) => {
    const answer = await mine.post('/api/clients', {
      name: 'Acme',
      phone_number: number(),
      ...body,
    });
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  };

  await t.test('a client of the document is made as it is asked for, and read back', async () => {
    const body = {
      name: 'New Client',
      phone_number: '+15559876543',
      calendar_id: 'email@gmail.com',
      system_prompt: 'Custom prompt...',
      initial_greeting: 'Welcome to...',
      llm_model: 'openai/gpt-4o',
      stt_model: 'nova-2-phonecall',
      tts_provider: 'cartesia',
      tts_voice_id: 'voice-id',
      enabled_tools: ['get_available_slots', 'book_appointment'],
      balance_seconds: 0,
      is_active: true,
    };
    const made = await create(body);
    assert.deepEqual({ ...made, ...body }, made);
    assert.deepEqual((await mine.get(`/api/clients/${made.id}`)).json, made);
    const list = await mine.get('/api/clients');
    assert.deepEqual(list.json, [made]);
    assert.equal(list.headers.get('x-total-count'), '1');
    const word = made.name.slice(0, 3).toUpperCase();
    assert.deepEqual((await mine.get(`/api/clients?q=${word}`)).json, [made]);
    const none = await mine.get('/api/clients?q=none-of-this-name');
    assert.deepEqual([none.json, none.headers.get('x-total-count')], [[], '0']);
    assert.deepEqual((await api.as(other).get('/api/clients')).json, []);
  });

  await t.test(
    'everything a receptionist needs can be set, in part, and sent back as it was read',
    async () => {
      const made = await create();
      const change = {
        zone: 'Europe/Berlin',
        language: 'de-DE',
        disclosure: 'You are speaking with a machine.',
        fallback_number: '+12025550199',
        concurrency_max: 3,
        call_seconds_max: 600,
        recording_enabled: true,
        recording_notice: 'This call is recorded.',
        recording_days: 7,
        alert_below_seconds: 600,
        alert_email: 'me@example.com',
        remind_hours: 48,
        patience: 'patient',
        speculation: false,
        noise_suppression: true,
        pronunciations: [{ written: 'Nguyen', spoken: 'win' }],
        keyterms: ['Invisalign', 'Dr. Okonkwo'],
        slot_minutes: 20,
        buffer_after_minutes: 5,
        holidays: [{ date: '2030-12-25', name: 'Christmas', hours: [] }],
      };
      const changed = (await mine.put(`/api/clients/${made.id}`, change)).json;
      assert.deepEqual(changed, { ...made, ...change, updated_at: changed.updated_at });
      const week = { monday: [{ opens: '08:00', closes: '24:00' }] };
      const hours = (await mine.patch(`/api/clients/${made.id}`, { opening_hours: week })).json;
      assert.deepEqual(hours.opening_hours.monday, week.monday);
      assert.deepEqual(hours.opening_hours.tuesday, []);
      assert.deepEqual(hours.holidays, change.holidays);
      const again = await mine.put(`/api/clients/${made.id}`, hours);
      assert.deepEqual({ ...again.json, updated_at: '' }, { ...hours, updated_at: '' });
    },
  );

  await t.test('key terms typed line by line lose blanks and doubles', async () => {
    const made = await create({ keyterms: [' Invisalign ', '', 'invisalign', 'Okonkwo'] });
    assert.deepEqual(made.keyterms, ['invisalign', 'Okonkwo']);
  });

  await t.test('another provider without a voice gets its usual voice', async () => {
    const made = await create({ tts_voice_id: 'voice-id' });
    const path = `/api/clients/${made.id}`;
    const put = await mine.put(path, { name: 'Updated Name', tts_provider: 'elevenlabs' });
    assert.deepEqual([put.json.name, put.json.tts_voice_id], ['Updated Name', '']);
  });

  const refused: readonly [field: string, body: object, text?: RegExp][] = [
    ['name', { name: '' }],
    ['name', { name: ' \t ' }, /blank/],
    ['name', { name: 'x'.repeat(201) }],
    ['name', { name: 7 }],
    ['name', { name: 'a\0b' }],
    ['phone_number', { phone_number: '12' }],
    ['phone_number', { phone_number: 'call me' }],
    ['phone_number', { phone_number: '' }],
    ['fallback_number', { fallback_number: '' }],
    ['fallback_number', { fallback_number: '+1' }],
    ['keyterms', { keyterms: ['one, two'] }, /without commas/],
    ['keyterms', { keyterms: ['—'] }],
    ['keyterms.0', { keyterms: ['x'.repeat(61)] }],
    ['keyterms', { keyterms: Array.from({ length: 101 }, (_, i) => `n${i}`) }],
    ['llm_model', { llm_model: 'openai/gpt-99' }, /openai\/gpt-4o-mini/],
    ['stt_model', { stt_model: 'nova-9' }, /nova-2-phonecall/],
    ['tts_provider', { tts_provider: 'constructor' }, /cartesia/],
    ['tts_voice_id', { tts_voice_id: '../../voices' }],
    ['enabled_tools', { enabled_tools: ['rm'] }, /book_appointment/],
    ['zone', { zone: 'Mars/Olympus' }],
    ['zone', { zone: '+05:00' }],
    ['language', { language: '!' }],
    ['concurrency_max', { concurrency_max: 0 }],
    ['concurrency_max', { concurrency_max: '3' }],
    ['alert_email', { alert_email: 'nobody' }],
    ['slot_minutes', { slot_minutes: 1 }],
    ['opening_hours', { opening_hours: { monday: [{ opens: '10:00', closes: '09:00' }] } }],
    [
      'opening_hours.monday.0.opens',
      { opening_hours: { monday: [{ opens: '9', closes: '10:00' }] } },
    ],
    ['holidays', { holidays: [{ date: '2027-02-30', name: '', hours: [] }] }],
    ['holidays', { holidays: [{ date: '0000-12-25', name: '', hours: [] }] }],
    ['id', { id: newId(0) }],
    ['owner_user_id', { owner_user_id: newId(0) }],
    ['owner_id', { owner_id: newId(0) }],
    ['role', { role: 'admin' }],
    ['created_at', { created_at: '2020-01-01T00:00:00Z' }],
    ['deleted_at', { deleted_at: null }],
    ['debt_seconds', { debt_seconds: 1 }],
    ['reserved_seconds', { reserved_seconds: 0 }],
    ['audit_failed_at', { audit_failed_at: null }],
    ['balance_seconds', { balance_seconds: -1 }],
    ['__proto_', { __proto_: 1 }],
  ];
  await t.test(
    'an address of another alphabet, and half a character, are kept and shown',
    async () => {
      const pronunciations = [{ written: 'half \ud83d', spoken: 'win' }];
      const made = await create({ alert_email: 'jörg@müller.example', pronunciations });
      assert.equal(made.alert_email, 'jörg@müller.example');
      assert.deepEqual(made.pronunciations, [{ written: 'half \ufffd', spoken: 'win' }]);
      const list = await mine.get('/api/clients');
      assert.equal(list.status, 200, list.text);
    },
  );

  await t.test('what cannot be is refused by name, and changes nothing', async () => {
    const made = await create();
    const path = `/api/clients/${made.id}`;
    for (const [field, body, text = /./] of refused) {
      for (const answer of [
        await mine.put(path, body),
        await mine.patch(path, body),
        await mine.post('/api/clients', { name: 'Acme', ...body }),
      ]) {
        assert.equal(answer.status, 400, `${field}: ${answer.text}`);
        assert.match(String(answer.json[field]?.[0] ?? answer.text), text, field);
        assert.ok(field in answer.json, `${field}: ${answer.text}`);
      }
    }
    assert.deepEqual((await mine.get(path)).json, made);
    const taken = await mine.post('/api/clients', { name: 'B', phone_number: made.phone_number });
    assert.deepEqual([taken.status, Object.keys(taken.json)], [400, ['phone_number']]);
  });

  await t.test('the same number at once is given once', async () => {
    const body = { name: 'Race', phone_number: number() };
    const answers = await Promise.all([1, 2, 3, 4].map(() => mine.post('/api/clients', body)));
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 400, 400, 400],
    );
  });

  await t.test(
    'a balance is sent back by owners and set by administrators, with an entry',
    async () => {
      const made = await create();
      const path = `/api/clients/${made.id}`;
      assert.equal((await mine.put(path, { balance_seconds: 0 })).status, 200);
      assert.equal((await mine.put(path, { balance_seconds: 60 })).status, 403);
      const rich = { name: 'Rich', balance_seconds: 60 };
      assert.equal((await mine.post('/api/clients', rich)).status, 403);
      const set = await api.as(admin).put(path, { balance_seconds: 60 });
      assert.equal(set.json.balance_seconds, 60);
      const given = { seconds: 30, reason: 'Sorry' };
      assert.equal((await mine.post(`${path}/adjustments`, given)).status, 403);
      assert.equal((await api.as(other).post(`${path}/adjustments`, given)).status, 404);
      const adjusted = await api.as(admin).post(`${path}/adjustments`, given);
      assert.deepEqual([adjusted.status, adjusted.json.balance_seconds], [201, 90]);
      for (const body of [
        { seconds: 0, reason: 'x' },
        { seconds: 1.5, reason: 'x' },
        { seconds: 1, reason: ' ' },
        { seconds: 1 },
      ]) {
        const refused = await api.as(admin).post(`${path}/adjustments`, body);
        assert.equal(refused.status, 400);
        assert.match(Object.keys(refused.json).join(), /^(seconds|reason)$/);
      }
      const entries = await api.database.general`
      SELECT kind, delta_seconds AS seconds, meta->>'by' AS by FROM ledger WHERE client_id = ${made.id} ORDER BY id`;
      assert.deepEqual(
        entries.map((each) => ({ ...each })),
        [
          { kind: 'adjust', seconds: 60, by: admin.id },
          { kind: 'adjust', seconds: 30, by: admin.id },
        ],
      );
    },
  );

  await t.test('the balance that is shown is less what a running call has used', async () => {
    const made = await create();
    await api.as(admin).put(`/api/clients/${made.id}`, { balance_seconds: 100 });
    const leaseId = newId(0);
    const lease = { leaseId, leaseSeconds: 60, headroomSeconds: 30 };
    const admission = await admitLease(api.database.general, {
      ...lease,
      clientId: made.id,
      callSid: leaseId,
      streamSid: leaseId,
      owner: 'test',
      secondsMin: 1,
    });
    assert.equal(admission.status, 'ok');
    await beatLease(api.database.general, { ...lease, epoch: 1, usedSeconds: 12 });
    const read = (await mine.get(`/api/clients/${made.id}`)).json;
    assert.equal(read.balance_seconds, 88);
    assert.equal((await mine.put(`/api/clients/${made.id}`, read)).status, 200);
    await beatLease(api.database.general, { ...lease, epoch: 1, usedSeconds: 17 });
    for (const sender of [mine, api.as(admin)]) {
      // The call has gone on since it was read.
      const sent = await sender.put(`/api/clients/${made.id}`, { balance_seconds: 88 });
      assert.deepEqual([sent.status, sent.json.balance_seconds], [200, 83]);
    }
    const set = await api.as(admin).put(`/api/clients/${made.id}`, { balance_seconds: 500 });
    assert.equal(set.json.balance_seconds, 500, 'as it is shown, with the call that runs');
  });

  await t.test('a balance that is set twenty times at once is set once', async () => {
    const made = await create();
    const path = `/api/clients/${made.id}`;
    await api.as(admin).post(`${path}/adjustments`, { seconds: -100, reason: 'A debt' });
    const bodies = Array.from({ length: 20 }, () => ({ balance_seconds: 600 }));
    const answers = await Promise.all(bodies.map((body) => api.as(admin).put(path, body)));
    assert.ok(answers.every(({ status, json }) => status === 200 && json.balance_seconds === 600));
    const moved = await api.database.general`
      SELECT delta_seconds AS seconds FROM ledger WHERE client_id = ${made.id} ORDER BY id`;
    assert.deepEqual(
      moved.map(({ seconds }) => seconds),
      [-100, 700],
    );
    const before = (await api.as(admin).get('/api/clients?limit=100')).json.length;
    const slip = { name: 'Slip', balance_seconds: 1_000_000_000 };
    const refused = await api.as(admin).post('/api/clients', slip);
    assert.deepEqual([refused.status, Object.keys(refused.json)], [400, ['balance_seconds']]);
    assert.equal((await api.as(admin).get('/api/clients?limit=100')).json.length, before);
  });

  await t.test('a deleted client takes no call, and its number is free at once', async () => {
    const made = await create();
    const path = `/api/clients/${made.id}`;
    const gone = await mine.delete(path);
    assert.deepEqual(gone.json, { message: 'Client deleted successfully' });
    assert.equal(await findCalledClient(api.database.general, made.phone_number), undefined);
    assert.equal((await mine.get(path)).status, 404);
    assert.equal((await mine.delete(path)).status, 404);
    await create({ phone_number: made.phone_number });
  });

  await t.test('a moderator reads and writes nothing', async () => {
    const made = await create();
    const moderator = api.as(await api.user({ role: 'moderator' }));
    assert.equal((await moderator.get(`/api/clients/${made.id}`)).status, 200);
    assert.equal((await moderator.put(`/api/clients/${made.id}`, { name: 'x' })).status, 403);
    assert.equal((await moderator.post('/api/clients', { name: 'x' })).status, 403);
    assert.equal((await moderator.delete(`/api/clients/${made.id}`)).status, 403);
  });

  await t.test('pages follow one another', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/api/clients?limit=3';
    while (path) {
      const { json, headers } = await mine.get(path);
      seen.push(...json.map(({ id }: { id: string }) => id));
      path = /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1];
    }
    const all = (await mine.get('/api/clients?limit=100')).json as { id: string }[];
    assert.deepEqual(
      seen,
      all.map(({ id }) => id),
    );
    assert.equal((await mine.get('/api/clients?limit=0')).status, 400);
    assert.equal((await mine.get('/api/clients?limit=101')).status, 400);
    const far = await mine.get('/api/clients?offset=10001');
    assert.match(far.json.offset[0], /cursor/);
  });

  await t.test('what may be chosen is listed', async () => {
    const choices = (await mine.get('/api/client-choices')).json;
    assert.deepEqual(choices.llm_models, vendorChoices.llmModels);
    const german = choices.languages.find((each: any) => each.language === 'de-DE');
    assert.match(german.greeting, /^Willkommen bei \{name\}\./);
    assert.match(german.recording_notice, /aufgezeichnet/);
  });
});

test('a zone is one that calendars and the database know, not what only formats take', async (t) => {
  const api = await startTestApi(t);
  const [owner, admin] = [await api.user(), await api.user({ role: 'admin' })];
  const mine = api.as(owner);
  for (const zone of ['IST', 'ACT', 'SystemV/PST8', 'US/Pacific-New', 'Factory']) {
    const made = await mine.post('/api/clients', { name: zone, zone });
    assert.equal(made.status, 400, `${zone}: ${made.text}`);
    assert.ok(made.json.zone);
  }
  for (const zone of ['EST', 'Etc/GMT+5', 'america/new_york', 'Europe/Kyiv']) {
    assert.equal((await mine.post('/api/clients', { name: zone, zone })).status, 201, zone);
  }
  assert.equal((await mine.get('/api/clients')).json.length, 4);
  assert.equal((await api.as(admin).get('/api/overview')).status, 200);
});
