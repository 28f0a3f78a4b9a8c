// The API with vendors behind it: stand-ins that follow a script, and an owner with a business that has credit.

import { adjustBalance } from '../../../src/billing/metering/adjust.ts';
import { startTestApi } from './api.ts';
import type { TestApi, TestApiOptions, TestUser } from './api.ts';
import { startRig } from './rig.ts';
import type { Rig, RigOptions } from './rig.ts';

export interface Doors extends TestApi {
  readonly rig: Rig;
  readonly owner: TestUser;
  /** The database, for a process of its own. */
  readonly connection: string;
  /** The owner's client; its balance is `CREDIT_SECONDS`. */
  readonly clientId: string;
  /** The address of a socket. */
  socketUrl(path: string): string;
  /** The token of `user` as the header of an upgrade. */
  bearer(user: TestUser): { authorization: string };
}

export const CREDIT_SECONDS = 600;

export async function startDoors(
  t: { after(act: () => Promise<void>): void },
  options: TestApiOptions & RigOptions = {},
): Promise<Doors> {
  const stack = new AsyncDisposableStack();
  const rig = await startRig(stack, options);
  const { PORT: _port, PUBLIC_URL: _url, JWT_SECRET: _secret, ...vendors } = rig.env;
  const api = await startTestApi(t, { ...options, env: { ...vendors, ...options.env } });
  // After the API, which the vendors serve.
  t.after(() => stack.disposeAsync());
  const owner = await api.user();
  const made = await api.as(owner).post('/api/clients', {
    name: 'Test Business',
    initial_greeting: 'Hello, how can I help you?',
  });
  const clientId = made.json.id as string;
  await adjustBalance(api.database.general, {
    clientId,
    deltaSeconds: CREDIT_SECONDS,
    reason: 'for a test',
    by: 'test',
    idemKey: `test:${clientId}`,
  });
  return {
    ...api,
    rig,
    owner,
    clientId,
    socketUrl: (path) => `${api.url.replace(/^http/, 'ws')}${path}`,
    bearer: ({ accessToken }) => ({ authorization: `Bearer ${accessToken}` }),
  };
}
