// The main loop of a call: events in, turns out. It never waits for a turn: what happens meanwhile is state.

import { abortable } from '../lib/abort.ts';
import { Channel } from '../lib/channel.ts';
import { CallEnding } from './call-ending.ts';
import type { CallParts } from './call-parts.ts';
import { CallTurns } from './call-turns.ts';
import { Conversation } from './conversation.ts';
import { listen } from './ear.ts';
import type { EarEvent } from './ear.ts';
import { EchoGuard } from './echo-guard.ts';
import { EndpointWait } from './endpoint-wait.ts';
import { LoopDetector } from './loop-detector.ts';
import { Machines } from './machines.ts';
import { Keypad } from './keypad.ts';
import { Toolbox } from './toolbox.ts';
import { Voicemail } from './voicemail.ts';
import type { CallerEnd } from './trace.ts';
import type { SettledTurn } from './turn.ts';
import type { CallerEvent } from './caller-event.ts';
import { CallFloor } from './call-floor.ts';
import type { CallControl, CallEnd, LineEnd, ToolContext, TransferTarget, Turn } from './types.ts';

/** Failed turns in a row before we give up. */
const FAILURES_MAX = 2;
/** A wrap-up waits this long for us to finish what we are saying. */
const WRAP_UP_WAIT_MS = 1000;
/** A call is handed over after the answer under way, or after this long in any case. */
const HAND_OVER_WAIT_MS = 8000;
/** Events waiting for the loop, which never waits itself. */
const EVENTS_MAX = 256;
/** Pressed alone, it leads to a person. */
const PERSON_KEY = '0';

type LoopEvent =
  | EarEvent
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'person'; readonly target: TransferTarget | undefined }
  | { readonly type: 'control'; readonly control: CallControl }
  | { readonly type: 'settled'; readonly settled: SettledTurn }
  | { readonly type: 'force-wrap-up' }
  | { readonly type: 'force-hand-over' }
  | { readonly type: 'line-ended'; readonly end: LineEnd };

