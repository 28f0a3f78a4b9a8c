// What has been said, fit to be sent to a model at any moment; shortens itself.

import type { Message, ToolCall, ToolRun } from '../types.ts';

/** Characters kept of a long conversation, the instructions apart: some 6,000 tokens. */
const CHARACTERS_MAX = 24_000;

/** What stands for a tool's answer until it has one. */
const RUNNING = 'Still running.';

interface Step {
  readonly role: 'assistant';
  readonly id: number;
  text: string;
  toolCalls: readonly ToolCall[];
}
interface Result {
  readonly role: 'tool';
  readonly callId: string;
  result: string;
}
type Entry = { readonly role: 'user'; text: string } | Step | Result;

/** Before somebody else goes on with the call: something that was said, as it was heard, or a tool that ran, with its answer. */
export type SaidBefore =
  | { readonly role: 'user' | 'assistant'; readonly text: string }
  | { readonly role: 'tool'; readonly run: Pick<ToolRun, 'id' | 'name' | 'arguments' | 'result'> };

/** What was said and done before, as messages. */
export function messagesOf(history: readonly SaidBefore[]): Message[] {
  return history.flatMap((past): Message[] => {
    if (past.role !== 'tool') {
      const { role, text } = past;
      return [role === 'user' ? { role, text } : { role, text, toolCalls: [] }];
    }
    const { id, name, arguments: given, result } = past.run;
    // Some servers take no longer names than this.
    const callId = id.replaceAll('-', '').slice(0, 32);
    const call = { id: callId, name, arguments: given };
    return [
      { role: 'assistant', text: '', toolCalls: [call] },
      { role: 'tool', callId, result },
    ];
  });
}

/** What a model reads where the caller said `text` after `ours`. */
type Understood = (text: string, ours: string) => string;

export class Conversation {
  /** The first message of every request. */
  instructions: string;
  readonly #understood: Understood;
  readonly #entries: Entry[] = [];
  #steps = 0;

  constructor(instructions = '', understood: Understood = (text) => text) {
    this.instructions = instructions;
    this.#understood = understood;
  }

  /** Puts what was said and done on an earlier line of the same call before everything else. */
  goOnFrom(history: readonly SaidBefore[]): void {
    const earlier = messagesOf(history).flatMap((message): Entry[] => {
      if (message.role === 'tool') return [{ ...message }];
      if (message.role !== 'assistant') return [{ role: 'user', text: message.text }];
      this.#steps += 1;
      return [{ ...message, id: this.#steps }];
    });
    this.#entries.unshift(...earlier);
    this.#shorten();
  }

  /** What the caller said. Twice in a row is one message: some servers want the roles to alternate. */
  addCaller(text: string): void {
    const last = this.#entries.at(-1);
    if (last?.role === 'user') last.text += ` ${text}`;
    else this.#entries.push({ role: 'user', text });
    this.#shorten();
  }

  /** Opens what we say next and gives its number. What it says is added as it is made, and cut when it has been heard. */
  beginStep(): number {
    this.#steps += 1;
    this.#entries.push({ role: 'assistant', id: this.#steps, text: '', toolCalls: [] });
    return this.#steps;
  }

  addText(step: number, text: string): void {
    const entry = this.#step(step);
    if (entry) entry.text += text;
  }

  /** The model asks for tools: each has an answer from this instant, so that the conversation is whole. */
  addToolCalls(step: number, calls: readonly ToolCall[]): void {
    const entry = this.#step(step);
    if (!entry) return;
    entry.toolCalls = calls;
    const results = calls.map((call) => ({
      role: 'tool' as const,
      callId: call.id,
      result: RUNNING,
    }));
    this.#entries.splice(this.#entries.indexOf(entry) + 1, 0, ...results);
  }

  setResult(callId: string, result: string): void {
    const entry = this.#entries.findLast((each) => each.role === 'tool' && each.callId === callId);
    if (entry?.role === 'tool') entry.result = result;
  }

  /** The step is over: only `text` was heard. */
  setHeard(step: number, text: string): void {
    const entry = this.#step(step);
    if (!entry) return;
    entry.text = text.trim();
    if (entry.text === '' && entry.toolCalls.length === 0) {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
    }
    this.#shorten();
  }

  /** What `messages` will be once the caller has said `text`. */
  messagesWith(text: string): Message[] {
    const last = this.#entries.at(-1);
    if (last?.role !== 'user') return this.#read([...this.#entries, { role: 'user', text }]);
    const joined: Entry = { role: 'user', text: `${last.text} ${text}` };
    return this.#read([...this.#entries.slice(0, -1), joined]);
  }

  /**
   * Instructions first, then everything that was said, as it was understood; steps that say nothing yet are left out.
   */
  messages(): Message[] {
    return this.#read(this.#entries);
  }

  /** Everything that was said, as it was heard, without the instructions. */
  said(): Message[] {
    return this.#entries.filter(isSaid).map(copy);
  }

  #read(entries: readonly Entry[]): Message[] {
    let ours = '';
    const read = entries.filter(isSaid).map((entry): Message => {
      if (entry.role === 'assistant' && entry.text !== '') ours = entry.text;
      const message = copy(entry);
      if (message.role !== 'user') return message;
      return { role: 'user', text: this.#understood(message.text, ours) };
    });
    return [{ role: 'system', text: this.instructions }, ...read];
  }

  #step(id: number): Step | undefined {
    const entry = this.#entries.findLast((each) => each.role === 'assistant' && each.id === id);
    return entry?.role === 'assistant' ? entry : undefined;
  }

  /** Forgets the oldest exchanges, each whole: a tool's answer never stays without its question. */
  #shorten(): void {
    let characters = this.#entries.reduce((sum, entry) => sum + size(entry), 0);
    while (characters > CHARACTERS_MAX) {
      const next = this.#entries.findIndex((entry, index) => index > 0 && entry.role === 'user');
      if (next <= 0) return;
      for (const entry of this.#entries.splice(0, next)) characters -= size(entry);
    }
  }
}

function isSaid(entry: Entry): boolean {
  return entry.role !== 'assistant' || entry.text.trim() !== '' || entry.toolCalls.length > 0;
}

function size(entry: Entry): number {
  if (entry.role === 'tool') return entry.result.length;
  if (entry.role === 'user') return entry.text.length;
  return entry.text.length + entry.toolCalls.reduce((sum, call) => sum + call.arguments.length, 0);
}

function copy(entry: Entry): Message {
  if (entry.role === 'user') return { role: 'user', text: entry.text };
  if (entry.role === 'tool') return { role: 'tool', callId: entry.callId, result: entry.result };
  return { role: 'assistant', text: entry.text, toolCalls: entry.toolCalls };
}
