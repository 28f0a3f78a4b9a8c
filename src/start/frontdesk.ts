// Puts the server together: database, vendors, metering, reception, HTTP; and takes it apart in the order that loses nothing.

import { buildInternalServer, buildServer } from '../http/server.ts';
import { Tick } from '../lib/clock.ts';
import { ActiveCalls } from '../reception/calls/active-calls.ts';
import { Commands } from '../reception/doors/commands.ts';
import type { AdmittedCall } from '../reception/calls/admit.ts';
import { openDesk } from '../reception/calls/desk.ts';
import { LiveEvents } from '../reception/records/live-events.ts';
import { TurnsUnderWay } from '../reception/records/turns-under-way.ts';
import { parsePhoneNumber } from '../telephony/phone-number.ts';
import { apiParts } from './routes/api-parts.ts';
import { startBackground } from './background.ts';
import { openCalendars } from './calendars.ts';
import { openCallTaker } from './call-taker.ts';
import { carrierParts } from './routes/carrier-parts.ts';
import { mayDial } from './routes/dialling.ts';
import { openDoors } from './routes/doors.ts';
import { AFTER_CALLS_MS, drainCalls } from './drain-calls.ts';
import { layFoundation } from './foundation.ts';
import type { Frontdesk, FrontdeskParts } from './frontdesk-parts.ts';
import { listenInternally } from './internal-listener.ts';
import { ownerParts } from './routes/owner-parts.ts';
import { openRecordings } from './recordings.ts';
import { version } from './services.ts';
import { openVendors } from './vendors.ts';

export type { Frontdesk, FrontdeskParts, Timers } from './frontdesk-parts.ts';

/** One timer of this period serves the lines of all calls. */
const LINE_TICK_MS = 20;

/** Listens when it resolves. */
export async function startFrontdesk(parts: FrontdeskParts): Promise<Frontdesk> {
  const ending = new AbortController();
  const hardStop = new AbortController();
  let draining = false;

  const foundation = await layFoundation(parts);
  const { config, clock, log, timers, owner, database, sql, general, metrics } = foundation;
  const { metering, voiceDetection, fetch, sealer, jwtSecret } = foundation;
  const vendors = await openVendors(foundation);
  const { circuits, door, transcribe, clips } = vendors;
  const calendars = openCalendars({
    config,
    sql: general,
    clock,
    log,
    sealer,
    secret: jwtSecret,
    timers: timers.calendar,
  });
  const recordings = openRecordings(foundation);
  const commands = new Commands({ sql: general, clock, log });
  const activeCalls = new ActiveCalls();
  const live = await LiveEvents.open({
    sql: general,
    clock,
    log,
    tell(callId, control) {
      const call = activeCalls.find(callId);
      call?.control.push(control);
      return call !== undefined;
    },
  });
  const desk = {
    sql,
    clock,
    log,
    fetch,
    sealer,
    openCalendar: (clientId: string) => calendars.open(sql, clientId),
    parsePhone: (text: string) => parsePhoneNumber(text, 'US'),
    mayDial,
  };
  const answering = {
    sql,
    clock,
    log,
    owner,
    voiceDetection,
    vendors: vendors.warm,
    clips,
    live,
    underWay: new TurnsUnderWay({ sql, clock, log }),
    metrics,
    commands,
    openDesk: (call: AdmittedCall) => openDesk(desk, call),
    openRecorder: (call: AdmittedCall, sampleRate: number) => recordings.open(call, sampleRate),
  };
  const calls = openCallTaker(
    {
      answering,
      activeCalls,
      callsMax: config.callsMax,
      draining: () => draining,
      onOver: () => background.reviewIsDue(),
    },
    hardStop.signal,
  );

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
    commands,
    calls,
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
    trustedProxies: config.trustedProxies,
    metrics: { metrics, metricsToken: config.metricsToken },
    dashboard: parts.dashboard,
    api: apiParts({
      config,
      sql: general,
      clock,
      log,
      jwtSecret,
      version: version(),
      limits: parts.limits,
      doors: doors.parts,
      owners: ownerParts({ foundation, vendors, calendars, recordings, live, tick, calls }),
    }),
    ...carrierParts({ foundation, vendors, activeCalls, live, tick, calls }),
  });
  const background = startBackground({ foundation, vendors, calendars, recordings }, ending.signal);
  const internal = await buildInternalServer({ log, sql: general, metrics });
  const internalAddress = await listen().catch(async (error: unknown) => {
    // A port that is taken must not leave half a process behind.
    await end();
    throw error;
  });
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

  async function listen(): Promise<string> {
    if (parts.speakFirst) await clips.make(parts.speakFirst);
    await server.listen({ host: config.host, port: config.port });
    return listenInternally(internal, config.internal, log);
  }

  async function end(): Promise<void> {
    hardStop.abort(new Error('the process ends'));
    await activeCalls.emptyWithin(clock, AFTER_CALLS_MS / 4);
    ending.abort(new Error('the process ends'));
    await live[Symbol.asyncDispose]();
    await Promise.all([server.close(), internal.close()]);
    await background.over;
    vendors.warm[Symbol.dispose]();
    calls[Symbol.dispose]();
    doors[Symbol.dispose]();
    circuits[Symbol.dispose]();
    await metering[Symbol.asyncDispose]();
    voiceDetection[Symbol.dispose]();
    await database.close();
  }
}
