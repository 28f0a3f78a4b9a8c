// The demo owner and business of the sandbox: something to call on the first start.

import { adjustBalance } from '../../billing/metering/adjust.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import {
  LLM_MODEL_DEFAULT,
  STT_MODEL_DEFAULT,
  TTS_PROVIDER_DEFAULT,
} from '../../pipeline/vendors.ts';
import { passagesOf } from '../../reception/tools/knowledge.ts';
import { saveCallerLimits } from '../../store/calls/caller-limits.ts';
import { findCalledClient, saveNewClient } from '../../store/clients/clients.ts';
import type { Client } from '../../store/clients/clients.ts';
import { insertSection } from '../../store/clients/knowledge.ts';
import { insertTransferTarget } from '../../store/clients/transfer-targets.ts';
import { defaultHours, saveOpeningHours } from '../../store/clients/opening-hours.ts';
import { insertPackage } from '../../store/money/packages.ts';
import type { Package } from '../../store/money/packages.ts';
import { saveUser } from '../../store/accounts/users.ts';
import type { Sql } from '../../store/database/sql.ts';

export const demo = {
  ownerEmail: 'owner@demo.frontdesk.example',
  clientName: 'Bright Smile Dental',
  /** A number nobody has: 555-0100 to 0199 are kept free for fiction. */
  phoneNumber: '+12025550123',
  zone: 'America/New_York',
  seconds: 3600,
} as const;

/** What the demo business lets its receptionist know: enough to be asked about. */
const knowledge = [
  [
    'Address',
    '12 Harbor Street, Suite 4, Springfield. Parking is behind the house, free for an hour.',
  ],
  [
    'Prices',
    'A check-up costs $85. A cleaning costs $120. Whitening starts at $350. We take Visa and Mastercard.',
  ],
  ['Insurance', 'We take most insurance plans. Please bring your card.'],
  ['Length', 'A check-up takes 30 minutes, a cleaning 45.'],
] as const;
/** Takes the call: see sandbox/called-people.ts. */
const person = { name: 'Dr. Lee', phoneNumber: '+12025550148', description: 'The dentist' };

/** What the sandbox sells. Ids of their own, so that a restart adds none. */
const packages: readonly Package[] = (
  [
    ['top_up', '1 hour', 'Talk time that never expires.', 1500, 3600],
    ['top_up', '5 hours', 'A month of a small practice.', 6000, 18_000],
    ['top_up', '20 hours', 'For busy lines.', 20_000, 72_000],
    ['plan', 'Starter', '4 hours every month; what is left is kept.', 4900, 14_400],
    ['plan', 'Business', '20 hours every month; what is left is kept.', 19_900, 72_000],
  ] as const
).map(([kind, name, description, amount, seconds], position) => ({
  id: `019a8e2c-7d3f-7a10-8000-00000000000${position}`,
  kind,
  name,
  description,
  currency: 'usd',
  amount,
  seconds,
  position,
  isActive: true,
}));

/** Makes packages, owner, client, opening hours and 60 minutes, unless they are there. Gives the client. */
export async function ensureDemo({ sql, clock }: { sql: Sql; clock: Clock }): Promise<Client> {
  for (const each of packages) await insertPackage(sql, each);
  const found = await findCalledClient(sql, demo.phoneNumber);
  if (found) return found;
  const ownerId = await saveUser(sql, {
    id: newId(clock.now()),
    email: demo.ownerEmail,
    name: 'Demo Owner',
    role: 'user',
  });
  const id = newId(clock.now());
  await saveNewClient(sql, {
    id,
    ownerId,
    name: demo.clientName,
    phoneNumber: demo.phoneNumber,
    zone: demo.zone,
    systemPrompt:
      'A friendly dental practice. Book appointments, move or cancel them, and take messages for the dentist.',
    initialGreeting: `Thank you for calling ${demo.clientName}. How can I help you?`,
    disclosure: 'You are speaking with our virtual receptionist.',
    llmModel: LLM_MODEL_DEFAULT,
    sttModel: STT_MODEL_DEFAULT,
    ttsProvider: TTS_PROVIDER_DEFAULT,
    ttsVoiceId: '',
    enabledTools: [
      'get_available_slots',
      'book_appointment',
      'reschedule_appointment',
      'cancel_appointment',
    ],
  });
  await saveOpeningHours(sql, id, defaultHours);
  for (const [position, [title, text]] of knowledge.entries()) {
    const section = { id: newId(clock.now()), clientId: id, title, text, position };
    await insertSection(sql, section, passagesOf(text));
  }
  const target = { ...person, id: newId(clock.now()), clientId: id, position: 0, isActive: true };
  await insertTransferTarget(sql, target);
  // The sandbox is called all day, by one and the same number.
  await saveCallerLimits(sql, id, {
    concurrentMax: 100,
    callsMax: 10_000,
    callerSecondsMax: null,
    clientSecondsMax: null,
    blockWithheld: false,
  });
  await adjustBalance(sql, {
    clientId: id,
    deltaSeconds: demo.seconds,
    reason: 'Free minutes to try the sandbox.',
    by: 'sandbox',
    idemKey: `demo:${id}`,
  });
  const client = await findCalledClient(sql, demo.phoneNumber);
  if (!client) throw new Error('the demo client was just made');
  return client;
}
