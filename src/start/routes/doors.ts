// What the other doors are given: settings and commands that may change, the receptionist in text, probes and metrics.

import type { Config } from '../../config.ts';
import type { ApiParts } from '../../http/api.ts';
import type { HealthParts } from '../../http/routes/service/health.ts';
import type { Clock, Tick } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { LoopDelay } from '../../lib/loop-delay.ts';
import type { MeasuredVendor, Metrics } from '../../lib/metrics.ts';
import type { Circuits } from '../../pipeline/fallback/circuit.ts';
import type { HearRecording } from '../../pipeline/whole-recording.ts';
import type { ActiveCalls } from '../../reception/calls/active-calls.ts';
import { admitSession } from '../../reception/doors/admit-session.ts';
import { Chats } from '../../reception/doors/chat.ts';
import type { ChatParts } from '../../reception/doors/chat.ts';
import type { Commands } from '../../reception/doors/commands.ts';
import { Gateway } from '../../reception/doors/gateway.ts';
import type { VendorDoor } from '../../reception/calls/open-vendors.ts';
import type { LiveEvents } from '../../reception/records/live-events.ts';
import { ServiceProbes } from '../../reception/service-probes.ts';
import { Settings } from '../../reception/settings.ts';
import type { Database } from '../../store/database/sql.ts';
import { joinRoom } from '../../telephony/livekit-room.ts';
import type { CallTaker } from '../call-taker.ts';
import { services } from '../services.ts';

/** How often it is measured how long the pools keep somebody waiting. */
const POOL_SAMPLE_MS = 5000;
/** In the sandbox somebody unknown may try the assistant for so long a day. */
const ANONYMOUS_SECONDS = 600;

export interface DoorSources {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly door: VendorDoor;
  readonly circuits: Circuits;
  readonly activeCalls: ActiveCalls;
  readonly metrics: Metrics;
  readonly live: LiveEvents;
  readonly tick: Tick;
  readonly owner: string;
  readonly commands: Commands;
  readonly calls: CallTaker;
  readonly transcribe: HearRecording;
  readonly openDesk: ChatParts['openDesk'];
  /** The end of the process. */
  readonly signal: AbortSignal;
}

export interface Doors extends Disposable {
  readonly parts: ApiParts['doors'];
  readonly services: HealthParts['services'];
}

export function openDoors(sources: DoorSources): Doors {
  const { config, database, clock, log, circuits, activeCalls, metrics, owner } = sources;
  const { commands, calls } = sources;
  const sql = database.general;
  const sandbox = config.sandbox !== 'off';
  const defaults = sandbox ? { anonymous_allowance_seconds: ANONYMOUS_SECONDS } : {};
  const settings = new Settings({ sql, clock, defaults });
  const chats = new Chats({ ...sources, sql, settings });
  const gateway = new Gateway({ ...sources, sql, settings });
  const probes = new ServiceProbes({ ...sources, settings });
  const startedMs = clock.elapsed();
  const vendors = (): MeasuredVendor[] =>
    circuits.health().map(({ service, vendor, successes, failures, state }) => ({
      service,
      vendor,
      successes,
      failures,
      used: state !== 'open',
    }));
  metrics.watch('frontdesk_calls_active', 'Calls that run now.', () => activeCalls.size);
  metrics.watchVendors(vendors);
  const loopDelay = new LoopDelay(clock);
  metrics.watchLoop(() => loopDelay.read());
  const sampling = clock.every(POOL_SAMPLE_MS, () => void samplePools(database, clock, metrics));
  return {
    parts: {
      chats,
      gateway,
      vapi: config.vapi,
      live: sources.live,
      livekit: config.livekit,
      anonymousSessions: config.anonymousSessions,
      sessions: {
        owner,
        admit(asked) {
          if (calls.full()) throw new AppError('unavailable', 'this process takes no more calls');
          return admitSession({ sql, clock, settings, owner }, asked);
        },
        async join(asked) {
          if (!config.livekit) throw new AppError('not_configured', 'LiveKit is not configured');
          return joinRoom({ config: config.livekit, clock, log, tick: sources.tick }, asked);
        },
        answer: (call, line) => calls.take(call, line),
      },
      version: sources.version,
      settings,
      commands,
      probes,
      vendors,
      running: {
        calls: () => activeCalls.size,
        uptimeSeconds: () => Math.floor((clock.elapsed() - startedMs) / 1000),
      },
      loopDelay: () => loopDelay.read(),
      checkDatabase: () => database.check(),
    },
    services: () => ({ ...services(config), ...found(probes) }),
    [Symbol.dispose]() {
      sampling[Symbol.dispose]();
      loopDelay[Symbol.dispose]();
      chats[Symbol.dispose]();
    },
  };
}

/** What the last probe found, where there was one. */
function found(probes: ServiceProbes): Partial<ReturnType<HealthParts['services']>> {
  const { known } = probes;
  return known ? { stt: known.stt.state, llm: known.llm.state, tts: known.tts.state } : {};
}

/** How long an empty statement takes on each pool: waiting for a connection is most of it. */
async function samplePools(database: Database, clock: Clock, metrics: Metrics): Promise<void> {
  for (const pool of ['calls', 'general'] as const) {
    const startedMs = clock.elapsed();
    try {
      await database.check(undefined, pool);
      metrics.poolWait(pool, (clock.elapsed() - startedMs) / 1000);
    } catch {
      // What is away is not slow; other metrics and probes show it.
    }
  }
}
