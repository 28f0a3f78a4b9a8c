// What is told of a running call to those who watch it; each event small enough to go from process to process.

import type { ToolRun, ToolStart, Turn } from '../../pipeline/types.ts';

/** In one text, in characters: longer ones are cut, and can be read in the conversation. */
export const TEXT_MAX = 800;
/** Two texts of one event, in bytes of JSON: both together leave a notice room for the rest. */
const LONG_BYTES = 2200;
const SHORT_BYTES = 1000;

interface ToolBegun {
  /** Of the turn that is under way, by the number it will have. */
  readonly turn: number;
  /** Of this run. */
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  /** Cut: the whole is in the conversation. */
  readonly truncated: boolean;
}

interface ToolEnded extends ToolBegun {
  readonly result: string;
  readonly elapsed_ms: number;
  readonly failed: boolean;
}

/** As watchers get it. Times in milliseconds. */
export type LiveEvent =
  /** Words of the caller as they are recognised. */
  | { readonly type: 'words'; readonly text: string; readonly final: boolean }
  | {
      readonly type: 'utterance';
      readonly turn: number;
      readonly role: 'user' | 'assistant';
      /** Empty only where nothing was heard of what was meant to be said. */
      readonly content: string;
      readonly interrupted: boolean;
      /** What was meant to be said beyond `content`; null where all was heard. */
      readonly unheard: string | null;
      readonly timestamp: string;
      readonly truncated: boolean;
    }
  /** A tool begins to run. */
  | ({ readonly type: 'tool_begun' } & ToolBegun)
  /** It has ended; its turn may go on. */
  | ({ readonly type: 'tool_ended' } & ToolEnded)
  /** The same run in the record of its turn. */
  | ({ readonly type: 'tool' } & ToolEnded)
  | {
      readonly type: 'latency';
      readonly turn: number;
      readonly kind: string;
      readonly ending: string;
      readonly response_ms: number | null;
      readonly endpoint_ms: number | null;
      /** Of that, what the recogniser took. */
      readonly hear_ms: number | null;
      readonly think_ms: number | null;
      readonly speak_ms: number | null;
      readonly play_ms: number | null;
    }
  /** We begin to be heard after silence; told of rooms only. */
  | { readonly type: 'speech'; readonly role: 'assistant'; readonly event: 'started' }
  | { readonly type: 'balance'; readonly balance_seconds: number }
  /** Whoever watches wanted the caller put through, in vain. */
  | { readonly type: 'not_put_through'; readonly reason: 'nobody' | 'too_often' }
  | { readonly type: 'end'; readonly reason: string };

/** A settled turn: what was said, what tools did, how long the caller waited. `nowMs` where it has no times of its own. */
export function eventsOf(turn: Turn, number: number, nowMs: number): LiveEvent[] {
  const events: LiveEvent[] = [];
  const { caller = '', heard, unheard = '' } = turn;
  if (caller !== '') {
    const { text, truncated } = cut(caller, LONG_BYTES);
    events.push({
      type: 'utterance',
      turn: number,
      role: 'user',
      content: text,
      interrupted: false,
      unheard: null,
      timestamp: new Date(turn.callerAt ?? nowMs).toISOString(),
      truncated,
    });
  }
  if (heard !== '' || unheard !== '') {
    const [said, rest] = [cut(heard, LONG_BYTES), cut(unheard, SHORT_BYTES)];
    events.push({
      type: 'utterance',
      turn: number,
      role: 'assistant',
      content: said.text,
      interrupted: turn.ending === 'interrupted',
      unheard: rest.text === '' ? null : rest.text,
      timestamp: new Date(turn.heardAt ?? nowMs).toISOString(),
      truncated: said.truncated || rest.truncated,
    });
  }
  for (const run of turn.tools) events.push({ type: 'tool', ...ended(number, run) });
  const { responseMs, endpointMs, hearMs, thinkMs, speakMs, playMs } = turn.timing;
  events.push({
    type: 'latency',
    turn: number,
    kind: turn.kind,
    ending: turn.ending,
    response_ms: responseMs ?? null,
    endpoint_ms: endpointMs ?? null,
    hear_ms: hearMs ?? null,
    think_ms: thinkMs ?? null,
    speak_ms: speakMs ?? null,
    play_ms: playMs ?? null,
  });
  return events;
}

export function toolBegun(turn: number, { id, name, arguments: all }: ToolStart): LiveEvent {
  const given = cut(all, SHORT_BYTES);
  return {
    type: 'tool_begun',
    turn,
    id,
    name: nameOf(name),
    arguments: given.text,
    truncated: given.truncated,
  };
}

export function toolEnded(turn: number, run: ToolRun): LiveEvent {
  return { type: 'tool_ended', ...ended(turn, run) };
}

function ended(turn: number, run: ToolRun): ToolEnded {
  const [given, result] = [cut(run.arguments, SHORT_BYTES), cut(run.result, LONG_BYTES)];
  return {
    turn,
    id: run.id,
    name: nameOf(run.name),
    arguments: given.text,
    result: result.text,
    elapsed_ms: run.elapsedMs,
    failed: run.failed,
    truncated: given.truncated || result.truncated,
  };
}

/** Of a tool that is there it is short; a model may ask for others. */
function nameOf(name: string): string {
  return name.slice(0, 64);
}

function cut(text: string, bytesMax: number): { text: string; truncated: boolean } {
  let kept = text.slice(0, TEXT_MAX);
  while (Buffer.byteLength(JSON.stringify(kept)) > bytesMax) {
    kept = kept.slice(0, Math.floor(kept.length * 0.9));
  }
  return { text: kept, truncated: kept.length < text.length };
}
