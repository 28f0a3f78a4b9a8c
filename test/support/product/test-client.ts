// A business for whole-call tests: open around the clock, with tools, credit and a number of its own.

import { adjustBalance } from '../../../src/billing/metering/adjust.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { saveNewClient } from '../../../src/store/clients/clients.ts';
import { defaultHours, saveOpeningHours } from '../../../src/store/clients/opening-hours.ts';
import { saveUser } from '../../../src/store/accounts/users.ts';
import type { Sql } from '../../../src/store/database/sql.ts';

export interface TestClient {
  readonly id: string;
  /** E.164 */
  readonly number: string;
}

export interface TestClientOptions {
  /** Credit; an hour unless told. */
  readonly seconds?: number;
  readonly greeting?: string;
  readonly name?: string;
  readonly fallbackNumber?: string;
  readonly concurrencyMax?: number;
  readonly isActive?: boolean;
}

/** Clients of this process, each with a number of its own. */
let saved = 0;

/** Saves owner, client, hours and credit. */
export async function saveTestClient(
  sql: Sql,
  id: string,
  options: TestClientOptions = {},
): Promise<TestClient> {
  saved += 1;
  const number = `+1202555${String(saved).padStart(4, '0')}`;
  const ownerId = await saveUser(sql, {
    id: newId(systemClock.now()),
    email: `owner-${id}@example.com`,
    name: 'Owner',
    role: 'user',
  });
  await saveNewClient(sql, {
    id,
    ownerId,
    name: options.name ?? 'Test Business',
    phoneNumber: number,
    zone: 'America/New_York',
    systemPrompt: '',
    initialGreeting: options.greeting ?? 'Hello, how can I help you?',
    disclosure: '',
    llmModel: 'openai/gpt-4o-mini',
    sttModel: 'nova-2-phonecall',
    ttsProvider: 'cartesia',
    ttsVoiceId: '',
    enabledTools: [
      'get_available_slots',
      'book_appointment',
      'reschedule_appointment',
      'cancel_appointment',
    ],
  });
  const allDay = [{ opens: '00:00', closes: '24:00' }];
  const hours = {
    ...defaultHours,
    weekly: Array.from({ length: 7 }, () => allDay),
    leadMinutes: 0,
  };
  await saveOpeningHours(sql, id, hours);
  await sql`
    UPDATE clients SET fallback_number = ${options.fallbackNumber ?? null},
      concurrency_max = ${options.concurrencyMax ?? 10}, is_active = ${options.isActive ?? true}
    WHERE id = ${id}`;
  const seconds = options.seconds ?? 3600;
  if (seconds > 0) {
    await adjustBalance(sql, {
      clientId: id,
      deltaSeconds: seconds,
      reason: 'for a test',
      by: 'test',
      idemKey: `test:${id}`,
    });
  }
  return { id, number };
}
