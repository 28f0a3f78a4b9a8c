// Does the first caller after a start wait longer? Fresh servers, and calls one after the other: `node bench/first-call.ts 5 10`.
// Stand-ins and phone are warm before; what is slow at first is the server's. A third argument puts the database so many ms away.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../src/lib/clock.ts';
import { newId } from '../src/lib/ids.ts';
import { parseConnection } from '../src/store/database/connection.ts';
import { greeted } from '../test/support/product/after-call.ts';
import { testDatabase } from '../test/support/database/database.ts';
import { startRig } from '../test/support/product/rig.ts';
import { startServerProcess } from '../test/support/product/server-process.ts';
import { startSlowProxy } from '../test/support/servers/slow-proxy.ts';
import { saveTestClient } from '../test/support/product/test-client.ts';
import { percentile, printMachine } from './support/measure.ts';

/** Stand-ins and phone are measured, too, if they are cold. */
const WARM_UP_CALLS = 3;

const [startsText = '5', callsText = '10', awayText = '0'] = process.argv.slice(2);
const calls = Number(callsText);
/** Printed. */
const shown = [...new Set([1, 2, calls])];
const names = ['/voice', 'greeting', 'answer', 'answer with a tool'] as const;
type Figures = Record<(typeof names)[number], number>;

await using stack = new AsyncDisposableStack();
const store = await testDatabase();
stack.defer(() => store.close());
const connection = Number(awayText) > 0 ? await awayBy(Number(awayText)) : store.connection;
const rig = await startRig(stack);
const client = await saveTestClient(store.database.general, newId(Date.now()), {
  seconds: 1_000_000,
});

printMachine();
await run(WARM_UP_CALLS);
const runs: Figures[][] = [];
for (let start = 0; start < Number(startsText); start += 1) runs.push(await run(calls));

console.log(
  `| median of ${runs.length} starts, slowest | ${shown.map((n) => `call ${n}`).join(' | ')} |`,
);
console.log(`| --- |${' --- |'.repeat(shown.length)}`);
for (const name of names) {
  const cells = shown.map((n) => {
    const values = runs.map((calls) => calls[n - 1]![name]);
    return `${percentile(values, 0.5).toFixed(0)}, ${Math.max(...values).toFixed(0)} ms`;
  });
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
await stack.disposeAsync();
process.exit(0);

/** The same database, over a line on which answers take so long. */
async function awayBy(ms: number): Promise<string> {
  const { address } = parseConnection(store.connection);
  const proxy = await startSlowProxy({ after: (act) => stack.defer(act) }, address);
  proxy.delayMs = ms;
  const url = new URL(store.connection);
  url.search = '';
  url.host = `127.0.0.1:${proxy.port}`;
  return url.href;
}

/** So many calls to a server that has just started. */
async function run(count: number): Promise<Figures[]> {
  await using running = new AsyncDisposableStack();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'frontdesk-bench-'));
  running.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const env = { ...rig.env, DATA_DIR: dataDir, DATABASE_URL: connection, LOG_LEVEL: 'warn' };
  const server = await startServerProcess({ after: (act) => running.defer(act) }, env);
  const figures: Figures[] = [];
  for (let index = 0; index < count; index += 1) figures.push(await place(index));
  await server.kill('SIGTERM');
  return figures;
}

async function place(index: number): Promise<Figures> {
  rig.says.push(`what are your opening hours in week ${index}`, 'when can I come tomorrow');
  rig.openai.script(
    'We open at nine.',
    { text: '', calls: [{ name: 'get_available_slots', arguments: { date: 'tomorrow' } }] },
    'I have nine, ten and eleven. Which one would you like?',
  );
  const call = rig.call({ to: client.number });
  await greeted(call);
  await call.say(rig.voice('what are your opening hours'));
  await call.reply(700);
  await call.say(rig.voice('when can I come tomorrow'));
  await call.reply(700);
  call.hangUp();
  const { times } = await call.ended;
  const asked = call.history.find(({ type }) => type === 'webhook');
  const [answer, withTool] = times.responses;
  // The server settles the call.
  await systemClock.sleep(500);
  return {
    '/voice': asked?.type === 'webhook' ? asked.elapsedMs : Number.NaN,
    greeting: times.greetingMs ?? Number.NaN,
    answer: answer?.responseMs ?? Number.NaN,
    'answer with a tool': withTool?.responseMs ?? Number.NaN,
  };
}
