// The turns of a call, one at a time: starts them, and writes into the conversation what was heard of them.

import type { CallParts } from './call-parts.ts';
import type { Conversation } from './conversation.ts';
import { think } from './think.ts';
import type { Toolbox } from './toolbox.ts';
import type { CallerEnd } from './trace.ts';
import { startTurn } from './turn.ts';
import type { RunningTurn, SettledTurn, Source, TurnStart } from './turn.ts';
import type { Clip, TurnKind } from './types.ts';

export interface CallTurnsParts {
  readonly call: CallParts;
  readonly conversation: Conversation;
  readonly toolbox: Promise<Toolbox>;
  /** Whether a tool has asked to end or to hand over the call. */
  leaving(): boolean;
  /** The current turn is over; not for one that another has followed already. */
  onSettled(settled: SettledTurn): void;
}

export class CallTurns {
  readonly #parts: CallTurnsParts;
  readonly #signal: AbortSignal;
  #current: RunningTurn | undefined;
  #asked = false;

  /** `signal`: the call's. */
  constructor(parts: CallTurnsParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  get current(): RunningTurn | undefined {
    return this.#current;
  }

  /** What we are saying, or have said last, is a question. */
  get asking(): boolean {
    return this.#current ? this.#current.asking : this.#asked;
  }

  /** Stored speech, or a text that the voice has to say. */
  say(kind: TurnKind, what: Clip | string): void {
    this.#begin({ kind, caller: undefined, callerEnd: undefined, source: said(what) });
  }

  /** Answers what the caller said. */
  reply(caller: string, callerEnd: CallerEnd): void {
    this.#parts.conversation.addCaller(caller);
    this.#begin({ kind: 'reply', caller, callerEnd, source: (...given) => this.#answer(...given) });
  }

  /** Takes note of a turn that is over; of the current one once `onSettled` has told of it. */
  settle(settled: SettledTurn): void {
    this.#current = undefined;
    this.#record(settled);
    this.#asked = settled.turn.heard.trimEnd().endsWith('?');
  }

  /** Ends the current turn, and resolves when it is recorded. */
  async end(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    current.interrupt();
    this.#record(await current.settled);
  }

  async *#answer(...[trace, turnSignal]: Parameters<Source>): ReturnType<Source> {
    const { call, conversation } = this.#parts;
    const [languageModel, toolbox] = await Promise.all([
      call.vendors.languageModel,
      this.#parts.toolbox,
    ]);
    const { language, clips } = call;
    const { apology, goodbye } = clips;
    const leaving = () => this.#parts.leaving();
    const parts = { languageModel, conversation, toolbox, language, apology, goodbye, leaving };
    yield* think(parts, trace, turnSignal);
  }

  #begin(start: TurnStart): void {
    const { transport, clock, language, vendors, clips } = this.#parts.call;
    const { textToSpeech } = vendors;
    const { fillers } = clips;
    const turn = startTurn(
      { transport, clock, language, textToSpeech, fillers },
      start,
      this.#signal,
    );
    this.#current = turn;
    void turn.settled.then((settled) => {
      if (this.#current === turn) this.#parts.onSettled(settled);
      else this.#record(settled);
    });
  }

  #record({ turn, heardSteps, steps }: SettledTurn): void {
    const { conversation, call } = this.#parts;
    for (const step of steps) {
      const texts = heardSteps.filter((each) => each.step === step).map(({ text }) => text);
      conversation.setHeard(step, texts.join(' '));
    }
    if (steps.length === 0 && turn.heard !== '') {
      const step = conversation.beginStep();
      conversation.addText(step, turn.heard);
      conversation.setHeard(step, turn.heard);
    }
    call.onTurn(turn);
  }
}

function said(what: Clip | string): Source {
  return async function* () {
    if (typeof what === 'string') yield { type: 'text', step: undefined, text: what };
    else yield { type: 'clip', clip: what };
  };
}
