// Tool calls that come in pieces, those of several calls mixed, put together by their index.

import { randomUUID } from 'node:crypto';
import { AppError } from '../../lib/errors.ts';
import { asObject, readText } from '../../lib/untrusted-json.ts';
import type { ToolCall } from '../types.ts';

/** More calls in one answer, or longer arguments of one, are a model gone wrong. */
const CALLS_MAX = 50;
const ARGUMENTS_CHARACTERS_MAX = 20_000;

export class ToolCallPieces {
  readonly #calls = new Map<unknown, { id: string; name: string; arguments: string }>();

  get size(): number {
    return this.#calls.size;
  }

  /** Throws a TypeError on what is no piece, `vendor_failed` when there is too much of it. */
  add(piece: unknown): void {
    const from = asObject(piece, 'tool_calls');
    const call = this.#at(from['index'] ?? 0);
    const made = asObject(from['function'] ?? {}, 'function');
    call.id ||= readText(from, 'id');
    call.name += readText(made, 'name');
    call.arguments += readText(made, 'arguments');
    if (call.arguments.length > ARGUMENTS_CHARACTERS_MAX) throw tooMuch();
  }

  /** All calls, in the order in which they began. Those without an id get one, for their results to name. */
  whole(): readonly ToolCall[] {
    return [...this.#calls.values()].map((call) => ({
      id: call.id || `call_${randomUUID()}`,
      name: call.name,
      arguments: call.arguments,
    }));
  }

  #at(index: unknown): { id: string; name: string; arguments: string } {
    const known = this.#calls.get(index);
    if (known) return known;
    if (this.#calls.size === CALLS_MAX) throw tooMuch();
    const call = { id: '', name: '', arguments: '' };
    this.#calls.set(index, call);
    return call;
  }
}

function tooMuch(): AppError {
  return new AppError('vendor_failed', 'openai: too many or too long tool calls');
}
