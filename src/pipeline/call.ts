// The main loop of a call: events in, turns out. It never waits for a turn: what happens meanwhile is state.

import { abortable } from '../lib/abort.ts';
import { Channel } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { VoiceDetector } from './audio/voice-detector.ts';
import { Conversation } from './conversation.ts';
import { listen } from './ear.ts';
import type { EarEvent } from './ear.ts';
import { Keypad } from './keypad.ts';
import { think } from './think.ts';
import { Toolbox } from './toolbox.ts';
import type { CallerEnd } from './trace.ts';
import { startTurn } from './turn.ts';
import type { RunningTurn, SettledTurn, Source } from './turn.ts';
import type { CallerEvent, Floor } from './turn-taking.ts';
import type {
  CallControl,
  CallEnd,
  Clip,
  LanguageModel,
  LineEnd,
  SpeechToText,
  TextToSpeech,
  Tool,
  ToolContext,
  Transport,
  TransferTarget,
  Turn,
  TurnKind,
} from './types.ts';

/** Failed turns in a row before we give up. */
const FAILURES_MAX = 2;
/** A wrap-up waits this long for us to finish what we are saying. */
const WRAP_UP_WAIT_MS = 2500;
/** Events waiting for the loop, which never waits itself. */
const EVENTS_MAX = 256;

/** Stored speech of a call. All at the line's sample rate. */
export interface CallClips {
  /** A text when it has not been stored yet: then the voice says it. */
  readonly greeting: Clip | string;
  readonly fillers: readonly Clip[];
  readonly apology: Clip;
  /** The apology we end with. */
  readonly givingUp: Clip;
  readonly stillThere: Clip;
  readonly goodbye: Clip;
  /** Time or credit runs out: a polite sentence that asks for a message. */
  readonly wrapUp: Clip;
}

export interface CallVendors {
  readonly speechToText: Promise<SpeechToText>;
  readonly languageModel: Promise<LanguageModel>;
  readonly textToSpeech: Promise<TextToSpeech>;
}

/** What the model is told, and what it may do. */
export interface CallDesk {
  readonly instructions: string;
  readonly tools: readonly Tool[];
}

export interface CallParts {
  readonly callId: string;
  readonly clientId: string;
  readonly callerPhone: string | undefined;
  readonly transport: Transport;
  readonly vendors: CallVendors;
  readonly voiceDetector: VoiceDetector;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: string;
  /** Needed when the caller has said something, so it may come while the greeting plays. */
  readonly desk: Promise<CallDesk>;
  readonly clips: CallClips;
  /** Who takes over when we fail; undefined: we hang up. */
  readonly fallback: TransferTarget | undefined;
  readonly control: AsyncIterable<CallControl>;
  /** Each turn, once, when it is over. Must not throw. */
  onTurn(turn: Turn): void;
  /** Words as they are recognised, for those who watch. */
  onWords?(text: string, final: boolean): void;
}

/** What we do when what is being said has been heard. */
type Leaving =
  | { readonly type: 'hang-up'; readonly reason: CallEnd }
  | { readonly type: 'transfer'; readonly target: TransferTarget };

type LoopEvent =
  | EarEvent
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'control'; readonly control: CallControl }
  | { readonly type: 'settled'; readonly settled: SettledTurn }
  | { readonly type: 'force-wrap-up' }
  | { readonly type: 'line-ended'; readonly end: LineEnd };

