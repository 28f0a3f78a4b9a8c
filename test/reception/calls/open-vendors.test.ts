// Vendors opened while a call rings: claimed once, dropped when nobody comes, closed whatever happens.

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { quietLog } from '../../../src/lib/log.ts';
import { openVendors, WarmVendors } from '../../../src/reception/calls/open-vendors.ts';
import type { VendorDoor } from '../../../src/reception/calls/open-vendors.ts';
import type { Client } from '../../../src/store/clients/clients.ts';
import { VirtualClock } from '../../support/clock.ts';

const client = { id: 'client', llmModel: 'openai/gpt-4o-mini' } as Client;

/** A door that counts what is open; `fails` names what cannot be opened. */
function countingDoor(fails?: keyof VendorDoor) {
  const counts = { opened: 0, open: 0 };
  const open = (name: keyof VendorDoor) => (_client: Client, signal: AbortSignal) => {
    counts.opened += 1;
    if (name === fails) return Promise.reject(new Error('away'));
    counts.open += 1;
    assert.equal(signal.aborted, false);
    return Promise.resolve({ [Symbol.dispose]: () => void (counts.open -= 1) } as never);
  };
  const door: VendorDoor = {
    openHearing: open('openHearing'),
    openThinking: open('openThinking'),
    openSpeaking: open('openSpeaking'),
    openVoice: open('openVoice'),
    openConversing: open('openConversing'),
  };
  return { door, counts };
}

test('disposing closes all three, and one that failed hurts nobody', async () => {
  const { door, counts } = countingDoor('openThinking');
  const vendors = openVendors(door, client);
  await assert.rejects(vendors.parts().languageModel, /away/);
  assert.equal(counts.open, 2);
  vendors[Symbol.dispose]();
  await setImmediate();
  assert.equal(counts.open, 0);
});

test('what is warm is claimed once; without it, opened anew', async () => {
  const { door, counts } = countingDoor();
  const clock = new VirtualClock();
  using warm = new WarmVendors({ door, clock, log: quietLog });
  warm.warm('CA1', client);
  warm.warm('CA1', client);
  assert.equal(counts.opened, 3);
  const first = warm.claim('CA1', client);
  assert.equal(counts.opened, 3);
  const second = warm.claim('CA1', client);
  assert.equal(counts.opened, 6);
  assert.equal(clock.pending, 0);
  first[Symbol.dispose]();
  second[Symbol.dispose]();
  await setImmediate();
  assert.equal(counts.open, 0);
});

test('nobody comes: closed after ten seconds', async () => {
  const { door, counts } = countingDoor();
  const clock = new VirtualClock();
  using warm = new WarmVendors({ door, clock, log: quietLog });
  warm.warm('CA1', client);
  await clock.advance(9999);
  assert.equal(counts.open, 3);
  await clock.advance(2);
  assert.equal(counts.open, 0);
});

test('a flood of rings opens vendors for twenty, and the end closes them all', async () => {
  const { door, counts } = countingDoor();
  const clock = new VirtualClock();
  const warm = new WarmVendors({ door, clock, log: quietLog });
  for (let call = 0; call < 50; call += 1) warm.warm(`CA${call}`, client);
  assert.equal(counts.opened, 60);
  warm[Symbol.dispose]();
  await setImmediate();
  assert.deepEqual([counts.open, clock.pending], [0, 0]);
});

test('a model that hears and speaks takes the place of the three, which are opened only when they are asked for', async () => {
  const { door, counts } = countingDoor();
  const vendors = openVendors(door, { ...client, llmModel: 'openai/gpt-realtime' });
  assert.ok(vendors.model);
  assert.equal(counts.opened, 1);
  // A voice for what must be said word for word; the parts take the same.
  assert.equal(vendors.voice(), vendors.voice());
  assert.equal(counts.opened, 2);
  assert.equal(vendors.parts(), vendors.parts());
  assert.equal(counts.opened, 4);
  vendors[Symbol.dispose]();
  await setImmediate();
  assert.equal(counts.open, 0);
});
