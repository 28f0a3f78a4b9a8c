// Who said what in a call whose model hears and speaks itself: the caller's words find the turn that answers them.

import { messagesOf } from '../thinking/conversation.ts';
import type { SaidBefore } from '../thinking/conversation.ts';
import type { Message, Turn, TurnUnderWay } from '../types.ts';
import { underWay } from '../under-way.ts';

/** Of what was said, for tools that look back. */
const SAID_MAX = 200;

export class RealtimeSaid {
  readonly #said: Message[] = [];
  /** What the caller has said since the last reply was recorded. */
  #caller = '';
  /** Of that, what belongs to the reply that has just been interrupted. */
  #callerBefore: string | undefined;

  /** All of it, the caller's last words included. */
  get messages(): readonly Message[] {
    return this.#caller === '' ? this.#said : [...this.#said, { role: 'user', text: this.#caller }];
  }

  /** What the caller has said since the last reply. */
  get unanswered(): string {
    return this.#caller;
  }

  /** Before this call came here. */
  goOnFrom(history: readonly SaidBefore[]): void {
    this.#said.push(...messagesOf(history));
  }

  /** Of the caller. */
  addCaller(text: string): void {
    this.#caller = this.#caller === '' ? text : `${this.#caller} ${text}`;
  }

  /** The reply is interrupted: what the caller says from now on belongs to the next. */
  cutReply(): void {
    if (this.#callerBefore !== undefined) return;
    this.#callerBefore = this.#caller;
    this.#caller = '';
  }

  /** What is known while `current` runs, if one does. */
  underWay(current: TurnUnderWay | undefined): TurnUnderWay[] {
    if (current?.kind !== 'reply') return underWay(current, this.#caller);
    if (this.#callerBefore === undefined) {
      return underWay({ ...current, caller: this.#caller }, '');
    }
    return underWay({ ...current, caller: this.#callerBefore }, this.#caller);
  }

  /** The turn that is over, with what the caller said before it. */
  record(turn: Turn): Turn {
    const isReply = turn.kind === 'reply';
    const text = isReply ? (this.#callerBefore ?? this.#caller) : '';
    if (isReply && this.#callerBefore === undefined) this.#caller = '';
    this.#callerBefore = undefined;
    if (text !== '') this.#said.push({ role: 'user', text });
    if (turn.heard !== '') this.#said.push({ role: 'assistant', text: turn.heard, toolCalls: [] });
    this.#said.splice(0, this.#said.length - SAID_MAX);
    return { ...turn, caller: text === '' ? undefined : text };
  }
}
