// The turns of a call, one at a time: starts them, and writes into the conversation what was heard of them.

import type { CallParts } from './call-parts.ts';
import type { Conversation } from './thinking/conversation.ts';
import type { EchoGuard } from './hearing/echo-guard.ts';
import { expectationAfter, NOTHING_ASKED } from './hearing/expectation.ts';
import type { Expectation } from './hearing/expectation.ts';
import { Speculation } from './thinking/speculation.ts';
import { spokenForm } from './spoken-form/spoken-form.ts';
import type { SpokenForm } from './spoken-form/spoken-form.ts';
import { think } from './thinking/think.ts';
import type { ThinkParts } from './thinking/think.ts';
import type { Toolbox } from './thinking/toolbox.ts';
import { unansweredTurn } from './unanswered-turn.ts';
import type { CallerEnd } from './trace.ts';
import { spoken, startTurn } from './turn.ts';
import type { RunningTurn, SettledTurn, Source, TurnStart } from './turn.ts';
import type { Clip, LanguageModel, ModelUsage, TurnKind } from './types.ts';

/** Replies begun for one turn of the caller; a caller with more pauses is waited for. */
const SPECULATIONS_MAX = 3;

export interface CallTurnsParts {
  readonly call: CallParts;
  /** Is told what we play. */
  readonly echoGuard: EchoGuard;
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
  readonly #spokenForm: SpokenForm;
  #current: RunningTurn | undefined;
  /** What we have said last. */
  #said = '';
  #expected: { readonly said: string; readonly is: Expectation } = { said: '', is: NOTHING_ASKED };
  #speculation: Speculation | undefined;
  #speculations = 0;
  /** Of the speculations dropped since the last reply: as many as there may be. */
  #wasted: ModelUsage[] = [];
  /** Undefined until both are there: nothing is begun before. */
  #thinking: { readonly languageModel: LanguageModel; readonly toolbox: Toolbox } | undefined;

  /** `signal`: the call's. */
  constructor(parts: CallTurnsParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    const { conversation } = parts;
    // The business's own addresses are said, those of callers spelled.
    const spells = (address: string) =>
      !conversation.instructions.toLowerCase().includes(address.toLowerCase());
    this.#spokenForm = spokenForm(parts.call.language, parts.call.pronunciations, spells);
    Promise.all([parts.call.vendors.languageModel, parts.toolbox]).then(
      ([languageModel, toolbox]) => (this.#thinking = { languageModel, toolbox }),
      // The turn that needs them hears of it.
      () => {},
    );
  }

  get current(): RunningTurn | undefined {
    return this.#current;
  }

  /** What we are saying, or have said last, is a question. */
  get asking(): boolean {
    return this.#current ? this.#current.asking : this.#said.endsWith('?');
  }

  /** What that question is for. */
  get expected(): Expectation {
    const said = this.#current ? this.#current.text : this.#said;
    if (said !== this.#expected.said) {
      this.#expected = { said, is: expectationAfter(said, this.#parts.call.language) };
    }
    return this.#expected.is;
  }

  /** The caller may be done: begins to think of a reply, which nobody hears before `reply` says so. */
  suppose(caller: string): void {
    const { call, conversation } = this.#parts;
    const thinking = this.#thinking;
    if (!call.speculates || this.#current || !thinking || thinking.toolbox.busy) return;
    const messages = conversation.messagesWith(caller);
    if (this.#speculation?.answers(messages) || this.#speculations >= SPECULATIONS_MAX) return;
    this.doubt();
    this.#speculations += 1;
    const { language } = call;
    const { tools } = thinking.toolbox;
    const request = { messages, tools, language };
    this.#speculation = new Speculation(thinking.languageModel, request, this.#signal);
  }

  /** The caller is not done. */
  doubt(): void {
    if (!this.#speculation) return;
    this.#wasted.push(this.#speculation.drop());
    this.#speculation = undefined;
  }

  /** Stored speech, or a text that the voice has to say; `caller`: upon these words, which nobody thinks about. */
  say(kind: TurnKind, what: Clip | string, caller?: string): void {
    this.#begin({ kind, caller, callerEnd: undefined, source: spoken(what) });
  }

  /** Answers what the caller said. */
  reply(caller: string, callerEnd: CallerEnd): void {
    this.#parts.conversation.addCaller(caller);
    this.#replyTo(caller, callerEnd);
  }

  /** Answers once more what was answered already: nothing of it was heard. */
  replyAgain(callerEnd: CallerEnd): void {
    this.#replyTo(undefined, callerEnd);
  }

  #replyTo(caller: string | undefined, callerEnd: CallerEnd): void {
    const wasted = this.#wasted;
    this.#wasted = [];
    this.#speculations = 0;
    const source: Source = (...given) => this.#answer(...given);
    this.#begin({ kind: 'reply', caller, callerEnd, source, wasted });
  }

  /** Records what the caller said last and nobody answered: the line was gone. */
  noteUnanswered(caller: string): void {
    const { call } = this.#parts;
    call.onTurn(unansweredTurn(call.clock, caller, this.#wasted));
  }

  /** Takes note of a turn that is over; of the current one once `onSettled` has told of it. */
  settle(settled: SettledTurn): void {
    this.#current = undefined;
    this.#record(settled);
    this.#said = settled.turn.heard.trimEnd();
  }

  /** Ends the current turn, and resolves when it is recorded. */
  async end(): Promise<void> {
    this.doubt();
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
    const begun: ThinkParts['begun'] = (messages, signal) => {
      const speculation = this.#speculation;
      this.#speculation = undefined;
      const events = speculation?.take(messages, signal);
      if (speculation && !events) trace.addWasted(speculation.drop());
      return events;
    };
    yield* think(
      { languageModel, conversation, toolbox, language, apology, goodbye, leaving, begun },
      trace,
      turnSignal,
    );
  }

  #begin(start: TurnStart): void {
    const { transport, clock, language, vendors, clips } = this.#parts.call;
    const { textToSpeech } = vendors;
    const { fillers } = clips;
    const { echoGuard } = this.#parts;
    // A turn that failed while it was held must not silence the next.
    transport.resume();
    const turn = startTurn(
      {
        transport,
        clock,
        language,
        textToSpeech,
        fillers,
        echoGuard,
        spokenForm: this.#spokenForm,
      },
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
