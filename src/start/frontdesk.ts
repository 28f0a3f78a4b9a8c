// Puts the server together: database, vendors, metering, reception, HTTP; and takes it apart in the order that loses nothing.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { openMetering } from '../billing/meter.ts';
import { reapAll, reapEndedCall } from '../billing/reaper.ts';
import { buildInternalServer, buildServer } from '../http/server.ts';
import { Tick } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { openGuardedFetch } from '../lib/guarded-fetch.ts';
import { Metrics } from '../lib/metrics.ts';
import { openSealer } from '../lib/sealing.ts';
import { Circuits } from '../pipeline/circuit.ts';
import { openVoiceDetection } from '../pipeline/audio/voice-detector.ts';
import type { Transport } from '../pipeline/types.ts';
import { ActiveCalls } from '../reception/active-calls.ts';
import { admit, admitBrowser } from '../reception/admit.ts';
import type { AdmittedCall } from '../reception/admit.ts';
import { answer } from '../reception/answer.ts';
import { openDesk } from '../reception/desk.ts';
import { LiveEvents } from '../reception/live-events.ts';
import { WarmVendors } from '../reception/open-vendors.ts';
import { Doorbell } from '../reception/ring.ts';
import { Strain } from '../reception/strain.ts';
import { VoiceClips } from '../reception/voice-clips.ts';
import { openDatabase } from '../store/sql.ts';
import { parsePhoneNumber } from '../telephony/phone-number.ts';
import { openCarrierCalls } from '../telephony/twilio-rest.ts';
import { redirectTwiml, transferTwiml } from '../telephony/twiml.ts';
import { apiParts } from './api-parts.ts';
import { startBackground } from './background.ts';
import { loadGoogle, openCalendars } from './calendars.ts';
import { openDoors } from './doors.ts';
import { AFTER_CALLS_MS, drainCalls } from './drain-calls.ts';
import { renewClips } from './renew-clips.ts';
import type { Frontdesk, FrontdeskParts } from './frontdesk-parts.ts';
import { openSecrets } from './secrets.ts';
import { version } from './services.ts';
import { mayDial, newCallOf, tellMachine, transferOf } from './dialling.ts';
import { openRecordings } from './recordings.ts';
import { listenInternally } from './internal-listener.ts';
import { openTill } from './open-till.ts';
import { recordingDoor } from './recording-door.ts';
import { loadVendors, ownModels, vendorDoor } from './vendor-door.ts';

export type { Frontdesk, FrontdeskParts, Timers } from './frontdesk-parts.ts';

/** One timer of this period serves the lines of all calls. */
const LINE_TICK_MS = 20;

