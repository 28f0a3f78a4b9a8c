// The database is killed at the worst moment and comes back seconds later: nothing that was said or done is lost, and nothing is done twice.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { deliverDue } from '../../src/delivery/outbox-worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openGuardedFetch } from '../../src/lib/guarded-fetch.ts';
import { newId } from '../../src/lib/ids.ts';
import { quietLog } from '../../src/lib/log.ts';
import { openSealer } from '../../src/lib/sealing.ts';
import { keepAudioMessage } from '../../src/reception/stored-speech/audio-messages.ts';
import { placeOutboundCall } from '../../src/reception/outbound/outbound.ts';
import { takeMessageTool } from '../../src/reception/tools/tools.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { openShelf } from '../../src/recording/shelf.ts';
import { saveUser } from '../../src/store/accounts/users.ts';
import { findOutboundCall, updateOutboundCall } from '../../src/store/calls/outbound-calls.ts';
import { listRecordings } from '../../src/store/calls/recordings.ts';
import { saveConsent } from '../../src/store/calls/call-consents.ts';
import { saveLineSettings, usualLineSettings } from '../../src/store/clients/line-settings.ts';
import { openDatabase } from '../../src/store/database/sql.ts';
import type { Sql } from '../../src/store/database/sql.ts';
import { enqueueSms } from '../../src/store/service/outbox.ts';
import { assertBilled, eventually, finished, greeted } from '../support/product/after-call.ts';
import { bookingClient, conversationOf } from '../support/bookings/booking-client.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import { tempFolder, testServer } from '../support/database/test-server.ts';

const callerPhone = '+14155550111';
const clock = systemClock;

interface Here {
  readonly sql: Sql;
  readonly clientId: string;
  readonly callId: string;
  /** Kills the server; it is up again a second later, which `back` waits for. */
  readonly away: () => Promise<void>;
  readonly back: () => Promise<void>;
}

/** One for all of these tests: each kills it, and has it up again at its end. */
const server = await testServer({ after });
let clients = 0;

async function start(t: TestContext): Promise<Here> {
  const database = openDatabase({ connection: server.connection, clock, log: quietLog });
  t.after(() => database.close());
  const sql = database.calls;
  clients += 1;
  const clientId = await bookingClient(sql);
  await sql`UPDATE clients SET phone_number = ${`+1202555012${clients}`} WHERE id = ${clientId}`;
  const callId = await conversationOf(sql, clientId);
  let again = Promise.resolve();
  return {
    sql,
    clientId,
    callId,
    async away() {
      await server.kill('SIGKILL');
      again = clock.sleep(1000).then(() => server.start());
      again.catch(() => {});
    },
    back: () => again,
  };
}

