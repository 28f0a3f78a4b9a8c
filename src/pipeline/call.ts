// The main loop of a call: events in, turns out. It never waits for a turn: what happens meanwhile is state.

import { CallEnding, HAND_OVER_WAIT_MS, WRAP_UP_WAIT_MS } from './call-ending.ts';
import { CallEvents } from './call-events.ts';
import type { LineEvent } from './call-events.ts';
import type { CallParts } from './call-parts.ts';
import { openCallToolbox } from './call-toolbox.ts';
import { CallTurns } from './call-turns.ts';
import { Conversation } from './thinking/conversation.ts';
import { listen } from './hearing/ear.ts';
import type { EarEvent } from './hearing/ear.ts';
import { EchoGuard } from './hearing/echo-guard.ts';
import { EndpointWait } from './hearing/endpoint-wait.ts';
import { GivingUp } from './giving-up.ts';
import { LoopDetector } from './machines/loop-detector.ts';
import { Machines } from './machines/machines.ts';
import { Keypad } from './keypad.ts';
import { withEmails } from './dictation/spoken-emails.ts';
import type { CallerEnd } from './trace.ts';
import type { SettledTurn } from './turn.ts';
import type { CallerEvent } from './hearing/caller-event.ts';
import { CallFloor } from './call-floor.ts';
import { SteppingIn } from './stepping-in.ts';
import type { PersonFound, SteppingInEvent } from './stepping-in.ts';
import type { CallControl, CallEnd } from './types.ts';
import { underWay } from './under-way.ts';

/** Events waiting for the loop, which never waits itself. */
const EVENTS_MAX = 256;
/** So often in a row we say that we did not catch it. */
const ASKED_AGAIN_MAX = 2;

type LoopEvent =
  | EarEvent
  | LineEvent
  | SteppingInEvent
  | { readonly type: 'settled'; readonly settled: SettledTurn }
  | { readonly type: 'force-wrap-up' }
  | { readonly type: 'force-hand-over' };

