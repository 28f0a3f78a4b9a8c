// Thinks with the first language model that works, and lets another finish an answer that broke off.

import { AppError } from '../../lib/errors.ts';
import { isNoAnswer } from '../thinking/no-answer.ts';
import { Chain, openFirst } from './fallback.ts';
import type { ChainParts, Member } from './fallback.ts';
import type { LanguageModel, ModelEvent, ModelRequest } from '../types.ts';

/** Characters in which an answer that is gone on with may repeat its beginning. */
const REPEATED_MAX = 1200;

const goOn =
  'You were cut off after these words, which the caller has heard. Go on exactly where they end, and repeat nothing.';

/** Resolves when one model can be reached. */
export async function openThinking(
  members: readonly Member<LanguageModel>[],
  parts: ChainParts,
): Promise<LanguageModel & Disposable> {
  const chain = new Chain(members, parts);
  await openFirst(chain);
  return { generate, [Symbol.dispose]: () => chain[Symbol.dispose]() };

  async function* generate(request: ModelRequest): AsyncGenerator<ModelEvent> {
    let text = '';
    let calls = 0;
    let failure: unknown;
    for (const member of chain.attempts()) {
      const again = new Repeated(text);
      try {
        const model = await chain.session(member);
        const asked = isNoAnswer(text, request.written) ? request : goingOn(request, text);
        for await (const event of model.generate(asked)) {
          if (event.type !== 'text') {
            const held = again.end();
            text += held;
            if (event.type === 'tool-call') calls += 1;
            else {
              if (calls === 0 && isNoAnswer(text, request.written) && isDue(request))
                throw nothing(member, event);
              chain.worked(member);
            }
            if (held !== '') yield { type: 'text', text: held };
            yield event.type === 'end' ? usedBy(member.pricedAs, event) : event;
            continue;
          }
          const fresh = again.add(event.text);
          text += fresh;
          if (fresh !== '') yield { type: 'text', text: fresh };
        }
        return;
      } catch (error) {
        request.signal.throwIfAborted();
        chain.failed(member, error);
        failure = error;
      }
      // What it asked for is known: its tools run, and the next step asks anew.
      if (calls > 0) return yield { type: 'end', finish: 'tool-calls', usage: undefined };
    }
    throw failure;
  }
}

type End = Extract<ModelEvent, { type: 'end' }>;

/** The caller has said something. After tools there may be nothing to add. */
function isDue({ messages }: ModelRequest): boolean {
  return messages.at(-1)?.role === 'user';
}

/** What a filter holds back is no fault of the vendor's: other callers say other things. */
function nothing({ name }: Member<LanguageModel>, { finish }: End): AppError {
  const upstream = finish === 'filtered' ? { status: 400 } : { stalled: true };
  return new AppError('vendor_failed', `${name}: an answer without a word`, { upstream });
}

function usedBy(model: string, end: End): End {
  return end.usage ? { ...end, usage: { ...end.usage, model } } : end;
}

function goingOn(request: ModelRequest, text: string): ModelRequest {
  const messages = [
    ...request.messages,
    { role: 'assistant', text, toolCalls: [] } as const,
    { role: 'system', text: goOn } as const,
  ];
  return { ...request, messages };
}

/** Drops from an answer the beginning that has been said already, as long as it is the same word for word. */
class Repeated {
  readonly #said: string;
  #held = '';
  #over: boolean;

  constructor(said: string) {
    this.#said = said.trim();
    this.#over = said === '' || said.length > REPEATED_MAX;
  }

  /** What of `text` has not been said. */
  add(text: string): string {
    if (this.#over) return text;
    this.#held += text;
    const held = this.#held.trimStart();
    if (this.#said.startsWith(held)) return '';
    return this.end();
  }

  /** What was held back and turned out to be new. */
  end(): string {
    if (this.#over) return '';
    this.#over = true;
    const held = this.#held.trimStart();
    if (held === '' || this.#said.startsWith(held)) return '';
    return held.startsWith(this.#said) ? held.slice(this.#said.length) : spaced(held);
  }
}

function spaced(text: string): string {
  return /^[\s,.;:!?]/.test(text) ? text : ` ${text}`;
}
