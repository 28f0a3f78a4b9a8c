// Several vendors as one service: who is tried, in which order, and what is open.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chain, openFirst } from '../../src/pipeline/fallback.ts';
import type { Member } from '../../src/pipeline/fallback.ts';
import { testChain } from '../support/chains.ts';
import { settle, VirtualClock } from '../support/clock.ts';

function begin(t: { after(act: () => void): void }, ...names: string[]) {
  const clock = new VirtualClock();
  const parts = testChain(clock);
  t.after(() => parts[Symbol.dispose]());
  const open: string[] = [];
  const away = new Set<string>();
  const members = names.map((name): Member<string[]> => ({
    name,
    circuit: parts.circuits.of({ service: 'thinking', vendor: name, key: 'k' }),
    async open() {
      if (away.has(name)) throw new Error(`${name} is away`);
      open.push(name);
      return Object.assign([name], {
        [Symbol.dispose]: () => void open.splice(open.indexOf(name), 1),
      });
    },
  }));
  const chain = new Chain(members, parts);
  const tried = () => [...chain.attempts()].map((member) => member.name);
  return { clock, chain, members, open, away, tried };
}

test('in order, without those that failed a short while ago; when all did, the first', async (t) => {
  const { chain, members, clock, tried } = begin(t, 'a', 'b');
  assert.deepEqual(tried(), ['a', 'b']);
  chain.failed(members[0]!, new Error('away'));
  assert.deepEqual(tried(), ['b']);
  assert.equal(chain.hasOther(members[0]!), true);
  assert.equal(chain.hasOther(members[1]!), false);
  chain.failed(members[1]!, new Error('away'));
  assert.deepEqual(tried(), ['a']);
  await clock.advance(10_000);
  assert.deepEqual(tried(), ['a', 'b']);
  assert.equal(chain.better(members[1]!), members[0]);
  assert.equal(chain.better(members[0]!), undefined);
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
