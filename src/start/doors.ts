// What the other doors are given: the settings that may change, and the receptionist in text.

import type { Config } from '../config.ts';
import type { ApiParts } from '../http/api.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { Chats } from '../reception/chat.ts';
import type { ChatParts } from '../reception/chat.ts';
import { Gateway } from '../reception/gateway.ts';
import type { GatewayParts } from '../reception/gateway.ts';
import type { VendorDoor } from '../reception/open-vendors.ts';
import { Settings } from '../reception/settings.ts';
import type { Sql } from '../store/sql.ts';

export interface DoorSources {
  readonly config: Config;
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly door: VendorDoor;
  readonly transcribe: GatewayParts['transcribe'];
  readonly openDesk: ChatParts['openDesk'];
  /** The end of the process. */
  readonly signal: AbortSignal;
}

export interface Doors extends Disposable {
  readonly parts: ApiParts['doors'];
}

export function openDoors(sources: DoorSources): Doors {
  const settings = new Settings(sources);
  const chats = new Chats({ ...sources, settings });
  const gateway = new Gateway({ ...sources, settings });
  const { vapi } = sources.config;
  return { parts: { chats, gateway, vapi }, [Symbol.dispose]: () => chats[Symbol.dispose]() };
}
