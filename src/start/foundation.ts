// What everything else of the server stands on: database, metering, voice detection, carrier, payments, keys. Opened before any call.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { openMetering } from '../billing/metering/meter.ts';
import type { Metering } from '../billing/metering/meter.ts';
import { reapAll } from '../billing/metering/reaper.ts';
import type { Till } from '../billing/payments/till.ts';
import { openGuardedFetch } from '../lib/guarded-fetch.ts';
import type { GuardedFetch } from '../lib/guarded-fetch.ts';
import { Metrics } from '../lib/metrics.ts';
import { openSealer } from '../lib/sealing.ts';
import type { Sealer } from '../lib/sealing.ts';
import { openVoiceDetection } from '../pipeline/audio/voice-detector.ts';
import type { VoiceDetection } from '../pipeline/audio/voice-detector.ts';
import { endLostSessions } from '../store/accounts/session-grants.ts';
import { endOrphans } from '../store/conversations/conversations.ts';
import { openDatabase } from '../store/database/sql.ts';
import type { Database, Sql } from '../store/database/sql.ts';
import { openCarrierCalls } from '../telephony/twilio-rest.ts';
import type { Carrier } from '../telephony/twilio-rest.ts';
import { loadGoogle } from './calendars.ts';
import type { FrontdeskParts } from './frontdesk-parts.ts';
import { openTill } from './open-till.ts';
import { openSecrets } from './sandbox/secrets.ts';
import { loadVendors } from './vendor-door.ts';

export interface Foundation extends Pick<
  FrontdeskParts,
  'config' | 'clock' | 'log' | 'timers' | 'dataDir'
> {
  /** This process, in what it holds of the calls. */
  readonly owner: string;
  readonly database: Database;
  /** The pool of the calls: they wait for nobody. */
  readonly sql: Sql;
  readonly general: Sql;
  readonly metrics: Metrics;
  readonly metering: Metering;
  readonly voiceDetection: VoiceDetection;
  readonly carrier: Carrier;
  readonly till: Till | undefined;
  /** For addresses that owners name. */
  readonly fetch: GuardedFetch;
  readonly sealer: Sealer;
  readonly jwtSecret: string;
}

/** What an earlier process left running is settled, where nobody else uses the database. */
export async function layFoundation(parts: FrontdeskParts): Promise<Foundation> {
  const { config, clock, log, timers, dataDir, connection, databaseRole: role } = parts;
  const owner = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const database = openDatabase({ connection, role, clock, log });
  const { calls: sql, general } = database;
  const metrics = new Metrics();
  const onBeat = metrics.beat.bind(metrics);
  const meterParts = { sql, clock, log, timers: timers.meter, owner, onBeat };
  const [metering, voiceDetection, carrier, till] = await Promise.all([
    openMetering({ ...meterParts, journalDir: path.join(dataDir, 'journal') }),
    openVoiceDetection({ clock, log }),
    openCarrierCalls({
      accountSid: config.twilio.accountSid ?? 'AC'.padEnd(34, '0'),
      authToken: config.twilio.authTokens[0] ?? '',
      baseUrl: config.twilio.url,
    }),
    openTill(config, clock),
    loadVendors({ config }),
    loadGoogle(config, general),
    database.connect(),
  ]);
  // After the journal: a call it can charge in full is no orphan.
  if (parts.soleOwner) {
    await reapAll(meterParts);
    await endOrphans(general, 'all', (conversationId, error) =>
      log.error('a conversation of an earlier process cannot be ended', { conversationId, error }),
    );
    await endLostSessions(general, 'all');
  }
  const { sealingKey, jwtSecret } = openSecrets(config, dataDir);
  return {
    config,
    clock,
    log,
    timers,
    dataDir,
    owner,
    database,
    sql,
    general,
    metrics,
    metering,
    voiceDetection,
    carrier,
    till,
    fetch: openGuardedFetch({ clock, loopbackOrigins: config.loopbackOrigins }),
    sealer: openSealer([sealingKey, ...config.sealingKeysPrevious]),
    jwtSecret,
  };
}
