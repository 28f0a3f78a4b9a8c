// Several vendors as one service: who is tried, in which order, and what is open.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chain, openFirst } from '../../../src/pipeline/fallback/fallback.ts';
import type { Member } from '../../../src/pipeline/fallback/fallback.ts';
import { testChain } from '../../support/virtual-calls/chains.ts';
import { settle, VirtualClock } from '../../support/clock.ts';

function begin(t: { after(act: () => void): void }, ...names: string[]) {
  const clock = new VirtualClock();
  const parts = testChain(clock);
  t.after(() => parts[Symbol.dispose]());
  const open: string[] = [];
  const away = new Set<string>();
  /** Openings that go on until they are made to fail. */
  const stuck: { fail(): void }[] = [];
  const slow = new Set<string>();
  const members = names.map((name): Member<string[]> => ({
    name,
    pricedAs: name,
    circuit: parts.circuits.of({ service: 'thinking', vendor: name, key: 'k' }),
    async open() {
      if (away.has(name)) throw new Error(`${name} is away`);
      if (slow.has(name)) {
        await new Promise<never>((_, reject) =>
          stuck.push({ fail: () => reject(new Error(`${name} is stuck`)) }),
        );
      }
      open.push(name);
      return Object.assign([name], {
        [Symbol.dispose]: () => void open.splice(open.indexOf(name), 1),
      });
    },
  }));
  const chain = new Chain(members, parts);
  const tried = () => [...chain.attempts()].map((member) => member.name);
  return { clock, chain, members, open, away, slow, stuck, tried, parts };
}

test('in order, those last that failed a short while ago; when all did, the first', async (t) => {
  const { chain, members, clock, tried } = begin(t, 'a', 'b');
  assert.deepEqual(tried(), ['a', 'b']);
  chain.failed(members[0]!, new Error('away'));
  assert.deepEqual(tried(), ['b', 'a']);
  assert.equal(chain.hasOther(members[0]!), true);
  assert.equal(chain.hasOther(members[1]!), false);
  chain.failed(members[1]!, new Error('away'));
  assert.deepEqual(tried(), ['a']);
  await clock.advance(10_000);
  assert.deepEqual(tried(), ['a', 'b']);
  assert.equal(chain.better(members[1]!), members[0]);
  assert.equal(chain.better(members[0]!), undefined);
});

test('one that rests is tried when all others have failed, nobody twice, and none that all leave alone', (t) => {
  const { chain, members, tried } = begin(t, 'a', 'b', 'c');
  const attempts: string[] = [];
  for (const member of chain.attempts()) {
    attempts.push(member.name);
    chain.failed(member, new Error('away'));
  }
  assert.deepEqual(attempts, ['a', 'b', 'c']);
  // Two failures in a row, and no call asks it any more.
  chain.failed(members[0]!, new Error('away'));
  assert.deepEqual(tried(), ['b']);
  chain.failed(members[1]!, new Error('away'));
  chain.failed(members[2]!, new Error('away'));
  assert.deepEqual(tried(), ['a']);
});

test('a call that finds all left alone tries the first, and the one that has had longest to recover', async (t) => {
  const { chain, members, clock, parts, tried } = begin(t, 'a', 'b', 'c');
  for (const index of [1, 2, 0]) {
    for (let count = 0; count < 2; count += 1) chain.failed(members[index]!, new Error('away'));
    await clock.advance(100);
  }
  assert.deepEqual(tried(), ['a'], 'not by the call in which they failed a moment ago');
  const another = new Chain(members, parts);
  assert.deepEqual(
    [...another.attempts()].map(({ name }) => name),
    ['a', 'b'],
  );
  // One that all believe to work is tried first, and is not the end.
  members[2]!.circuit.succeeded();
  assert.deepEqual(
    [...another.attempts()].map(({ name }) => name),
    ['c', 'b'],
  );
  another.worked(members[1]!);
  assert.equal(members[1]!.circuit.health.state, 'closed', 'and all ask it again');
});

test('who comes while a vendor is being opened for an earlier turn has a try of its own when that fails', async (t) => {
  const { chain, members, open, slow, stuck } = begin(t, 'a');
  slow.add('a');
  const first = chain.session(members[0]!);
  const [second, third] = [chain.session(members[0]!), chain.session(members[0]!)];
  slow.clear();
  stuck[0]!.fail();
  await assert.rejects(first, /a is stuck/);
  assert.equal(await second, await third);
  assert.deepEqual(open, ['a']);
  assert.equal(await chain.session(members[0]!), await second);
});

test('what fails to open late takes no newer session away; after the call nothing is opened', async (t) => {
  const { chain, members, open, slow, stuck } = begin(t, 'a');
  slow.add('a');
  const given = chain.session(members[0]!);
  chain.close(members[0]!);
  slow.clear();
  const session = await chain.session(members[0]!);
  stuck[0]!.fail();
  await assert.rejects(given, /a is stuck/);
  assert.equal(await chain.session(members[0]!), session);
  chain.close(members[0]!);
  slow.add('a');
  void chain.session(members[0]!).catch(() => {});
  const joined = chain.session(members[0]!);
  chain[Symbol.dispose]();
  slow.clear();
  stuck[1]!.fail();
  await assert.rejects(joined, /a is stuck/);
  await settle();
  assert.deepEqual(open, []);
});

test('a session is opened once, closed when it failed, and opened anew', async (t) => {
  const { chain, members, open, away } = begin(t, 'a', 'b');
  away.add('a');
  assert.equal((await openFirst(chain)).name, 'b');
  assert.deepEqual(open, ['b']);
  const session = await chain.session(members[1]!);
  assert.equal(await chain.session(members[1]!), session);
  chain.failed(members[1]!, new Error('broke'));
  await settle();
  assert.deepEqual(open, []);
  assert.notEqual(await chain.session(members[1]!), session);
  chain[Symbol.dispose]();
  await settle();
  assert.deepEqual(open, []);
});

test('when none can be opened, the last reason is told', async (t) => {
  const { chain, away } = begin(t, 'a', 'b');
  away.add('a').add('b');
  await assert.rejects(openFirst(chain), /b is away/);
});
