// What the routes of owners are given: calendars, recordings, payments, voices, and calls from the browser and to people.

import type { ApiParts } from '../../http/api.ts';
import type { Tick } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { admitBrowser } from '../../reception/calls/admit.ts';
import type { LiveEvents } from '../../reception/records/live-events.ts';
import { SpeechBudget } from '../../reception/stored-speech/speech-budget.ts';
import type { CallTaker } from '../call-taker.ts';
import type { Calendars } from '../calendars.ts';
import { mayDial, newCallOf } from './dialling.ts';
import type { Foundation } from '../foundation.ts';
import type { Recordings } from '../recordings.ts';
import { renewClips } from '../renew-clips.ts';
import { ownModels } from '../vendor-door.ts';
import type { Vendors } from '../vendors.ts';

export interface OwnerSources {
  readonly foundation: Foundation;
  readonly vendors: Pick<Vendors, 'door' | 'clips'>;
  readonly calendars: Calendars;
  readonly recordings: Pick<Recordings, 'shelf'>;
  readonly live: LiveEvents;
  readonly tick: Tick;
  readonly calls: CallTaker;
}

export function ownerParts(sources: OwnerSources): ApiParts['owners'] {
  const { foundation, calendars, live, tick, calls } = sources;
  const { door, clips } = sources.vendors;
  const { config, sql, general, clock, log, timers, owner, metering, carrier } = foundation;
  const full = () => calls.full();
  const speech = new SpeechBudget(general, config.sandbox === 'on');
  return {
    live,
    till: foundation.till,
    llmModels: Object.values(ownModels(config)).filter((name) => name !== undefined),
    openCalendar: (clientId) => calendars.open(general, clientId),
    calendars: calendars.connecting,
    syncCalendar: (clientId) => calendars.sync(clientId),
    openVoice: (client, signal) => door.openVoice(client, signal),
    sealer: foundation.sealer,
    fetch: foundation.fetch,
    loopbackOrigins: config.loopbackOrigins,
    shelf: sources.recordings.shelf,
    calendarNamed: (clientId) => void calendars.named(clientId),
    clientDeleted: (clientId) => void calendars.part(clientId),
    speech,
    payForClips: async (client, before) =>
      speech.take(
        { clientId: client.id, ownerId: client.ownerId },
        await clips.missing(client, before),
      ),
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
      answer: (call, line) => calls.take(call, line),
    },
  };
}
