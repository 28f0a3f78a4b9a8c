// Runs tools for as long as the call lives: arguments checked, runs bounded, failures told to the model.

import { Compile } from 'typebox/compile';
import { orAborted } from '../../lib/abort.ts';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import type { Tool, ToolCall, ToolContext, ToolResult, ToolRun, ToolStart } from '../types.ts';

/** Runs in one call; more is a model that has lost its way. */
const RUNS_MAX = 30;
/** A tool that takes longer is given up by the conversation, not stopped. */
const RUN_MS_MAX = 20_000;
/** A result longer than this is cut before the model reads it. */
const RESULT_CHARACTERS_MAX = 8000;

/** Is told of each run as it begins; what it gives is told of that run's end. Neither may throw. */
export type OnTool = (start: ToolStart) => (outcome: ToolOutcome) => void;

export interface ToolboxParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly tools: readonly Tool[];
  readonly context: ToolContext;
  readonly onTool?: OnTool | undefined;
}

export interface ToolOutcome {
  readonly result: ToolResult;
  readonly run: ToolRun;
}

export class Toolbox {
  readonly tools: readonly Tool[];
  readonly #parts: ToolboxParts;
  readonly #checks = new Map<string, { tool: Tool; check: ReturnType<typeof Compile> }>();
  readonly #running = new Set<Promise<unknown>>();
  #runs = 0;

  constructor(parts: ToolboxParts) {
    this.#parts = parts;
    this.tools = parts.tools;
    for (const tool of parts.tools) {
      this.#checks.set(tool.name, { tool, check: Compile(tool.parameters) });
    }
  }

  /**
   * Runs a tool and tells `record` at the instant it is done, even when nobody waits any more. Never rejects for a fault
   * of the model or of the tool; rejects only when the call is over.
   */
  run(call: ToolCall, record: (outcome: ToolOutcome) => void): Promise<ToolOutcome> {
    const { clock, context, onTool } = this.#parts;
    const startedMs = clock.elapsed();
    const start = { id: newId(clock.now()), name: call.name, arguments: call.arguments };
    const onEnd = onTool?.(start);
    const running = this.#attempt(call).then(({ result, failed }) => {
      const elapsedMs = clock.elapsed() - startedMs;
      const text = result.text.slice(0, RESULT_CHARACTERS_MAX);
      const run = { ...start, result: text, elapsedMs, failed };
      const outcome = { result: { ...result, text }, run };
      onEnd?.(outcome);
      record(outcome);
      return outcome;
    });
    this.#running.add(running);
    running.finally(() => this.#running.delete(running)).catch(() => {});
    return orAborted(running, context.signal);
  }

  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Resolves when no tool runs any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #attempt(call: ToolCall): Promise<{ result: ToolResult; failed: boolean }> {
    const { clock, log, context } = this.#parts;
    const known = this.#checks.get(call.name);
    if (!known) return refusal(`There is no tool named ${JSON.stringify(call.name.slice(0, 60))}.`);
    this.#runs += 1;
    if (this.#runs > RUNS_MAX) return refusal('Too many tools were used in this call. Use none.');
    const parsed = parse(call.arguments);
    if (parsed === undefined) return refusal('The arguments are not valid JSON.');
    if (!known.check.Check(parsed)) {
      const faults = known.check.Errors(parsed).slice(0, 3);
      const texts = faults.map((fault) => `${fault.instancePath || 'arguments'}: ${fault.message}`);
      return refusal(`The arguments are wrong: ${texts.join('; ')}.`);
    }
    try {
      const late = () => new AppError('vendor_failed', `tool ${call.name} took too long`);
      const running = known.tool.run(parsed, context);
      const result = await within(clock, RUN_MS_MAX, running, late);
      return { result, failed: result.failed ?? false };
    } catch (error) {
      log.warn('tool failed', { callId: context.callId, tool: call.name, error: toError(error) });
      return refusal('This did not work. Say so, and offer to take a message instead.');
    }
  }
}

function refusal(reason: string): { result: ToolResult; failed: boolean } {
  return { result: { text: `Error: ${reason}` }, failed: true };
}

function parse(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json === '' ? '{}' : json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
