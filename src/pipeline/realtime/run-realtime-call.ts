// A call whose model hears and speaks itself: the same line, tools, stored speech and records as in a call of parts.

import { abortable } from '../../lib/abort.ts';
import { AwaitedWords } from './awaited-words.ts';
import { CallEnding, HAND_OVER_WAIT_MS, WRAP_UP_WAIT_MS } from '../call-ending.ts';
import { CallEvents } from '../call-events.ts';
import { openCallToolbox } from '../call-toolbox.ts';
import type { SaidBefore } from '../thinking/conversation.ts';
import { asksToWait } from '../hearing/completeness.ts';
import { EchoGuard } from '../hearing/echo-guard.ts';
import { Keypad } from '../keypad.ts';
import { listeningWords } from '../languages/find-language.ts';
import { LastWords } from './last-words.ts';
import { LostModel } from './lost-model.ts';
import { MutualSilence } from './mutual-silence.ts';
import type { SilenceStage } from './mutual-silence.ts';
import { hearRealtime } from './realtime-ear.ts';
import { floorStateOf, RealtimeFloor } from './realtime-floor.ts';
import type { FloorAct } from './realtime-floor.ts';
import type { RealtimeCallParts, RealtimeEvent } from './realtime-call-parts.ts';
import { RealtimeReply } from './realtime-reply.ts';
import { RealtimeRecord } from './realtime-record.ts';
import { spokenForm } from '../spoken-form/spoken-form.ts';
import type { SpokenForm } from '../spoken-form/spoken-form.ts';
import type { SpeechEvent, SpeechToSpeech } from './speech-to-speech.ts';
import { SteppingIn } from '../stepping-in.ts';
import type { PersonFound } from '../stepping-in.ts';
import type { Toolbox } from '../thinking/toolbox.ts';
import type { CallerEnd } from '../trace.ts';
import { spoken, startTurn } from '../turn.ts';
import type { RunningTurn, SettledTurn, TurnStart } from '../turn.ts';
import type { CallControl, CallEnd, Clip, TextToSpeech, TurnKind } from '../types.ts';

const EVENTS_MAX = 1024;
/** Failed replies in a row, after which the call goes on by parts. */
const FAILURES_MAX = 2;

/**
 * Resolves with the reason when the line is gone. Rejects with `vendor_failed` when the model is lost, and the line is
 * still there for another call; with the signal's reason when that aborts first.
 */
