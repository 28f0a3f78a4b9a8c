// The answers that a test has written for a model: one for each turn of the caller, in order.

import type { Answers, ChatRequest, ScriptedAnswer } from './openai.ts';

export class ChatScript {
  readonly #answers: Answers;
  /** What was asked last, and the answer that was due. */
  #last: { readonly request: ChatRequest; readonly answer: Answers[number] } | undefined;

  constructor(answers: Answers = []) {
    this.#answers = [...answers];
  }

  add(...more: Answers): void {
    this.#answers.push(...more);
  }

  /** Undefined after the last. Whoever asked too early, and asks again when the caller has gone on, is answered the same. */
  answer(request: ChatRequest): ScriptedAnswer | undefined {
    const again = this.#last && goesOn(this.#last.request, request) ? this.#last.answer : undefined;
    const answer = again ?? this.#answers.shift();
    this.#last = answer === undefined ? undefined : { request, answer };
    return typeof answer === 'function' ? answer(request) : answer;
  }
}

/** The same conversation, and more words of what the caller said last. */
function goesOn(before: ChatRequest, now: ChatRequest): boolean {
  const [one, other] = [before.messages, now.messages];
  const [first, second] = [one.at(-1), other.at(-1)];
  if (one.length !== other.length || first?.role !== 'user' || second?.role !== 'user') {
    return false;
  }
  const words = [first.content, second.content].map((text) => plain(text ?? ''));
  if (words[0] === words[1] || !words[1]!.startsWith(words[0]!)) return false;
  return JSON.stringify(one.slice(0, -1)) === JSON.stringify(other.slice(0, -1));
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s]/gu, '')
    .trim();
}
