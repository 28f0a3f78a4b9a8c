// What the routes of the carrier are given: its webhooks about calls, transfers and texts, and the streams of its calls.

import { reapEndedCall } from '../../billing/metering/reaper.ts';
import type { ServerParts } from '../../http/server.ts';
import type { Tick } from '../../lib/clock.ts';
import type { ActiveCalls } from '../../reception/calls/active-calls.ts';
import { admit } from '../../reception/calls/admit.ts';
import type { LiveEvents } from '../../reception/records/live-events.ts';
import { Doorbell } from '../../reception/calls/ring.ts';
import { callerGone } from '../../reception/tools/transfers.ts';
import { redirectTwiml, transferTwiml } from '../../telephony/twiml.ts';
import type { CallTaker } from '../call-taker.ts';
import { tellMachine, transferOf } from './dialling.ts';
import type { Foundation } from '../foundation.ts';
import type { Vendors } from '../vendors.ts';

export interface CarrierSources {
  readonly foundation: Foundation;
  readonly vendors: Pick<Vendors, 'warm' | 'clips'>;
  readonly activeCalls: ActiveCalls;
  readonly live: LiveEvents;
  readonly tick: Tick;
  readonly calls: CallTaker;
}

export function carrierParts(
  sources: CarrierSources,
): Pick<ServerParts, 'voice' | 'sms' | 'transfers' | 'outbound' | 'mediaStream'> {
  const { foundation, activeCalls, live, tick, calls } = sources;
  const { warm, clips } = sources.vendors;
  const { config, sql, general, clock, log, timers, owner, metering, carrier } = foundation;
  const { publicUrl, twilio } = config;
  const signature = { publicUrl, authTokens: twilio.authTokens };
  const doorbell = new Doorbell({
    sql,
    clock,
    log,
    startSecondsMin: timers.meter.startSecondsMin,
    full: () => calls.full(),
    prepare(callSid, client) {
      warm.warm(callSid, client);
      void clips.make(client);
    },
  });
  return {
    voice: { log, signature, doorbell, callEnded },
    sms: { sql: general, log, signature },
    transfers: { sql, clock, log, signature, doorbell },
    outbound: {
      sql,
      log,
      signature,
      doorbell,
      callEnded,
      onMachine: (call, how) => tellMachine({ sql, log, activeCalls, live, carrier }, call, how),
    },
    mediaStream: {
      log,
      signature,
      stream: {
        clock,
        tick,
        log,
        calls: carrier,
        accountSid: twilio.accountSid,
        timers: timers.stream,
        transferTwiml: (target) => transferTwiml(transferOf(publicUrl, target)),
        handOverTwiml: (keys) => redirectTwiml(`${publicUrl}/voice/after`, keys),
      },
      admit: (stream) => admit({ sql, clock, metering, owner }, stream),
      answer: (call, line) => calls.take(call, line),
    },
  };

  async function callEnded(callSid: string): Promise<void> {
    const meter = { sql, clock, log, timers: timers.meter };
    await reapEndedCall(meter, callSid).catch((error: unknown) =>
      log.warn('ended call not settled', { callSid, error }),
    );
    await callerGone({ sql, clock }, callSid).catch((error: unknown) =>
      log.warn('a caller may be missed and not told of', { callSid, error }),
    );
  }
}
