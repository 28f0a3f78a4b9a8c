// A reply that is asked for before the caller's turn is certain to be over: thought ahead, never spoken or acted upon.

import { Scope } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import { plainWords } from '../languages/language.ts';
import type { LanguageModel, Message, ModelEvent, ModelRequest, ModelUsage } from '../types.ts';

/** Events the model may be ahead of the decision; then it waits. */
const EVENTS_AHEAD = 256;
/** Where the vendor does not come to tell: some four characters make a token. */
const CHARACTERS_PER_TOKEN = 4;

export class Speculation {
  readonly #request: Omit<ModelRequest, 'signal'>;
  readonly #scope: Scope;
  readonly #events = new Channel<ModelEvent>(EVENTS_AHEAD);
  #outputTokens = 0;
  #usage: ModelUsage | undefined;
  #failed = false;

  /** Begins at once. */
  constructor(
    languageModel: LanguageModel,
    request: Omit<ModelRequest, 'signal'>,
    callSignal: AbortSignal,
  ) {
    this.#request = request;
    this.#scope = new Scope(callSignal);
    void this.#think(languageModel);
  }

  /** Whether it answers these. Punctuation and case of the last may differ: the recogniser adds them late. */
  answers(messages: readonly Message[]): boolean {
    return sameRequest(messages, this.#request.messages);
  }

  /**
   * What the model says, from its first token; undefined when it was asked something else or has failed, and then it is
   * dropped. `signal`: of the turn that says it.
   */
  take(messages: readonly Message[], signal: AbortSignal): AsyncIterable<ModelEvent> | undefined {
    if (this.#failed || !this.answers(messages)) return undefined;
    const follow = () => this.#scope.abort(signal.reason);
    if (signal.aborted) follow();
    else signal.addEventListener('abort', follow, { once: true });
    return this.#events;
  }

  /** Ends it; what it has cost for nothing, estimated where the vendor has not told. */
  drop(): ModelUsage {
    this.#scope.abort(new Error('the caller went on'));
    this.#scope[Symbol.dispose]();
    if (this.#usage) return this.#usage;
    const { messages, tools } = this.#request;
    const told = messages.reduce((sum, message) => sum + lengthOf(message), 0);
    const offered = tools.reduce(
      (sum, tool) => sum + tool.description.length + JSON.stringify(tool.parameters).length,
      0,
    );
    const inputTokens = Math.ceil((told + offered) / CHARACTERS_PER_TOKEN);
    return { inputTokens, outputTokens: this.#outputTokens };
  }

  async #think(languageModel: LanguageModel): Promise<void> {
    const { signal } = this.#scope;
    try {
      for await (const event of languageModel.generate({ ...this.#request, signal })) {
        if (event.type === 'end') this.#usage = event.usage;
        else this.#outputTokens += 1;
        await this.#events.put(event, signal);
      }
      this.#events.end();
    } catch (error) {
      this.#failed = true;
      this.#events.end(error);
    } finally {
      // The call may last for an hour, and whoever took this for the length of a sentence.
      this.#scope[Symbol.dispose]();
    }
  }
}

function sameRequest(one: readonly Message[], other: readonly Message[]): boolean {
  if (one.length !== other.length) return false;
  return one.every((message, index) => {
    const same = other[index]!;
    if (index === one.length - 1 && message.role === 'user' && same.role === 'user') {
      return plainWords(message.text) === plainWords(same.text);
    }
    return JSON.stringify(message) === JSON.stringify(same);
  });
}

function lengthOf(message: Message): number {
  if (message.role === 'tool') return message.result.length;
  if (message.role !== 'assistant') return message.text.length;
  return message.text.length + message.toolCalls.reduce((n, call) => n + call.arguments.length, 0);
}