/** Resolves with the reason when the line is gone; rejects with the signal's reason when that aborts first. */
export async function runCall(parts: CallParts, signal: AbortSignal): Promise<CallEnd> {
  const { transport, clock, clips, log, callId } = parts;
  const events = new Channel<LoopEvent>(EVENTS_MAX);
  const conversation = new Conversation();
  const context: ToolContext = {
    signal,
    callId,
    clientId: parts.clientId,
    callerPhone: parts.callerPhone,
    hangUp: () => (leaving ??= { type: 'hang-up', reason: 'goodbye' }),
    transfer: (target) => (leaving ??= { type: 'transfer', target }),
  };
  const toolbox = parts.desk.then(({ instructions, tools }) => {
    conversation.instructions = instructions;
    return new Toolbox({ clock, log, tools, context });
  });
  // Whoever needs it hears of a failure.
  toolbox.catch(() => {});

  let current: RunningTurn | undefined;
  let waiting: { text: string; callerEnd: CallerEnd } | undefined;
  let leaving: Leaving | undefined;
  let closing: CallEnd | undefined;
  let givingUp = false;
  let wrapUp = false;
  let asked = false;
  let failures = 0;

  /** Looked at with every frame: what costs something is computed when it is asked for. */
  const floor: Floor = {
    get agent() {
      if (!current) return 'quiet';
      return current.speaking ? 'speaking' : 'thinking';
    },
    get asking() {
      return current ? current.asking : asked;
    },
    get waiting() {
      return current ? current.kind === 'prompt' : !waiting;
    },
  };
  const ear = listen(
    {
      transport,
      clock,
      language: parts.language,
      speechToText: parts.vendors.speechToText,
      voiceDetector: parts.voiceDetector,
    },
    floor,
    signal,
  );
  using keypad = new Keypad(clock, (keys) => {
    const times = { endpointMs: 0, hearMs: undefined };
    respond(`(pressed on the keypad: ${keys})`, { decidedMs: clock.elapsed(), times });
  });
  forward(ear, (event) => event);
  forward(transport.keys, (key) => ({ type: 'key', key }));
  forward(parts.control, (control) => ({ type: 'control', control }));
  void transport.ended.then((end) => events.push({ type: 'line-ended', end }));

  begin('greeting', say(clips.greeting));
  try {
    for await (const event of abortable(events, signal)) {
      const end = on(event);
      if (end) return end;
    }
    return closing ?? 'lost';
  } finally {
    events.end();
    current?.interrupt();
    if (current) record(await current.settled);
    await toolbox.then(
      (tools) => tools.idle(),
      () => {},
    );
    await transport.hangUp();
  }

  function on(event: LoopEvent): CallEnd | undefined {
    switch (event.type) {
      case 'caller':
        onCaller(event.event, event.atMs);
        return undefined;
      case 'words':
        log.debug('words', { callId, final: event.final, pii: { text: event.text } });
        parts.onWords?.(event.text, event.final);
        return undefined;
      case 'deaf':
        log.error('recogniser lost', { callId, error: event.error });
        giveUp();
        return undefined;
      case 'key':
        keypad.press(event.key);
        return undefined;
      case 'control':
        onControl(event.control);
        return undefined;
      case 'settled':
        onSettled(event.settled);
        return undefined;
      case 'force-wrap-up':
        if (wrapUp) current?.interrupt();
        return undefined;
      case 'line-ended':
        return closing ?? (event.end === 'hung-up' ? 'goodbye' : event.end);
    }
  }

  function onCaller(event: CallerEvent, atMs: number): void {
    if (givingUp) return;
    switch (event.type) {
      case 'interrupts':
        current?.hold();
        break;
      case 'retracts':
        current?.resume();
        break;
      case 'confirms':
        interruptCurrent();
        break;
      case 'finished':
        respond(event.text, { decidedMs: atMs, times: event.times });
        break;
      case 'silent':
        onSilence(event.stage);
        break;
      case 'pauses':
        break;
    }
  }

  /** Whoever speaks over our goodbye wants to go on. */
  function interruptCurrent(): void {
    leaving = undefined;
    current?.interrupt();
  }

  function respond(text: string, callerEnd: CallerEnd): void {
    if (closing) return;
    waiting = { text: waiting ? `${waiting.text} ${text}` : text, callerEnd };
    if (current) interruptCurrent();
    else next();
  }

  function onSilence(stage: 1 | 2 | 3): void {
    if (current || closing) return;
    if (stage < 3) return begin('prompt', say(clips.stillThere));
    leaving = { type: 'hang-up', reason: 'silence' };
    begin('notice', say(clips.goodbye));
  }

  function onControl(control: CallControl): void {
    if (control.type === 'end') return close(control.reason);
    wrapUp = true;
    if (!current) return next();
    const timer = clock.after(WRAP_UP_WAIT_MS, () => events.push({ type: 'force-wrap-up' }));
    void current.settled.then(() => timer[Symbol.dispose]());
  }

  function onSettled(settled: SettledTurn): void {
    current = undefined;
    record(settled);
    const { turn } = settled;
    asked = turn.heard.trimEnd().endsWith('?');
    if (turn.ending === 'failed') return onFailure(turn.error);
    if (turn.kind !== 'apology') failures = 0;
    if (leaving && turn.ending === 'completed') return leave(leaving);
    next();
  }

  function onFailure(error: unknown): void {
    failures += 1;
    log.error('turn failed', { callId, failures, error });
    if (failures >= FAILURES_MAX) giveUp();
    else begin('apology', say(clips.apology));
  }

  /** An apology, then a person if there is one, else the end. */
  function giveUp(): void {
    if (closing || givingUp) return;
    givingUp = true;
    leaving = parts.fallback
      ? { type: 'transfer', target: parts.fallback }
      : { type: 'hang-up', reason: 'failed' };
    waiting = undefined;
    if (current) current.interrupt();
    begin('apology', say(clips.givingUp));
  }

  /** What is due when nobody speaks: the wrap-up first, then what the caller said meanwhile. */
  function next(): void {
    if (closing || current) return;
    if (wrapUp) {
      wrapUp = false;
      return begin('notice', say(clips.wrapUp));
    }
    if (!waiting) return;
    const { text, callerEnd } = waiting;
    waiting = undefined;
    conversation.addCaller(text);
    begin('reply', reply, text, callerEnd);
  }

  async function* reply(...[trace, turnSignal]: Parameters<Source>): ReturnType<Source> {
    const [languageModel, tools] = await Promise.all([parts.vendors.languageModel, toolbox]);
    const { language } = parts;
    const { apology, goodbye } = clips;
    yield* think(
      {
        languageModel,
        conversation,
        toolbox: tools,
        language,
        apology,
        goodbye,
        leaving: () => !!leaving,
      },
      trace,
      turnSignal,
    );
  }

  function begin(kind: TurnKind, source: Source, caller?: string, callerEnd?: CallerEnd): void {
    const { language } = parts;
    const { textToSpeech } = parts.vendors;
    const turn = startTurn(
      { transport, clock, language, textToSpeech, fillers: clips.fillers },
      { kind, caller, callerEnd, source },
      signal,
    );
    current = turn;
    void turn.settled.then((settled) => {
      if (current === turn) events.push({ type: 'settled', settled });
      else record(settled);
    });
  }

  function record({ turn, heardSteps, steps }: SettledTurn): void {
    for (const step of steps) {
      const texts = heardSteps.filter((each) => each.step === step).map(({ text }) => text);
      conversation.setHeard(step, texts.join(' '));
    }
    if (steps.length === 0 && turn.heard !== '') {
      conversation.setHeard(addStep(turn.heard), turn.heard);
    }
    parts.onTurn(turn);
  }

  function addStep(text: string): number {
    const step = conversation.beginStep();
    conversation.addText(step, text);
    return step;
  }

  function leave(how: Leaving): void {
    leaving = undefined;
    if (how.type === 'hang-up') return close(how.reason);
    closing = 'transferred';
    transport.transfer(how.target).catch((error: unknown) => {
      log.error('transfer failed', { callId, error });
      closing = undefined;
      close('failed');
    });
  }

  function close(reason: CallEnd): void {
    closing ??= reason;
    current?.interrupt();
    void transport.hangUp();
  }

  /** Passes everything `source` gives to the loop, until either ends. */
  function forward<T>(source: AsyncIterable<T>, wrap: (item: T) => LoopEvent): void {
    const passing = (async () => {
      for await (const item of abortable(source, signal)) events.push(wrap(item));
    })();
    passing.catch((error: unknown) => {
      if (!signal.aborted) log.error('part of a call failed', { callId, error });
    });
  }
}

/** Stored speech, or a text that the voice has to say. */
function say(what: Clip | string): Source {
  return async function* () {
    if (typeof what === 'string') yield { type: 'text', step: undefined, text: what };
    else yield { type: 'clip', clip: what };
  };
}