/** Listens when it resolves. */
export async function startFrontdesk(parts: FrontdeskParts): Promise<Frontdesk> {
  const { config, clock, log, timers, dataDir } = parts;
  const owner = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const ending = new AbortController();
  const hardStop = new AbortController();
  const { connection, databaseRole: role } = parts;
  const database = openDatabase({ connection, role, clock, log });
  const { calls: sql, general } = database;
  let draining = false;

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
  ]);
  // After the journal: a call it can charge in full is no orphan.
  if (parts.soleOwner) await reapAll(meterParts);
  const circuits = new Circuits({ clock, log });
  const transcribe = recordingDoor({ config, clock, log });
  const door = vendorDoor({ config, clock, log, circuits });
  const vendors = new WarmVendors({ door, clock, log });
  const clips = await VoiceClips.open({
    sql: general,
    clock,
    log,
    directory: new URL('../../assets/clips/', import.meta.url),
    openVoice: (client, signal) => door.openVoice(client, signal),
  });
  const { loopbackOrigins } = config;
  const guardedFetch = openGuardedFetch({ clock, loopbackOrigins });
  const { sealingKey, jwtSecret } = openSecrets(config, dataDir);
  const sealer = openSealer([sealingKey, ...config.sealingKeysPrevious]);
  const calendars = openCalendars({
    config,
    sql: general,
    clock,
    log,
    sealer,
    secret: jwtSecret,
    timers: timers.calendar,
  });
  const recordings = openRecordings({ config, sql, general, clock, log, dataDir });
  const activeCalls = new ActiveCalls();
  const strain = new Strain(clock);
  const live = await LiveEvents.open({
    sql: general,
    clock,
    log,
    hangUp(callId) {
      const call = activeCalls.find(callId);
      call?.control.push({ type: 'end', reason: 'owner' });
      return call !== undefined;
    },
  });
  const signature = {
    publicUrl: config.publicUrl,
    authTokens: config.twilio.authTokens,
  };
  const desk = {
    sql,
    clock,
    log,
    fetch: guardedFetch,
    sealer,
    openCalendar: (clientId: string) => calendars.open(sql, clientId),
    parsePhone: (text: string) => parsePhoneNumber(text, 'US'),
    mayDial,
  };
  const doorbell = new Doorbell({
    sql,
    clock,
    log,
    startSecondsMin: timers.meter.startSecondsMin,
    full,
    prepare(callSid, client) {
      vendors.warm(callSid, client);
      void clips.make(client);
    },
  });

  const tick = new Tick(clock, LINE_TICK_MS);
  const doors = openDoors({
    config,
    database,
    clock,
    log,
    version: version(),
    door,
    transcribe,
    circuits,
    activeCalls,
    metrics,
    live,
    tick,
    owner,
    full,
    takeCall,
    openDesk: (call) => openDesk({ ...desk, sql: general }, call),
    signal: hardStop.signal,
  });

  const server = await buildServer({
    log,
    health: {
      clock,
      version: version(),
      draining: () => draining,
      checkDatabase: () => database.check(),
      services: doors.services,
    },
    voice: {
      log,
      signature,
      doorbell,
      callEnded,
    },
    trustedProxies: config.trustedProxies,
    metrics: { metrics, metricsToken: config.metricsToken },
    dashboard: parts.dashboard,
    api: apiParts({
      config,
      sql: general,
      clock,
      log,
      dataDir,
      version: version(),
      limits: parts.limits,
      doors: doors.parts,
      owners: {
        live,
        till,
        llmModels: Object.values(ownModels(config)).filter((name) => name !== undefined),
        openCalendar: (clientId) => calendars.open(general, clientId),
        calendars: calendars.connecting,
        syncCalendar: (clientId) => calendars.sync(clientId),
        openVoice: (client, signal) => door.openVoice(client, signal),
        sealer,
        fetch: guardedFetch,
        loopbackOrigins,
        shelf: recordings.shelf,
        calendarNamed: (clientId) => void calendars.named(clientId),
        clientDeleted: (clientId) => void calendars.part(clientId),
        makeClips: (clientId) => void renewClips({ sql: general, clips, log }, clientId),
        outbound: {
          sql: general,
          clock,
          log,
          startSecondsMin: timers.meter.startSecondsMin,
          mayDial,
          full,
          place: (call) => carrier.placeCall(newCallOf(config.publicUrl, call)),
        },
        browserCalls: {
          clock,
          tick,
          log,
          timers: timers.stream,
          admit(call) {
            if (full()) throw new AppError('unavailable', 'this process takes no more calls');
            return admitBrowser({ sql, clock, metering, owner }, call);
          },
          answer: takeCall,
        },
      },
    }),
    sms: { sql: general, log, signature },
    transfers: { sql, clock, log, signature, doorbell },
    outbound: {
      sql,
      log,
      signature,
      doorbell,
      callEnded,
      onMachine: (call) => tellMachine({ sql, log, activeCalls, carrier }, call),
    },
    mediaStream: {
      log,
      signature,
      stream: {
        clock,
        tick,
        log,
        calls: carrier,
        accountSid: config.twilio.accountSid,
        timers: timers.stream,
        transferTwiml: (target) => transferTwiml(transferOf(config.publicUrl, target)),
        handOverTwiml: (keys) => redirectTwiml(`${config.publicUrl}/voice/after`, keys),
      },
      admit: (stream) => admit({ sql, clock, metering, owner }, stream),
      answer: takeCall,
    },
  });
  const background = startBackground(
    {
      sql,
      general,
      clock,
      log,
      meterTimers: timers.meter,
      till,
      door,
      transcribe,
      fetch: guardedFetch,
      sealer,
      carrier,
      calendars,
      recordings,
      clips,
    },
    ending.signal,
  );
  const internal = await buildInternalServer({ log, sql: general, metrics });
  if (parts.speakFirst) await clips.make(parts.speakFirst);
  await server.listen({ host: config.host, port: config.port });
  const internalAddress = await listenInternally(internal, config.internal, log);
  const bound = server.server.address();
  const port = typeof bound === 'object' && bound ? bound.port : config.port;
  let ended: Promise<void> | undefined;
  return {
    address: `http://${config.host}:${port}`,
    port,
    internalAddress,
    activeCalls,
    vendorHealth: () => circuits.health(),
    async drain(ms) {
      draining = true;
      await drainCalls({ activeCalls, publicUrl: config.publicUrl, clock, log }, ms);
      ended ??= end();
      await ended;
    },
  };

  async function callEnded(callSid: string): Promise<void> {
    await reapEndedCall(meterParts, callSid).catch((error: unknown) =>
      log.warn('ended call not settled', { callSid, error }),
    );
  }

  function full(): boolean {
    const { size } = activeCalls;
    return draining || size >= config.callsMax || strain.tooMuchFor(size);
  }

  /** Until the call is stored and charged. */
  function takeCall(call: AdmittedCall, line: Transport & { supersede(): void }): Promise<void> {
    const answering = answer(
      {
        sql,
        clock,
        log,
        owner,
        voiceDetection,
        vendors,
        clips,
        live,
        metrics,
        commands: doors.commands,
        openDesk: (admitted) => openDesk(desk, admitted),
        openRecorder: (admitted, sampleRate) => recordings.open(admitted, sampleRate),
      },
      call,
      line,
      hardStop.signal,
    );
    const { callId, callSid, client, control } = call;
    const supersede = () => line.supersede();
    void answering.then(() => background.reviewIsDue());
    activeCalls.add({ callId, callSid, clientId: client.id, control, supersede }, answering);
    return answering;
  }

  async function end(): Promise<void> {
    hardStop.abort(new Error('the process ends'));
    await activeCalls.emptyWithin(clock, AFTER_CALLS_MS / 4);
    ending.abort(new Error('the process ends'));
    await live[Symbol.asyncDispose]();
    await Promise.all([server.close(), internal.close()]);
    await background.over;
    vendors[Symbol.dispose]();
    strain[Symbol.dispose]();
    doors[Symbol.dispose]();
    circuits[Symbol.dispose]();
    await metering[Symbol.asyncDispose]();
    voiceDetection[Symbol.dispose]();
    await database.close();
  }
}