describe('while the database is away', { concurrency: false }, () => {
  test('a text message that the carrier has taken is not sent again', async (t) => {
    const { sql, clientId, away, back } = await start(t);
    await enqueueSms(sql, { clientId, to: callerPhone, body: 'See you.', dedupeKey: '1' });
    let sent = 0;
    const parts = {
      sql,
      clock,
      log: quietLog,
      fetch: openGuardedFetch({ clock, loopbackOrigins: [] }),
      sealer: openSealer(['k'.repeat(32)]),
      mayText: () => true,
      listSms: async () => [],
      async sendSms() {
        sent += 1;
        await away();
        return { status: 'sent', sid: 'SM1' } as const;
      },
    };
    assert.equal(await deliverDue(parts), 1);
    await back();
    const [row] =
      await sql`SELECT state, carrier_sid AS sid FROM outbox WHERE client_id = ${clientId}`;
    assert.deepEqual({ ...row }, { state: 'delivered', sid: 'SM1' });
    await sql`UPDATE outbox SET not_before = clock_timestamp()`;
    assert.equal(await deliverDue(parts), 0);
    assert.equal(sent, 1);
  });

  test('a message that is taken is stored once, in words and as sound', async (t) => {
    const { sql, clientId, callId, away, back } = await start(t);
    await away();
    const context = {
      signal: t.signal,
      clientId,
      callId,
      callerPhone,
      hangUp() {},
      transfer() {},
      press() {},
      stay() {},
      said: () => [],
      typed: false,
    };
    const by = { clientId, conversationId: callId, callerName: '', callerPhone, language: 'en-US' };
    const sound = { samples: new Int16Array(8000), sampleRate: 8000, text: '' };
    const [taken] = await Promise.all([
      takeMessageTool({ sql, clock, language: 'en-US' }).run(
        { name: 'Ann', text: 'Call me.' },
        context,
      ),
      keepAudioMessage({ sql, clock }, by, sound),
    ]);
    await back();
    assert.equal(taken.outcome, 'message');
    const rows = await sql`SELECT text FROM messages WHERE client_id = ${clientId} ORDER BY text`;
    assert.deepEqual(
      rows.map(({ text }) => text as string),
      ['(voice message, 1 s)', 'Call me.'],
    );
    const [audio] = await sql`SELECT count(*)::int AS rows FROM message_audio`;
    assert.equal(audio!['rows'], 1);
  });

  test('a call that ends meanwhile has ended as it did, and is charged', async (t) => {
    const f = await startTestFrontdesk(t, { connection: server.connection });
    const call = f.call();
    await greeted(call);
    await server.kill('SIGKILL');
    call.hangUp();
    await call.ended;
    // After which the end of the conversation is to be stored.
    await eventually(
      'a charge that has to wait',
      async () =>
        f.log.some(({ msg }) => String(msg).startsWith('a call could not be charged')) || undefined,
    );
    await server.start();
    const record = await finished(f, call);
    assert.deepEqual(
      [record.conversation.endReason, record.conversation.outcome],
      ['caller', 'abandoned'],
    );
    assertBilled(record, record.summary.connectedMs);
  });

  test('a recording that begins is kept from its first moment on', async (t) => {
    const { sql, clientId, callId, away, back } = await start(t);
    const folder = tempFolder('frontdesk-recording-');
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const shelf = openShelf(folder, undefined);
    const call = { callId, clientId, sampleRate: 8000, keepDays: 1 };
    const recorder = new Recorder({ sql, clock, log: quietLog, shelf }, call, 0);
    await away();
    recorder.begin();
    for (let frame = 0; frame < 150; frame += 1) recorder.frame(new Int16Array(160), 0);
    await recorder.end();
    await back();
    const kept = await listRecordings(sql, { ownerId: undefined }, callId);
    assert.deepEqual(
      kept.map(({ bytes }) => bytes),
      [150 * 320],
    );
    assert.equal(await shelf.bytesOnDisk(kept[0]!.id), 150 * 320);
  });

  test('a call that was placed is told as placed, so that nobody places it again', async (t) => {
    const { sql, clientId } = await start(t);
    const createdBy = await saveUser(sql, {
      id: newId(clock.now()),
      email: 'owner@example.com',
      name: 'Owner',
      role: 'user',
    });
    const hours = { outboundEnabled: true, outboundFrom: '00:00', outboundUntil: '24:00' };
    await saveLineSettings(sql, clientId, { ...usualLineSettings, ...hours });
    await saveConsent(sql, clientId, { phoneNumber: callerPhone, state: 'given', source: 'owner' });
    const asked = {
      clientId,
      phoneNumber: callerPhone,
      purpose: 'reminder',
      text: 'Tomorrow at ten.',
      voicemailText: '',
      createdBy,
    } as const;
    const parts = {
      sql,
      clock,
      log: quietLog,
      startSecondsMin: 0,
      mayDial: () => true,
      full: () => false,
      async place() {
        // For longer than anybody is kept waiting.
        await server.kill('SIGKILL');
        return 'CA1';
      },
    };
    const placed = await placeOutboundCall(parts, asked);
    assert.deepEqual([placed.state, placed.callSid, placed.endedAt], ['ringing', 'CA1', null]);
    await server.start();
    // The carrier tells the rest.
    await updateOutboundCall(sql, placed.id, { state: 'in-progress', callSid: 'CA1' });
    const call = await findOutboundCall(sql, { ownerId: undefined }, placed.id);
    assert.deepEqual([call?.state, call?.callSid], ['in-progress', 'CA1']);
  });
});
