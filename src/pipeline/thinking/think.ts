// Conversation in, things to say out: the model's steps, and the tools between them.

import { orAborted } from '../../lib/abort.ts';
import { AppError } from '../../lib/errors.ts';
import type { Conversation } from './conversation.ts';
import type { Toolbox } from './toolbox.ts';
import { isNoAnswer } from './no-answer.ts';
import type { Clip, LanguageModel, Message, ModelEvent, ToolCall } from '../types.ts';
import type { Trace } from '../trace.ts';

/** Asking the model again with what its tools said, at most so often in a turn. */
const STEPS_MAX = 6;
/** Tool calls in one turn; more are refused. */
const TOOL_CALLS_MAX = 5;
/** Failed tool runs in a turn before we apologise instead of letting the model try on. */
const TOOL_FAILURES_MAX = 2;
/** Characters said in one turn: a minute and a half of speech. */
const TURN_CHARACTERS_MAX = 1200;

/** What a turn says: text of a step, the end of a step, or stored speech. */
export type Utterable =
  | { readonly type: 'text'; readonly step: number | undefined; readonly text: string }
  /** `last`: nothing follows, whatever was asked of the model. */
  | { readonly type: 'end-of-step'; readonly last: boolean }
  | { readonly type: 'clip'; readonly clip: Clip };

export interface ThinkParts {
  readonly languageModel: LanguageModel;
  readonly conversation: Conversation;
  readonly toolbox: Toolbox;
  readonly language: string;
  /** What is said is read and not spoken. */
  readonly written?: boolean;
  /** Said when the model cannot get its tools right. */
  readonly apology: Clip;
  /** Said when the model ends the call without a word. */
  readonly goodbye: Clip;
  /** The answer to these messages, where it has been begun before the turn. */
  begun?(messages: readonly Message[], signal: AbortSignal): AsyncIterable<ModelEvent> | undefined;
  /** Whether a tool has asked to end or to hand over the call: then nothing more is asked of the model. */
  leaving(): boolean;
}

/** Says what the model says, and runs the tools it asks for. Tools outlive the turn; the rest ends with `signal`. */
export async function* think(
  parts: ThinkParts,
  trace: Trace,
  signal: AbortSignal,
): AsyncGenerator<Utterable> {
  const { conversation } = parts;
  let budget = TURN_CHARACTERS_MAX;
  let toolCalls = 0;
  let failures = 0;
  let spoke = false;
  let asked = false;
  const { language, written } = parts;
  const request = { tools: parts.toolbox.tools, language, written, signal };

  await earlierTools(parts, trace, signal);
  for (let count = 0; count < STEPS_MAX; count += 1) {
    // What a tool wants spoken stands in its result already: the model must not see it twice.
    const messages = conversation.messages();
    const step = conversation.beginStep();
    trace.beginStep(step);
    const calls: ToolCall[] = [];
    for (const say of trace.takeSays()) {
      conversation.addText(step, `${say} `);
      budget -= say.length;
      spoke = true;
      yield { type: 'text', step, text: `${say} ` };
    }
    if (asked) return yield { type: 'end-of-step', last: true };
    if (parts.leaving() && spoke) return;

    const begun = count === 0 ? parts.begun?.(messages, signal) : undefined;
    const events = begun ?? parts.languageModel.generate({ ...request, messages });
    for await (const event of events) {
      if (event.type === 'text') {
        trace.onToken();
        const text = event.text.slice(0, budget);
        budget -= text.length;
        spoke ||= !isNoAnswer(text, written);
        conversation.addText(step, text);
        yield { type: 'text', step, text };
        if (budget <= 0) break;
      } else if (event.type === 'tool-call') {
        trace.onToken();
        calls.push(event.call);
      } else {
        trace.addUsage(event.usage);
      }
    }
    const last = calls.length === 0 || budget <= 0;
    // The caller is waiting for an answer.
    if (last && !spoke) throw new AppError('vendor_failed', 'the model has said nothing');
    yield { type: 'end-of-step', last };
    if (last) return;

    conversation.addToolCalls(step, calls);
    for (const call of calls) {
      toolCalls += 1;
      const refusal = asked ? 'unanswered' : toolCalls > TOOL_CALLS_MAX ? 'too-many' : undefined;
      const done = await runTool(parts, trace, call, refusal, signal);
      signal.throwIfAborted();
      failures += done.failed ? 1 : 0;
      asked ||= done.asks;
    }
    if (parts.leaving() && trace.saysPending === 0) {
      if (!spoke) yield { type: 'clip', clip: parts.goodbye };
      return;
    }
    if (failures >= TOOL_FAILURES_MAX) {
      yield { type: 'clip', clip: parts.apology };
      return;
    }
  }
}

/** A tool that an interrupted turn began is waited for, so that the model knows what it did. */
async function earlierTools(
  { toolbox }: ThinkParts,
  trace: Trace,
  signal: AbortSignal,
): Promise<void> {
  if (!toolbox.busy) return;
  trace.toolStarts();
  try {
    await orAborted(toolbox.idle(), signal);
  } finally {
    trace.toolEnds();
  }
}

/** What the model reads where a tool was not run. */
export const refusals = {
  'too-many': 'Error: too many tools in one turn. Answer with what you have.',
  unanswered: 'Error: not done. The caller has been asked something and must answer first.',
} as const;

/** A sentence that is to be spoken waits in the trace for the next step. */
async function runTool(
  { conversation, toolbox }: ThinkParts,
  trace: Trace,
  call: ToolCall,
  refusal: keyof typeof refusals | undefined,
  signal: AbortSignal,
): Promise<{ failed: boolean; asks: boolean }> {
  if (refusal) {
    conversation.setResult(call.id, refusals[refusal]);
    return { failed: false, asks: false };
  }
  trace.toolStarts();
  try {
    const { run, result } = await toolbox.run(call, ({ result, run }) => {
      trace.addTool(run, result);
      conversation.setResult(call.id, result.text + told(result.say, signal.aborted));
    });
    return { failed: run.failed, asks: result.asks ?? false };
  } finally {
    trace.toolEnds();
  }
}

/** What the model must know about a sentence that a tool wants spoken. */
export function told(say: string | undefined, tooLate: boolean): string {
  if (say === undefined) return '';
  return tooLate
    ? ` The caller has not been told yet. Tell them: "${say}"`
    : ` The caller has just been told: "${say}" Do not repeat it.`;
}
