// Which vendors are left alone, for how long, and how they come back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/lib/errors.ts';
import type { Upstream } from '../../../src/lib/errors.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { Circuits } from '../../../src/pipeline/fallback/circuit.ts';
import { VirtualClock } from '../../support/clock.ts';

const call = {};
const other = {};

function begin() {
  const clock = new VirtualClock();
  const circuits = new Circuits({ clock, log: quietLog });
  const circuit = circuits.of({ service: 'thinking', vendor: 'openai', key: 'secret' });
  let away = true;
  let probes = 0;
  const probe = async () => {
    probes += 1;
    if (away) throw new Error('still away');
  };
  return {
    clock,
    circuits,
    circuit,
    probes: () => probes,
    comesBack: () => (away = false),
    fails: (upstream?: Upstream) =>
      circuit.failed(
        new AppError('vendor_failed', 'openai: away', upstream ? { upstream } : {}),
        probe,
      ),
  };
}

test('one failure is bad luck, two in a row leave the vendor alone until it can be reached', async () => {
  const { clock, circuits, circuit, fails, probes, comesBack } = begin();
  fails();
  assert.equal(circuit.allows(call), true);
  circuit.succeeded();
  fails();
  assert.equal(circuit.allows(call), true);
  fails();
  assert.equal(circuit.allows(call), false);
  await clock.advance(4999);
  assert.equal(probes(), 0);
  await clock.advance(1);
  assert.equal(probes(), 1);
  // In vain: twice as long.
  await clock.advance(9999);
  assert.equal(probes(), 1);
  comesBack();
  await clock.advance(1);
  assert.equal(probes(), 2);
  assert.equal(circuit.health.state, 'half-open');
  // One call tries it; when nothing comes of that, another may.
  assert.equal(circuit.allows(call), true);
  assert.equal(circuit.allows(call), true);
  assert.equal(circuit.allows(other), false);
  await clock.advance(10_000);
  assert.equal(circuit.allows(other), true);
  circuit.succeeded();
  assert.equal(circuit.allows(call), true);
  assert.deepEqual([circuit.health.failures, circuit.health.successes], [3, 2]);
  circuits[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

test('a trial that fails leaves it alone for longer, up to a minute', async () => {
  const { clock, circuits, circuit, fails, comesBack } = begin();
  comesBack();
  fails();
  fails();
  for (const seconds of [5, 10, 20, 40, 60, 60]) {
    await clock.advance(seconds * 1000 - 1);
    assert.equal(circuit.health.state, 'open');
    await clock.advance(1);
    assert.equal(circuit.health.state, 'half-open');
    assert.equal(circuit.allows(call), true);
    fails();
  }
  circuits[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

test('what a request asks for in vain is not held against the vendor', () => {
  const { circuit, fails } = begin();
  for (const status of [400, 404, 422, 404, 413]) fails({ status });
  assert.equal(circuit.allows(call), true);
  assert.equal(circuit.health.failures, 5);
  assert.equal(circuit.health.lastFailure, 'openai: away');
});

test('too busy: as long as it says, at most a minute; a refused key: a minute', () => {
  for (const [upstream, ms] of [
    [{ status: 429, retryAfterMs: 7000 }, 7000],
    [{ status: 429 }, 2000],
    [{ status: 429, retryAfterMs: 3_600_000 }, 60_000],
    [{ status: 401 }, 60_000],
    [{ status: 402 }, 60_000],
  ] as const) {
    const { clock, circuits, circuit, fails } = begin();
    fails(upstream);
    assert.equal(circuit.allows(call), false);
    assert.equal(circuit.health.probeAt, clock.now() + ms);
    circuits[Symbol.dispose]();
  }
});

test('another key of the same vendor has a circuit of its own, and neither shows', () => {
  const { circuits, circuit, fails } = begin();
  fails();
  fails();
  const theirs = circuits.of({ service: 'thinking', vendor: 'openai', key: 'another' });
  assert.equal(theirs.allows(call), true);
  assert.equal(circuits.of({ service: 'thinking', vendor: 'openai', key: 'secret' }), circuit);
  const health = circuits.health();
  assert.deepEqual(health.map(({ vendor, state }) => `${vendor} ${state}`).toSorted(), [
    'openai closed',
    'openai open',
  ]);
  assert.ok(!JSON.stringify(health).includes('secret'));
  circuits[Symbol.dispose]();
});
