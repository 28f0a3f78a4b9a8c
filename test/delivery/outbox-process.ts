// A process that sends text messages until it is killed: `outbox-process.ts <database> <url of the carrier> <account>`.

import { runOutbox } from '../../src/delivery/outbox-worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openGuardedFetch } from '../../src/lib/guarded-fetch.ts';
import { quietLog } from '../../src/lib/log.ts';
import { openSealer } from '../../src/lib/sealing.ts';
import { openDatabase } from '../../src/store/database/sql.ts';
import { openCarrierCalls } from '../../src/telephony/twilio-rest.ts';

const [connection, baseUrl, accountSid] = process.argv.slice(2) as [string, string, string];
const parts = { clock: systemClock, log: quietLog };
const database = openDatabase({ connection, ...parts });
const carrier = await openCarrierCalls({ accountSid, authToken: 'token', baseUrl });
await runOutbox(
  {
    ...parts,
    sql: database.general,
    fetch: openGuardedFetch({ clock: systemClock, loopbackOrigins: [] }),
    sealer: openSealer(['k'.repeat(32)]),
    sendSms: (sms) => carrier.sendSms(sms),
    listSms: (between) => carrier.listSms(between),
    mayText: () => true,
  },
  new AbortController().signal,
);