/** Resolves with the reason when the line is gone; rejects with the signal's reason when that aborts first. */
export async function runCall(parts: CallParts, signal: AbortSignal): Promise<CallEnd> {
  const { transport, clock, clips, log, callId } = parts;
  const events = new CallEvents<LoopEvent>(EVENTS_MAX, parts, signal);
  const conversation = new Conversation('', withEmails(parts.language));
  const ending = new CallEnding({
    transport,
    log,
    callId,
    onClose: () => turns.current?.interrupt(),
  });
  const toolbox = parts.desk.then(({ instructions, tools, history = [] }) => {
    conversation.instructions = instructions;
    conversation.goOnFrom(history);
    const said = () => conversation.said();
    return openCallToolbox({ call: parts, tools, ending, said }, signal);
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
  using steppingIn = new SteppingIn(parts, (event) => events.push(event));
  const machines = new Machines({ call: parts, conversation, ending, turns });

  const loop = new LoopDetector();
  const begun = { decidedMs: clock.elapsed(), times: { endpointMs: 0, hearMs: undefined } };
  let waiting: { text: string; callerEnd: CallerEnd } | undefined = parts.owed
    ? { text: parts.owed, callerEnd: begun }
    : undefined;
  /** What the history ends with. */
  let unheard = parts.owed === '' ? begun : undefined;
  /** The reply that was broken off before a word of it was heard. */
  let owed: CallerEnd | undefined;
  let lastEnd: CallerEnd | undefined;
  const givingUp = new GivingUp({
    call: parts,
    ending,
    turns,
    onGiveUp() {
      waiting = undefined;
    },
  });
  const { voicemail } = givingUp;
  let askedAgain = 0;
  let wrapUp = false;
  let wrappedUp = false;
  let reason: CallEnd | undefined;
  let handingOver: Disposable | undefined;

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
      onHears: parts.onHears,
      callerRang: parts.machineAnswer === undefined && !parts.goesOn,
      wait: new EndpointWait(parts.patience),
      ...(voicemail && { onFrame: (frame, voiced) => voicemail.onFrame(frame, voiced) }),
    },
    floor,
    signal,
  );
  using keypad = new Keypad(clock, (keys) => {
    if (ending.reason || !steppingIn.takesKeys(keys)) onKeys(keys);
  });
  events.forward(ear.events, (event) => event);
  events.followLine();
  parts.onBegun?.(() =>
    underWay(turns.current?.look(), `${waiting?.text ?? ''} ${ear.text}`.trim()),
  );

  turns.say('greeting', clips.greeting);
  try {
    for await (const event of events.read()) {
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
    if (signal.aborted || givingUp.begun) return '';
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
        if (!machines.leavingWord) givingUp.begin();
        return undefined;
      case 'key':
        if (machines.leavingWord || givingUp.takesKey(event.key)) return undefined;
        // Whoever presses keys listens no longer.
        if (!ending.planned && turns.current?.speaking) turns.current.interrupt();
        keypad.press(event.key);
        return undefined;
      case 'person':
        onPerson(event);
        return undefined;
      case 'quiet':
        next();
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
        return ending.afterLine(event.end);
    }
  }

  function onKeys(keys: string): void {
    const times = { endpointMs: 0, hearMs: undefined };
    respond(`(pressed on the keypad: ${keys})`, { decidedMs: clock.elapsed(), times });
  }

  /** Straight to a person, whatever is being said; the key is one like any other when there is none. */
  function onPerson({ target, keys }: PersonFound): void {
    if (ending.reason || givingUp.begun || machines.leavingWord) return;
    if (!target) return keys === undefined ? undefined : onKeys(keys);
    ending.planPerson(target);
    waiting = undefined;
    turns.current?.interrupt();
    turns.say('notice', clips.fillers[0]!);
  }

  function onCaller(event: CallerEvent, atMs: number): void {
    if (givingUp.begun || machines.leavingWord) return;
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
        if (event.unsure && asksAgain(event.text)) break;
        if (!event.unsure) askedAgain = 0;
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

  /**
   * Words that are a guess are asked for again, unless we have just done so in vain, or asked for what is hard to be sure of: then the
   * model makes of them what it can.
   */
  function asksAgain(text: string): boolean {
    const { what } = turns.expected;
    const hard = what === 'name' || what === 'spelling' || what === 'email';
    if (hard || waiting || turns.current || ending.reason || askedAgain >= ASKED_AGAIN_MAX) {
      return false;
    }
    askedAgain += 1;
    turns.say('notice', clips.apology, text);
    return true;
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
    if (control.type === 'machine') return machines.onCarrier(control);
    // Word is left within seconds, and to nobody else than this machine.
    if (machines.leavingWord) return undefined;
    if (control.type === 'put-through') return steppingIn.putThrough(control.targetId);
    if (control.type === 'say') {
      steppingIn.say(control.text);
      return next();
    }
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
    steppingIn.settled(turn);
    if (machines.takesTurn(turn)) return;
    if (wrappedUp && turn.outcomes.includes('message')) voicemail?.note();
    if (givingUp.takesTurn(turn)) return;
    owed =
      turn.kind === 'reply' && turn.ending === 'interrupted' && turn.heard === ''
        ? lastEnd
        : undefined;
    if (givingUp.hasFailed(turn)) return;
    if (turn.kind === 'reply' && loop.note(turn.caller ?? '', turn.heard)) return onLoop();
    if ((turn.ending === 'completed' || ending.firm) && ending.leave()) return;
    next();
  }

  /** Nobody is there who could be helped: it costs the owner, and would go on for ever. */
  function onLoop(): void {
    log.warn('a call went round in circles', { callId });
    ending.planInstead({ type: 'hang-up', reason: 'loop' });
    waiting = undefined;
    turns.say('notice', clips.goodbye);
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
    const unsaid = ear.text === '' ? 'unknown' : 'unfinished';
    const text = givingUp.begun ? undefined : steppingIn.next(waiting ? 'done' : unsaid);
    if (text !== undefined) return turns.say('notice', text);
    if (!waiting && handingOver) return handOver();
    if (!waiting && unheard) {
      lastEnd = unheard;
      unheard = undefined;
      return turns.replyAgain(lastEnd);
    }
    if (!waiting) return undefined;
    const { text: words, callerEnd } = waiting;
    waiting = unheard = undefined;
    lastEnd = callerEnd;
    voicemail?.onTurn(words);
    turns.reply(words, callerEnd);
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
}
