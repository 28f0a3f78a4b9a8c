// Two people change different settings of one client in the same moment: what each of them changed stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saveAutoTopUp, stopAutoTopUp } from '../../../../src/store/money/billing-accounts.ts';
import { startTestApi } from '../../../support/product/api.ts';
import { startBusiness } from '../../../support/product/business.ts';

const ROUNDS = 12;
type Pair = readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];

const ofClient: readonly [path: string, changes: (round: number) => Pair][] = [
  [
    '/line-settings',
    (round) => [
      { keypad_exit: round % 2 === 0, notify_numbers: [`+120255501${10 + round}`] },
      { outbound_from: `${10 + (round % 8)}:30`, transfer_mode: round % 2 ? 'warm' : 'cold' },
    ],
  ],
  [
    '/review-settings',
    (round) => [
      { is_enabled: round % 2 === 0 },
      { fields: [{ name: `field_${round}`, type: 'text', description: '' }] },
    ],
  ],
  [
    '/caller-limits',
    (round) => [
      { calls_max: round + 1, block_withheld: round % 2 === 0 },
      { caller_seconds_max: round % 2 ? null : 600 + round },
    ],
  ],
  [
    '',
    (round) => [
      { slot_minutes: round + 10, holidays: [{ date: '2999-01-01', name: `${round}`, hours: [] }] },
      { lead_minutes: round, horizon_days: round + 1 },
    ],
  ],
];

test('what two people set in the same moment stays', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const admin = await api.user({ role: 'admin' });
  const { client_id: clientId, package_id: packageId } = await startBusiness(api, owner);

  for (const [path, changes] of ofClient) {
    await t.test(`of a client: ${path}`, async () => {
      const url = `/api/clients/${clientId}${path}`;
      for (let round = 0; round < ROUNDS; round += 1) {
        const [one, other] = changes(round);
        await Promise.all([one, other].map((body) => api.as(owner).patch(url, body)));
        const { json } = await api.as(owner).get(url);
        assert.partialDeepStrictEqual(json, { ...one, ...other }, `round ${round}`);
      }
    });
  }

  await t.test('and no more of it than may be there', async () => {
    const url = `/api/clients/${clientId}`;
    const rival = (index: number) =>
      [
        [
          'tools',
          {
            name: `tool_${index}`,
            description: 'Tells something.',
            url: 'https://shop.example.com/',
          },
          20,
        ],
        ['mcp-servers', { name: `s${index}`, url: 'https://shop.example.com/mcp' }, 5],
        [
          'transfer-targets',
          { name: `P${index}`, phone_number: `+120255502${String(index).padStart(2, '0')}` },
          50,
        ],
      ] as const;
    for (const [kind, [path, , most]] of rival(0).entries()) {
      const made = await Promise.all(
        Array.from({ length: most + 10 }, (_, index) =>
          api.as(owner).post(`${url}/${path}`, rival(index)[kind]![1]),
        ),
      );
      const { json } = await api.as(owner).get(`${url}/${path}`);
      assert.equal(json.length, most, path);
      assert.ok(made.every(({ status }) => status === 201 || status === 400));
    }
  });

  await t.test('of a command of the bot', async () => {
    const url = '/admin/bot/commands';
    const command = { name: 'parking', triggers: ['parking'], reply: 'Behind the house.' };
    const made = await api.as(admin).post(url, command);
    for (let round = 0; round < ROUNDS; round += 1) {
      const one = { triggers: [`parking ${round}`] };
      const other = { description: `${round}`, is_active: round % 2 === 0 };
      await Promise.all(
        [one, other].map((body) => api.as(admin).put(`${url}/${made.json.id}`, body)),
      );
      const { json } = await api.as(admin).get(url);
      assert.partialDeepStrictEqual(json, [{ ...one, ...other }], `round ${round}`);
    }
  });

  await t.test(
    'and a top-up that a refused card has turned off is not turned on by it',
    async () => {
      const sql = api.database.general;
      await saveAutoTopUp(sql, clientId, { enabled: true, packageId });
      await Promise.all([
        stopAutoTopUp(sql, clientId, 'card_declined'),
        saveAutoTopUp(sql, clientId, { thresholdSeconds: 1800 }),
      ]);
      const { json } = await api.as(owner).get(`/api/clients/${clientId}/auto-top-up`);
      const stopped = { enabled: false, threshold_seconds: 1800, failure: 'card_declined' };
      assert.partialDeepStrictEqual(json, stopped);
    },
  );
});