/** Resolves with the reason when the line is gone; rejects with the signal's reason when that aborts first. */
export async function runCall(parts: CallParts, signal: AbortSignal): Promise<CallEnd> {
  const { transport, clock, clips, log, callId } = parts;
  const events = new Channel<LoopEvent>(EVENTS_MAX);
  const conversation = new Conversation();
  const ending = new CallEnding({
    transport,
    log,
    callId,
    onClose: () => turns.current?.interrupt(),
  });
  const context: ToolContext = {
    signal,
    callId,
    clientId: parts.clientId,
    callerPhone: parts.callerPhone,
    ...ending.forTools,
    said: () => conversation.said(),
    typed: false,
  };
  const toolbox = parts.desk.then(({ instructions, tools, history = [] }) => {
    conversation.instructions = instructions;
    conversation.goOnFrom(history);
    return new Toolbox({ clock, log, tools, context, onTool: parts.onTool });
  });
  // Whoever needs it hears of a failure.
  toolbox.catch(() => {});
  const echoGuard = new EchoGuard(transport.sampleRate);
  const turns = new CallTurns(
    {
      call: parts,
      echoGuard,
      conversation,
      toolbox,
      leaving: () => ending.planned,
      onSettled: (settled) => events.push({ type: 'settled', settled }),
    },
    signal,
  );
  const machines = new Machines({ call: parts, conversation, ending, turns });

  const loop = new LoopDetector();
  let waiting: { text: string; callerEnd: CallerEnd } | undefined;
  /** The reply that was broken off before a word of it was heard. */
  let owed: CallerEnd | undefined;
  let lastEnd: CallerEnd | undefined;
  let givingUp = false;
  const { takeAudioMessage } = parts;
  const voicemail =
    takeAudioMessage &&
    new Voicemail({
      sampleRate: transport.sampleRate,
      clips,
      turns,
      ending,
      person: parts.fallback,
      take: takeAudioMessage,
    });
  let wrapUp = false;
  let wrappedUp = false;
  let reason: CallEnd | undefined;
  let handingOver: Disposable | undefined;
  let failures = 0;

  const floor = new CallFloor(turns, () => waiting !== undefined);
  const ear = listen(
    {
      transport,
      clock,
      language: parts.language,
      speechToText: parts.vendors.speechToText,
      voiceDetector: parts.voiceDetector,
      noiseSuppressor: parts.noiseSuppressor,
      echoGuard,
      wait: new EndpointWait(parts.patience),
      ...(voicemail && { onFrame: (frame, voiced) => voicemail.onFrame(frame, voiced) }),
    },
    floor,
    signal,
  );
  using keypad = new Keypad(clock, (keys) => {
    if (keys === PERSON_KEY && parts.personByKey && !ending.reason) return leaveByKey();
    onKeys(keys);
  });
  forward(ear.events, (event) => event);
  forward(transport.keys, (key) => ({ type: 'key', key }));
  forward(parts.control, (control) => ({ type: 'control', control }));
  void transport.ended.then((end) => events.push({ type: 'line-ended', end }));

  turns.say('greeting', clips.greeting);
  try {
    for await (const event of abortable(events, signal)) {
      reason = on(event);
      if (reason) return reason;
    }
    return (reason = ending.reason ?? 'lost');
  } finally {
    events.end();
    handingOver?.[Symbol.dispose]();
    await turns.end();
    await voicemail?.finish(reason, await unanswered());
    await toolbox.then(
      (tools) => tools.idle(),
      () => {},
    );
    await transport.hangUp();
  }

  /** What the caller said last and got no answer to; it stands in the record all the same. */
  async function unanswered(): Promise<string> {
    if (signal.aborted || givingUp) return '';
    const text = [waiting?.text ?? '', await ear.lastWords()].join(' ').trim();
    if (text !== '') turns.noteUnanswered(text);
    return text;
  }

  function on(event: LoopEvent): CallEnd | undefined {
    switch (event.type) {
      case 'caller':
        onCaller(event.event, event.atMs);
        return undefined;
      case 'words':
        log.debug('words', { callId, final: event.final, pii: { text: event.text } });
        parts.onWords?.(event.text, event.final);
        voicemail?.onWords(event.text, event.final);
        return undefined;
      case 'deaf':
        log.error('recogniser lost', { callId, error: event.error });
        giveUp();
        return undefined;
      case 'key':
        if (givingUp && voicemail) voicemail.onKey(event.key);
        else keypad.press(event.key);
        return undefined;
      case 'person':
        onPerson(event.target);
        return undefined;
      case 'control':
        onControl(event.control);
        return undefined;
      case 'settled':
        onSettled(event.settled);
        return undefined;
      case 'force-wrap-up':
        if (wrapUp) turns.current?.interrupt();
        return undefined;
      case 'force-hand-over':
        if (turns.current) turns.current.interrupt();
        else handOver();
        return undefined;
      case 'line-ended':
        return ending.reason ?? (event.end === 'hung-up' ? 'goodbye' : event.end);
    }
  }

  function onKeys(keys: string): void {
    const times = { endpointMs: 0, hearMs: undefined };
    respond(`(pressed on the keypad: ${keys})`, { decidedMs: clock.elapsed(), times });
  }

  /** Straight to a person, whatever is being said; a key like any other when there is none. */
  function leaveByKey(): void {
    const asked = parts.personByKey!().catch((error: unknown) => {
      log.error('nobody can be reached by key', { callId, error });
      return undefined;
    });
    void asked.then((target) => events.push({ type: 'person', target }));
  }

  function onPerson(target: TransferTarget | undefined): void {
    if (ending.reason || givingUp) return;
    if (!target) return onKeys(PERSON_KEY);
    ending.planInstead({ type: 'transfer', target });
    waiting = undefined;
    turns.current?.interrupt();
    turns.say('notice', clips.fillers[0]!);
  }

  function onCaller(event: CallerEvent, atMs: number): void {
    if (givingUp || machines.leavingWord) return;
    switch (event.type) {
      case 'interrupts':
        turns.current?.hold();
        break;
      case 'retracts':
        onRetracts(atMs);
        break;
      case 'supposes':
        if (!waiting && machines.letThink(event.text)) turns.suppose(event.text);
        break;
      case 'doubts':
        turns.doubt();
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
      case 'wordless':
        ending.close('silence');
        break;
      case 'pauses':
        break;
    }
  }

  /** A reply that gave way to a noise before a word of it was heard is owed. */
  function onRetracts(atMs: number): void {
    if (turns.current) return turns.current.resume();
    if (!owed || ending.reason) return;
    const callerEnd = { ...owed, decidedMs: atMs };
    owed = undefined;
    turns.replyAgain(callerEnd);
  }

  /** Whoever speaks over our goodbye wants to go on. */
  function interruptCurrent(): void {
    ending.forget();
    turns.current?.interrupt();
  }

  function respond(text: string, callerEnd: CallerEnd): void {
    if (ending.reason) return;
    if (machines.leavingWord || machines.heard(text)) return;
    waiting = { text: waiting ? `${waiting.text} ${text}` : text, callerEnd };
    // The end of a question is no interruption of its answer.
    if (turns.current?.ending) return;
    if (turns.current) interruptCurrent();
    else next();
  }

  function onSilence(stage: 1 | 2 | 3): void {
    if (turns.current || ending.reason) return;
    if (stage < 3) return turns.say('prompt', clips.stillThere);
    ending.planInstead({ type: 'hang-up', reason: 'silence' });
    turns.say('notice', clips.goodbye);
  }

  function onControl(control: CallControl): void {
    if (control.type === 'end') return ending.close(control.reason);
    // The carrier knows when the tone was: what was left before it is left again.
    if (control.type === 'machine') return machines.leave(control.message);
    if (control.type === 'hand-over') {
      const force = () => events.push({ type: 'force-hand-over' });
      handingOver ??= clock.after(HAND_OVER_WAIT_MS, force);
      return undefined;
    }
    wrapUp = true;
    const { current } = turns;
    if (!current) return next();
    const timer = clock.after(WRAP_UP_WAIT_MS, () => events.push({ type: 'force-wrap-up' }));
    void current.settled.then(() => timer[Symbol.dispose]());
  }

  function onSettled(settled: SettledTurn): void {
    turns.settle(settled);
    const { turn } = settled;
    if (wrappedUp && turn.outcomes.includes('message')) voicemail?.note();
    if (givingUp && voicemail) return onGivenUp(turn);
    owed =
      turn.kind === 'reply' && turn.ending === 'interrupted' && turn.heard === ''
        ? lastEnd
        : undefined;
    if (turn.ending === 'failed') return onFailure(turn.error);
    if (turn.kind !== 'apology') failures = 0;
    if (turn.kind === 'reply' && loop.note(turn.caller ?? '', turn.heard)) return onLoop();
    if (turn.ending === 'completed' && ending.leave()) return;
    next();
  }

  /** Nobody is there who could be helped: it costs the owner, and would go on for ever. */
  function onLoop(): void {
    log.warn('a call went round in circles', { callId });
    ending.planInstead({ type: 'hang-up', reason: 'loop' });
    waiting = undefined;
    turns.say('notice', clips.goodbye);
  }

  function onFailure(error: unknown): void {
    failures += 1;
    log.error('turn failed', { callId, failures, error });
    if (failures >= FAILURES_MAX) giveUp();
    else turns.say('apology', clips.apology);
  }

  /** The apology is over, or a step of what comes after it. */
  function onGivenUp({ kind }: Turn): void {
    if (ending.reason) return;
    if (kind === 'apology') voicemail!.begin();
    else voicemail!.heard();
  }

  /** An apology; then a message is taken, or a person takes over, or it is the end. */
  function giveUp(): void {
    if (ending.reason || givingUp) return;
    givingUp = true;
    const { fallback } = parts;
    if (voicemail) ending.forget();
    else if (fallback) ending.planInstead({ type: 'transfer', target: fallback });
    else ending.planInstead({ type: 'hang-up', reason: 'failed' });
    waiting = undefined;
    turns.current?.interrupt();
    turns.say('apology', clips.givingUp);
  }

  /** What is due when nobody speaks: the wrap-up first, then what the caller said meanwhile. */
  function next(): void {
    if (ending.reason || turns.current) return;
    if (wrapUp) {
      wrapUp = false;
      wrappedUp = true;
      voicemail?.note();
      return turns.say('notice', clips.wrapUp);
    }
    if (!waiting && handingOver) return handOver();
    if (!waiting) return undefined;
    const { text, callerEnd } = waiting;
    waiting = undefined;
    lastEnd = callerEnd;
    voicemail?.onTurn(text);
    turns.reply(text, callerEnd);
  }

  /** Between two answers, and with every tool at its end: the process that takes over sees what they did. */
  function handOver(): void {
    handingOver?.[Symbol.dispose]();
    const idle = toolbox.then(
      (tools) => tools.idle(),
      () => {},
    );
    ending.handOver(idle, () => {
      handingOver = undefined;
      onControl({ type: 'wrap-up' });
    });
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
