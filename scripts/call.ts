// `npm run call`: phones the running server through the sandbox's phone and tells the story as it happens.

import { resolve } from 'node:path';
import type { CallSummary } from '../sandbox/phone/call-events.ts';
import { readSandboxState } from '../sandbox/state-file.ts';
import type { SandboxState } from '../sandbox/state-file.ts';
import { findCallRecord } from './call/after-call.ts';
import { help, readCallOptions } from './call/options.ts';
import type { CallOptions } from './call/options.ts';
import { placeCall } from './call/place-call.ts';
import { meansToBook, scriptFor } from './call/script.ts';
import { formatRecord } from './call/record.ts';
import { faultOf, formatEnd, openStory } from './call/story.ts';

try {
  const options = readCallOptions(process.argv.slice(2), process.env);
  if (!options) console.log(help);
  else if (!(await run(options))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** True when every call was good. */
async function run(options: CallOptions): Promise<boolean> {
  const state = findRunningSandbox(options.dataDir);
  const to = options.to ?? state.demo?.number;
  if (to === undefined)
    throw new Error('There is no demo client to phone: say whom with --to NUMBER.');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('You hung up.')));
  const quiet = options.json || options.calls > 1;
  const print = quiet ? () => {} : (line: string) => console.log(line);
  const first = scriptFor(options, to, 0);
  const name = first.to === state.demo?.number ? ` (${state.demo.name})` : '';
  print(`Calling ${first.to}${name} from ${first.from}\n`);
  const results = await Promise.all(
    Array.from({ length: options.calls }, (_, index) =>
      oneCall({ state, options, to, index, print }, stop.signal),
    ),
  );
  if (options.calls > 1 && !options.json) {
    const good = results.filter(Boolean).length;
    console.log(`\n${good} of ${options.calls} calls were good.`);
  }
  return results.every(Boolean);
}

interface OneCall {
  readonly state: SandboxState;
  readonly options: CallOptions;
  readonly to: string;
  readonly index: number;
  readonly print: (line: string) => void;
}

async function oneCall(
  { state, options, to, index, print }: OneCall,
  signal: AbortSignal,
): Promise<boolean> {
  const story = openStory(print);
  const heard: string[] = [];
  let summary: CallSummary | undefined;
  for await (const event of placeCall(state.phone, scriptFor(options, to, index), signal)) {
    if (options.json) console.log(JSON.stringify({ call: index, ...event }));
    else story(event);
    if (event.type === 'agent-said' && event.text !== null) heard.push(event.text);
    if (event.type === 'ended') summary = event.summary;
  }
  if (!summary) throw new Error('The sandbox went away during the call.');
  const record = await findCallRecord(options.dataDir, summary.callSid, options.record);
  if (options.json) {
    if (record) console.log(JSON.stringify({ call: index, type: 'record', record }));
  } else if (options.calls > 1) {
    const { times, durationMs } = summary;
    const waits = times.responses.map(({ responseMs }) => `${Math.round(responseMs)}`).join(' ');
    console.log(
      `call ${index + 1}: ${summary.status} after ${(durationMs / 1000).toFixed(1)} s, ` +
        `greeting ${Math.round(times.greetingMs ?? -1)} ms, answers ${waits || 'none'} ms` +
        (record?.outcome ? `, ${record.outcome}` : ''),
    );
  } else {
    print('');
    for (const line of formatEnd(summary, record)) print(line);
    if (options.record && record) for (const line of formatRecord(record)) print(line);
  }
  const fault = faultOf({ summary, record, heard, books: meansToBook(options) });
  if (fault !== undefined) console.error(`Call ${index + 1} was not good: ${fault}.`);
  return fault === undefined;
}

function findRunningSandbox(dataDir: string): SandboxState {
  const state = readSandboxState(dataDir);
  if (state && isRunning(state.pid)) return state;
  throw new Error(
    `No sandbox is running on ${resolve(dataDir)}: start it with npm start (without vendor keys), ` +
      'then call again. --data-dir names another directory.',
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process exists, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
