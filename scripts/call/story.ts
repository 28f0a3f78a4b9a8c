// Tells one call as it happens, a line for each thing a listener would notice.

import type { CallSummary, LineTimes } from '../../sandbox/phone/call-events.ts';
import type { CallRecord } from './after-call.ts';
import type { ReportedEvent } from './place-call.ts';

/** Column of the texts. */
const NAME_WIDTH = 8;

/**
 * A function that turns events into lines; it remembers what it needs of earlier ones. What the agent says is known when it
 * has been said, and told where it began: what happens meanwhile waits.
 */
export function openStory(print: (line: string) => void): (event: ReportedEvent) => void {
  const waiting: { readonly atMs: number; readonly line: string }[] = [];
  let speaking = false;
  let startedMs: number | undefined;
  let callerMs: number | undefined;
  let waitMs: number | undefined;
  let agentMs = 0;
  let greeted = false;

  return (event) => {
    switch (event.type) {
      case 'webhook':
        return tell(
          event.atMs,
          'carrier',
          `${path(event.url)} → ${event.status} in ${ms(event.elapsedMs)}`,
        );
      case 'verb':
        return tell(event.atMs, 'TwiML', verb(event.name, event.text));
      case 'dial':
        return tell(event.atMs, 'carrier', `dials ${event.target}: ${event.status}`);
      case 'called-hears':
        return tell(event.atMs, 'called', `hears: ${event.text}`);
      case 'called-presses':
        return tell(event.atMs, 'called', `presses ${event.keys}`);
      case 'bridged':
        return tell(event.atMs, 'carrier', `connects the caller with ${event.target}`);
      case 'stream-started':
        startedMs ??= event.atMs;
        return tell(event.atMs, 'line', 'connected');
      case 'stream-ended':
        return tell(
          event.atMs,
          'line',
          `closed by the ${closer[event.by]} after ${seconds(event.connectedMs)}`,
        );
      case 'caller-speaks':
        return tell(event.atMs, 'caller', event.text);
      case 'caller-quiet':
        callerMs = event.atMs;
        return undefined;
      case 'agent-speaks':
        speaking = true;
        agentMs = event.atMs;
        waitMs = callerMs === undefined ? undefined : event.atMs - callerMs;
        callerMs = undefined;
        return undefined;
      case 'agent-said': {
        const text = event.text ?? `(speech, ${seconds(event.atMs - agentMs)})`;
        const first = !greeted && startedMs !== undefined;
        greeted = true;
        const note = first
          ? `   [greeting ${ms(agentMs - startedMs!)} after connecting]`
          : waitMs === undefined
            ? ''
            : `   [after ${ms(waitMs)}]`;
        waitMs = undefined;
        speaking = false;
        return tell(agentMs, 'agent', text + note);
      }
      case 'clear':
        return tell(event.atMs, 'line', `silenced; ${ms(event.droppedMs)} of speech dropped`);
      case 'key':
        return tell(event.atMs, 'caller', `presses ${event.digit}`);
      case 'update':
        return tell(event.atMs, 'server', `changes the call by REST: ${event.change}`);
      case 'warning':
        return tell(event.atMs, 'carrier', `warning ${event.code}: ${event.message}`);
      case 'remark':
        return tell(event.atMs, 'caller', `(${event.text})`);
      case 'status':
        return tell(event.atMs, 'carrier', event.status);
      case 'ended':
        speaking = false;
        return tellWaiting();
      case 'agent-quiet':
      case 'mark':
        return undefined;
    }
  };

  function tell(atMs: number, who: string, text: string): void {
    const line = `${(atMs / 1000).toFixed(2).padStart(7)}  ${who.padEnd(NAME_WIDTH)} ${text}`;
    waiting.push({ atMs, line });
    if (!speaking) tellWaiting();
  }

  function tellWaiting(): void {
    waiting.sort((one, other) => one.atMs - other.atMs);
    for (const { line } of waiting.splice(0)) print(line);
  }
}

