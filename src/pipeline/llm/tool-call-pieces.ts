// Tool calls that come in pieces, those of several calls mixed, put together by their index.

import { randomUUID } from 'node:crypto';
import { AppError } from '../../lib/errors.ts';
import { asObject, readText } from '../../lib/untrusted-json.ts';
import type { ToolCall } from '../types.ts';

/** More calls in one answer, or longer arguments of one, are a model gone wrong. */
const CALLS_MAX = 50;
const ARGUMENTS_CHARACTERS_MAX = 20_000;

interface Call {
  id: string;
  name: string;
  arguments: string;
}

export class ToolCallPieces {
  /** In the order in which they began. */
  readonly #calls: Call[] = [];
  /** The last one of each index. */
  readonly #last = new Map<unknown, Call>();

  get size(): number {
    return this.#calls.length;
  }

  /** Throws a TypeError on what is no piece, `vendor_failed` when there is too much of it. */
  add(piece: unknown): void {
    const from = asObject(piece, 'tool_calls');
    const made = asObject(from['function'] ?? {}, 'function');
    const id = readText(from, 'id');
    const name = readText(made, 'name');
    const index = from['index'] ?? 0;
    const last = this.#last.get(index);
    const args = readText(made, 'arguments');
    const another = last && isAnother(last, { id, name, arguments: args });
    const call = last && !another ? last : this.#begin(index);
    call.id ||= id;
    // The name comes first; servers that say it with every piece say it once.
    if (call.arguments === '') call.name += name;
    call.arguments += args;
    if (call.arguments.length > ARGUMENTS_CHARACTERS_MAX) throw tooMuch();
  }

  /** All calls, in the order in which they began. Those without an id get one, for their results to name. */
  whole(): readonly ToolCall[] {
    return this.#calls.map((call) => ({
      id: call.id || `call_${randomUUID()}`,
      name: call.name,
      arguments: call.arguments,
    }));
  }

  #begin(index: unknown): Call {
    if (this.#calls.length === CALLS_MAX) throw tooMuch();
    const call = { id: '', name: '', arguments: '' };
    this.#calls.push(call);
    this.#last.set(index, call);
    return call;
  }
}

/** Servers have been seen to give all calls of an answer one index: a new name with a new id is another call. */
function isAnother(last: Call, piece: Call): boolean {
  if (piece.name === '') return false;
  if (piece.id !== '' && last.id !== '') return piece.id !== last.id;
  const begins = piece.name !== last.name || piece.arguments !== '';
  return begins && isWhole(last.arguments);
}

function isWhole(args: string): boolean {
  try {
    JSON.parse(args);
    return true;
  } catch {
    return false;
  }
}

function tooMuch(): AppError {
  return new AppError('vendor_failed', 'openai: too many or too long tool calls');
}