export async function runRealtimeCall(
  parts: RealtimeCallParts,
  signal: AbortSignal,
): Promise<CallEnd> {
  const { transport, clock, clips, log, callId, language } = parts;
  const events = new CallEvents<RealtimeEvent>(EVENTS_MAX, parts, signal);
  const echoGuard = new EchoGuard(transport.sampleRate);
  const ending = new CallEnding({ transport, log, callId, onClose: () => current?.interrupt() });
  const record = new RealtimeRecord({ call: parts, ending, say });
  const { said } = record;
  let current: RunningTurn | undefined;
  let reply: RealtimeReply | undefined;
  let model: SpeechToSpeech | undefined;
  let toolbox: Toolbox | undefined;
  const silence = new MutualSilence(clock.elapsed());
  using lastWords = new LastWords(clock, silence, () => events.push({ type: 'over' }));
  using steppingIn = new SteppingIn(parts, (event) => events.push(event));
  const lostModel = new LostModel({
    ending,
    clips,
    idle: () => toolbox?.idle() ?? Promise.resolve(),
    onGone: () => events.push({ type: 'gone' }),
  });
  let due: 'wrap-up' | 'hand-over' | undefined;
  /** The caller has finished while we still spoke: the model answers when we have been heard. */
  let owed = false;
  /** An answer is asked for, and has not begun. */
  let asked = false;
  let failures = 0;
  const words = new AwaitedWords(clock);
  const floor = new RealtimeFloor(listeningWords(language));
  const own = spokenForm(language, parts.pronunciations, () => true);
  let forcing: Disposable | undefined;

  const floorState = () => floorStateOf(current, asked);
  using keypad = new Keypad(clock, (keys) => {
    if (ending.reason || !steppingIn.takesKeys(keys)) onKeys(keys);
  });
  parts.onBegun?.(() => said.underWay(current?.look()));
  if (typeof clips.greeting !== 'string') say('greeting', clips.greeting);
  begin().catch((error: unknown) => events.push({ type: 'lost', error }));
  events.followLine();
  hearRealtime(
    {
      call: parts,
      echoGuard,
      floor,
      silence,
      floorState,
      isOurs: () => current !== undefined,
      hear: (frame) => model?.hear(frame),
      onFrame: (frame, voiced) => record.onFrame(frame, voiced),
      onFloor: (act) => events.push({ type: 'floor', act }),
      onSilent: (stage) => events.push({ type: 'silent', stage }),
    },
    signal,
  ).catch(() => {});
  let lost = false;
  let reason: CallEnd | undefined;
  try {
    for await (const event of events.read()) {
      reason = on(event);
      if (reason) return reason;
    }
    return (reason = ending.reason ?? 'lost');
  } catch (error) {
    lost = !signal.aborted;
    throw error;
  } finally {
    events.end();
    forcing?.[Symbol.dispose]();
    const last = current;
    last?.interrupt();
    if (last) record.settled((await last.settled).turn);
    await toolbox?.idle();
    if (lost) parts.onLost(said.unanswered);
    else {
      await record.end(reason);
      await transport.hangUp();
    }
  }

  /** The greeting plays meanwhile. */
  async function begin(): Promise<void> {
    const [open, desk] = await Promise.all([parts.model, parts.desk]);
    const { instructions, tools } = desk;
    toolbox = openCallToolbox({ call: parts, tools, ending, said: () => said.messages }, signal);
    const { greeting } = clips;
    const history: SaidBefore[] = [...(desk.history ?? [])];
    said.goOnFrom(history);
    if (typeof greeting !== 'string') history.push({ role: 'assistant', text: greeting.text });
    open.begin({ instructions, tools, language, history });
    model = open;
    if (typeof greeting === 'string') {
      open.tell(`(The call begins. Greet the caller with exactly these words: "${greeting}")`);
      ask();
    }
    for await (const event of abortable(open.events, signal)) events.push({ type: 'model', event });
  }

  function on(event: RealtimeEvent): CallEnd | undefined {
    switch (event.type) {
      case 'model':
        if (lastWords.end) return lastWords.take(event.event, (text) => said.addCaller(text));
        onModel(event.event);
        break;
      case 'floor':
        onFloor(event.act);
        break;
      case 'lost':
        model = undefined;
        lostModel.note(event.error);
        break;
      case 'gone':
        onGone();
        break;
      case 'silent':
        onSilence(event.stage);
        break;
      case 'key':
        // Whoever presses keys listens no longer.
        if (!ending.planned && current?.speaking) interrupt();
        keypad.press(event.key);
        break;
      case 'person':
        onPerson(event);
        break;
      case 'control':
        onControl(event.control);
        break;
      case 'quiet':
        next();
        break;
      case 'settled':
        onSettled(event.turn, event.settled);
        break;
      case 'force':
        if (current) interrupt();
        else next();
        break;
      case 'line-ended':
        return lastWords.await(ending.afterLine(event.end), model);
      case 'over':
        return lastWords.end;
    }
    return undefined;
  }

  function onModel(event: SpeechEvent): void {
    switch (event.type) {
      case 'speech-started':
        onFloor(floor.onStarted(floorState()));
        break;
      case 'speech-stopped':
        words.expect();
        onFloor(floor.onStopped());
        break;
      case 'caller':
        onCaller(event.text);
        break;
      case 'answer':
        onAnswer();
        break;
      case 'text':
      case 'audio':
      case 'tool-call':
      case 'done':
        reply?.push(event);
        break;
    }
  }

  function onFloor(act: FloorAct | undefined): void {
    if (act === 'hold') current?.hold();
    else if (act === 'resume') current?.resume();
    if (act === 'interrupt' || act === 'answer') {
      ending.forget();
      interrupt();
      lostModel.again();
    }
    if (act === 'answer' || (act === 'respond' && !current)) ask();
    // The end of a question is no interruption of its answer.
    else if (act === 'respond') owed = true;
  }

  function onCaller(heard: string): void {
    // Words of ours that come back while we say them are nobody's.
    const ours = current?.speaking === true && echoGuard.isOurs(heard, current.text);
    const act = floor.onWords(ours ? '' : heard, floorState());
    onFloor(act);
    if (heard !== '' && !ours && act !== 'resume') {
      said.addCaller(heard);
      silence.awaited = asksToWait(heard, listeningWords(language));
      parts.onWords?.(heard, true);
    }
    lastWords.came();
    words.came();
  }

  /** Has the model answer what the caller has said. */
  function ask(): void {
    asked = true;
    model?.respond();
  }

  /** A new reply, unless it is the rest of one whose tools have run. */
  function onAnswer(): void {
    asked = false;
    if (ending.reason || !model || !toolbox || (reply && current?.kind === 'reply')) return;
    interrupt();
    const begun = new RealtimeReply({
      model,
      toolbox,
      heardMs: () => transport.heardMs(),
      leaving: () => ending.planned,
      ownVoice: () => parts.ownVoice(),
      spokenForm: own,
      callerKnown: () => words.known(),
    });
    reply = begun;
    const decidedMs = clock.elapsed();
    const endpointMs = decidedMs - silence.voicedAtMs;
    const callerEnd: CallerEnd = { decidedMs, times: { endpointMs, hearMs: undefined } };
    const start = { kind: 'reply', caller: undefined, callerEnd, source: begun.source } as const;
    startOne(start, Promise.resolve(begun.voice), (text) => begun.spokenForm(text));
  }

  function interrupt(): void {
    if (asked) model?.cancel();
    asked = false;
    if (reply && current?.kind === 'reply') said.cutReply();
    reply?.cut();
    reply = undefined;
    current?.interrupt();
  }

  /** Stored speech, or a text that our own voice has to say. */
  function say(kind: TurnKind, what: Clip | string): void {
    const voice = typeof what === 'string' ? parts.ownVoice() : never;
    startOne({ kind, caller: undefined, callerEnd: undefined, source: spoken(what) }, voice);
  }

  function startOne(
    start: TurnStart,
    textToSpeech: Promise<TextToSpeech>,
    form: SpokenForm = own,
  ): void {
    // A turn that ended while it was held must not silence the next.
    transport.resume();
    const speaks = { transport, clock, language, echoGuard, fillers: clips.fillers };
    const turn = startTurn({ ...speaks, textToSpeech, spokenForm: form }, start, signal);
    current = turn;
    void turn.settled.then((settled) => events.push({ type: 'settled', turn, settled }));
  }

  function onSettled(turn: RunningTurn, settled: SettledTurn): void {
    const loops = record.settled(settled.turn);
    if (current !== turn) return;
    current = undefined;
    reply = undefined;
    silence.weEnded();
    const text = steppingIn.settled(settled.turn);
    const { ending: how, heard } = settled.turn;
    if (text !== undefined && heard !== '') {
      model?.tell(`(The business has had us say to the caller: "${heard}")`);
    } else if (text !== undefined && how === 'failed') {
      model?.tell(`(Say to the caller now, word for word: "${text}")`);
      return ask();
    }
    if (how === 'failed') return onFailed(settled.turn.error);
    if (settled.turn.kind === 'reply') failures = 0;
    if (loops && !ending.reason) return letGo('loop');
    if ((how === 'completed' || ending.firm) && ending.leave()) return;
    if (owed && !ending.reason) ask();
    owed = false;
    next();
  }

  /** The caller hears an apology; the second time in a row the model is as good as lost. */
  function onFailed(error: unknown): void {
    log.warn('turn failed', { callId, error });
    failures += 1;
    if (failures >= FAILURES_MAX) events.push({ type: 'lost', error });
    else if (!ending.reason) say('apology', clips.apology);
  }

  /** Who is to be put through, or has said goodbye, needs no model any more. */
  function onGone(): void {
    if (ending.reason) return;
    const lastWords = lostModel.lastWords();
    if (current && (current.kind !== 'reply' || reply?.over)) return;
    current?.interrupt();
    say('notice', lastWords);
  }

  function onSilence(at: SilenceStage): void {
    if (current || ending.reason) return;
    if (at < 2) return say('prompt', clips.stillThere);
    letGo('silence');
  }

  /** Nobody is there who could be helped: it costs the owner, and would go on for ever. */
  function letGo(reason: 'silence' | 'loop'): void {
    ending.planInstead({ type: 'hang-up', reason });
    say('notice', clips.goodbye);
  }

  function onKeys(keys: string): void {
    interrupt();
    model?.tell(`(pressed on the keypad: ${keys})`);
    ask();
  }

  function onPerson({ target, keys }: PersonFound): void {
    if (ending.reason) return;
    if (!target) return keys === undefined ? undefined : onKeys(keys);
    ending.planPerson(target);
    interrupt();
    say('notice', clips.fillers[0]!);
  }

  function onControl(control: CallControl): void {
    if (control.type === 'end') return ending.close(control.reason);
    if (control.type === 'put-through') return steppingIn.putThrough(control.targetId);
    if (control.type === 'say') {
      steppingIn.say(control.text);
      return next();
    }
    // Only of calls that we make, which are held by parts.
    if (control.type === 'machine') return undefined;
    due ??= control.type;
    const waitMs = control.type === 'wrap-up' ? WRAP_UP_WAIT_MS : HAND_OVER_WAIT_MS;
    forcing ??= clock.after(waitMs, () => events.push({ type: 'force' }));
    if (!current) next();
  }

  /** What is due when nobody speaks. */
  function next(): void {
    if (current || ending.reason) return;
    if (!due) {
      // Who waits for an answer gets that first.
      const text = asked ? undefined : steppingIn.next('unknown');
      return text === undefined ? undefined : say('notice', text);
    }
    forcing?.[Symbol.dispose]();
    forcing = undefined;
    const what = due;
    due = undefined;
    if (what === 'wrap-up') {
      record.wrapUp();
      return say('notice', clips.wrapUp);
    }
    const idle = toolbox?.idle() ?? Promise.resolve();
    ending.handOver(idle, () => onControl({ type: 'wrap-up' }));
  }
}

/** For stored speech. */
const never: Promise<TextToSpeech> = new Promise(() => {});