/** The figures of a call, and what the server has stored of it. */
export function formatEnd(summary: CallSummary, record: CallRecord | undefined): string[] {
  const { times } = summary;
  const waits = times.responses.map(({ responseMs }) => responseMs).toSorted((a, b) => a - b);
  const lines = [
    `ended      ${summary.status}, by the ${ender[summary.endedBy]}, after ${seconds(summary.durationMs)}` +
      (summary.failure === undefined ? '' : `: ${summary.failure}`),
    `connected  ${seconds(summary.connectedMs)} of audio in ${summary.streams} stream(s)`,
    `TwiML      ${summary.verbs.join(', ') || 'none'}`,
    `greeting   ${greeting(times)}`,
  ];
  if (waits.length > 0) {
    const median = waits[Math.floor((waits.length - 1) / 2)]!;
    lines.push(`answers    ${waits.length}: median ${ms(median)}, longest ${ms(waits.at(-1)!)}`);
  }
  for (const { silentAfterMs } of times.bargeIns) {
    lines.push(
      `barge-in   ${silentAfterMs === undefined ? 'the agent spoke on' : `silence after ${ms(silentAfterMs)}`}`,
    );
  }
  if (!record) return lines;
  const { booking, ledger, balanceSeconds, ledgerSumSeconds, outcome, tools } = record;
  for (const { name, elapsedMs, failed } of tools) {
    lines.push(`tool       ${name}, ${ms(elapsedMs)}${failed ? ', failed' : ''}`);
  }
  lines.push(`outcome    ${outcome ?? 'none'}`);
  lines.push(
    `booking    ${booking ? `${booking.startsAt} for ${booking.name}, ${booking.status}` : 'none'}`,
  );
  for (const { kind, seconds: amount } of ledger) lines.push(`ledger     ${kind} ${amount} s`);
  const sum =
    balanceSeconds === ledgerSumSeconds ? 'the sum of the ledger' : 'NOT the sum of the ledger';
  lines.push(`balance    ${balanceSeconds} s, ${sum}`);
  return lines;
}

/** What is known of a call when it is judged. */
export interface CallResult {
  readonly summary: CallSummary;
  readonly record: CallRecord | undefined;
  /** What the agent was heard to say, where the words are known. */
  readonly heard: readonly string[];
  /** Whether the caller meant to book: then it must have come to that. */
  readonly books: boolean;
}

/** Why a call does not count as good; undefined when it does. */
export function faultOf({ summary, record, heard, books }: CallResult): string | undefined {
  const { status, failure, streams, times } = summary;
  if (failure !== undefined) return failure;
  if (status !== 'completed') return `the call was ${status}`;
  if (streams === 0) return 'there was no media stream';
  if (times.greetingMs === undefined) return 'no greeting was heard';
  if (record?.outcome === 'failed') return 'the server gave up';
  if (record && record.balanceSeconds !== record.ledgerSumSeconds)
    return 'ledger and balance disagree';
  if (!books) return undefined;
  // Without the server's record the agent's word must do.
  const booked = record ? record.booking !== null : /\bbooked\b/i.test(heard.join(' '));
  return booked ? undefined : 'no appointment was booked';
}

const closer = {
  server: 'server',
  carrier: 'carrier',
  cut: 'network',
  refused: 'server (refused)',
};
const ender = {
  caller: 'caller',
  callee: 'person called',
  rest: 'server',
  twiml: 'TwiML',
  failure: 'carrier',
};

function greeting({ firstAudioMs, greetingMs }: LineTimes): string {
  if (firstAudioMs === undefined || greetingMs === undefined) return 'not heard';
  return `first audio ${ms(firstAudioMs)}, first sound ${ms(greetingMs)} after connecting`;
}

function verb(name: string, text: string): string {
  return text === '' ? `<${name}>` : `<${name}> ${text}`;
}

function path(url: string): string {
  return new URL(url).pathname;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function seconds(valueMs: number): string {
  return `${(valueMs / 1000).toFixed(1)} s`;
}
