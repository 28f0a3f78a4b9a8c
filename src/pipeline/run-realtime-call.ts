// A call whose model hears and speaks itself: the same line, tools, stored speech and records as in a call of parts.

import { abortable } from '../lib/abort.ts';
import { Channel } from '../lib/channel.ts';
import { AppError } from '../lib/errors.ts';
import { CallEnding } from './call-ending.ts';
import type { CallParts } from './call-parts.ts';
import type { SaidBefore } from './conversation.ts';
import { EchoGuard } from './echo-guard.ts';
import { Keypad } from './keypad.ts';
import { RealtimeReply } from './realtime-reply.ts';
import type { SpeechEvent, SpeechToSpeech } from './speech-to-speech.ts';
import { Toolbox } from './toolbox.ts';
import type { CallerEnd } from './trace.ts';
import { startTurn } from './turn.ts';
import type { RunningTurn, SettledTurn, Source, TurnStart } from './turn.ts';
import { FRAME_MS } from './types.ts';
import type {
  CallControl,
  CallEnd,
  Clip,
  LineEnd,
  Message,
  TextToSpeech,
  ToolContext,
  TurnKind,
} from './types.ts';

const EVENTS_MAX = 1024;
/** Quiet from both sides: ask, ask again, let go. */
const SILENT_MS = [8000, 16_000, 30_000] as const;
/** A wrap-up, and a hand-over, wait so long for what is being said. */
const WRAP_UP_WAIT_MS = 2500;
const HAND_OVER_WAIT_MS = 8000;

export interface RealtimeCallParts extends Omit<CallParts, 'vendors' | 'takeAudioMessage'> {
  readonly model: Promise<SpeechToSpeech>;
}

type LoopEvent =
  | { readonly type: 'model'; readonly event: SpeechEvent }
  | { readonly type: 'lost'; readonly error: unknown }
  | { readonly type: 'silent'; readonly stage: 0 | 1 | 2 }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'control'; readonly control: CallControl }
  | { readonly type: 'settled'; readonly turn: RunningTurn; readonly settled: SettledTurn }
  | { readonly type: 'force' }
  | { readonly type: 'line-ended'; readonly end: LineEnd };

/**
 * Resolves with the reason when the line is gone. Rejects with `vendor_failed` when the model is lost, and the line is
 * still there for another call; with the signal's reason when that aborts first.
 */
export async function runRealtimeCall(
  parts: RealtimeCallParts,
  signal: AbortSignal,
): Promise<CallEnd> {
  const { transport, clock, clips, log, callId, language, voiceDetector } = parts;
  const events = new Channel<LoopEvent>(EVENTS_MAX);
  const echoGuard = new EchoGuard(transport.sampleRate);
  const ending = new CallEnding({ transport, log, callId, onClose: () => current?.interrupt() });
  const context: ToolContext = {
    signal,
    callId,
    clientId: parts.clientId,
    callerPhone: parts.callerPhone,
    ...ending.forTools,
    said: () => said,
    typed: false,
  };
  const said: Message[] = [];
  let current: RunningTurn | undefined;
  let reply: RealtimeReply | undefined;
  let model: SpeechToSpeech | undefined;
  let toolbox: Toolbox | undefined;
  /** What the caller has said since the last reply was recorded. */
  let caller = '';
  let voicedAtMs = clock.elapsed();
  let silentMs = 0;
  let stage = 0;
  let due: 'wrap-up' | 'hand-over' | undefined;
  let forcing: Disposable | undefined;

  using keypad = new Keypad(clock, (keys) => {
    model?.tell(`(pressed on the keypad: ${keys})`);
    model?.respond();
  });
  if (typeof clips.greeting !== 'string') say('greeting', clips.greeting);
  begin().catch((error: unknown) => events.push({ type: 'lost', error }));
  forward(transport.keys, (key) => ({ type: 'key', key }));
  forward(parts.control, (control) => ({ type: 'control', control }));
  hearCaller().catch(() => {});
  void transport.ended.then((end) => events.push({ type: 'line-ended', end }));
  let lost = false;
  try {
    for await (const event of abortable(events, signal)) {
      const end = on(event);
      if (end) return end;
    }
    return ending.reason ?? 'lost';
  } catch (error) {
    lost = !signal.aborted;
    throw error;
  } finally {
    events.end();
    forcing?.[Symbol.dispose]();
    const last = current;
    last?.interrupt();
    if (last) record(await last.settled);
    await toolbox?.idle();
    if (!lost) await transport.hangUp();
  }

  /** The greeting plays meanwhile. */
  async function begin(): Promise<void> {
    const [open, desk] = await Promise.all([parts.model, parts.desk]);
    toolbox = new Toolbox({ clock, log, tools: desk.tools, context, onTool: parts.onTool });
    const { greeting } = clips;
    const history: SaidBefore[] = [...(desk.history ?? [])];
    if (typeof greeting !== 'string') history.push({ role: 'assistant', text: greeting.text });
    open.begin({ instructions: desk.instructions, tools: desk.tools, language, history });
    model = open;
    if (typeof greeting === 'string') {
      open.tell(`(The call begins. Greet the caller with exactly these words: "${greeting}")`);
      open.respond();
    }
    for await (const event of abortable(open.events, signal)) events.push({ type: 'model', event });
  }

  async function hearCaller(): Promise<void> {
    for await (const frame of abortable(transport.incoming, signal)) {
      voiceDetector.push(frame);
      model?.hear(frame);
      if (voiceDetector.voiced) {
        voicedAtMs = clock.elapsed();
        silentMs = 0;
        stage = 0;
      } else if (!current) {
        silentMs += FRAME_MS;
        const limit = SILENT_MS[stage];
        if (limit === undefined || silentMs < limit) continue;
        events.push({ type: 'silent', stage: stage as 0 | 1 | 2 });
        stage += 1;
      }
    }
  }

  function on(event: LoopEvent): CallEnd | undefined {
    switch (event.type) {
      case 'model':
        onModel(event.event);
        return undefined;
      case 'lost':
        if (ending.reason) return undefined;
        throw event.error instanceof Error
          ? event.error
          : new AppError('vendor_failed', 'the realtime model was lost');
      case 'silent':
        onSilence(event.stage);
        return undefined;
      case 'key':
        keypad.press(event.key);
        return undefined;
      case 'control':
        onControl(event.control);
        return undefined;
      case 'settled':
        onSettled(event.turn, event.settled);
        return undefined;
      case 'force':
        if (current) interrupt();
        else next();
        return undefined;
      case 'line-ended':
        return ending.reason ?? (event.end === 'hung-up' ? 'goodbye' : event.end);
    }
  }

  function onModel(event: SpeechEvent): void {
    switch (event.type) {
      case 'speech-started':
        ending.forget();
        interrupt();
        break;
      case 'speech-stopped':
        break;
      case 'caller':
        if (event.text === '') break;
        caller = caller === '' ? event.text : `${caller} ${event.text}`;
        parts.onWords?.(event.text, true);
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

  /** A new reply, unless it is the rest of one whose tools have run. */
  function onAnswer(): void {
    if (ending.reason || !model || !toolbox || (reply && current?.kind === 'reply')) return;
    interrupt();
    const begun = new RealtimeReply({
      model,
      toolbox,
      heardMs: () => transport.heardMs(),
      leaving: () => ending.planned,
    });
    reply = begun;
    const decidedMs = clock.elapsed();
    const endpointMs = decidedMs - voicedAtMs;
    const callerEnd: CallerEnd = { decidedMs, times: { endpointMs, hearMs: undefined } };
    const start = { kind: 'reply', caller: undefined, callerEnd, source: begun.source } as const;
    startOne(start, Promise.resolve(begun.voice));
  }

  function interrupt(): void {
    reply?.cut();
    reply = undefined;
    current?.interrupt();
  }

  function say(kind: TurnKind, clip: Clip): void {
    const source: Source = async function* () {
      yield { type: 'clip', clip };
    };
    startOne({ kind, caller: undefined, callerEnd: undefined, source }, never);
  }

  function startOne(start: TurnStart, textToSpeech: Promise<TextToSpeech>): void {
    const turn = startTurn(
      {
        transport,
        clock,
        language,
        textToSpeech,
        echoGuard,
        // The model says what it says.
        spokenForm: (text) => [{ written: text, spoken: text }],
        fillers: clips.fillers,
      },
      start,
      signal,
    );
    current = turn;
    void turn.settled.then((settled) => events.push({ type: 'settled', turn, settled }));
  }

  function onSettled(turn: RunningTurn, settled: SettledTurn): void {
    record(settled);
    if (current !== turn) return;
    current = undefined;
    reply = undefined;
    silentMs = 0;
    if (settled.turn.ending === 'failed')
      log.warn('turn failed', { callId, error: settled.turn.error });
    if (settled.turn.ending === 'completed' && ending.leave()) return;
    next();
  }

  function record({ turn }: SettledTurn): void {
    const isReply = turn.kind === 'reply';
    const asked = isReply && caller !== '' ? caller : undefined;
    if (isReply) caller = '';
    if (asked !== undefined) said.push({ role: 'user', text: asked });
    if (turn.heard !== '') said.push({ role: 'assistant', text: turn.heard, toolCalls: [] });
    return parts.onTurn({ ...turn, caller: asked });
  }

  function onSilence(at: 0 | 1 | 2): void {
    if (current || ending.reason) return;
    if (at < 2) return say('prompt', clips.stillThere);
    ending.planInstead({ type: 'hang-up', reason: 'silence' });
    say('notice', clips.goodbye);
  }

  function onControl(control: CallControl): void {
    if (control.type === 'end') return ending.close(control.reason);
    // Only of calls that we make, which are held by parts.
    if (control.type === 'machine') return undefined;
    due ??= control.type;
    const waitMs = control.type === 'wrap-up' ? WRAP_UP_WAIT_MS : HAND_OVER_WAIT_MS;
    forcing ??= clock.after(waitMs, () => events.push({ type: 'force' }));
    if (!current) next();
  }

  /** What is due when nobody speaks. */
  function next(): void {
    if (!due || current || ending.reason) return;
    forcing?.[Symbol.dispose]();
    forcing = undefined;
    const what = due;
    due = undefined;
    if (what === 'wrap-up') return say('notice', clips.wrapUp);
    const idle = toolbox?.idle() ?? Promise.resolve();
    ending.handOver(idle, () => onControl({ type: 'wrap-up' }));
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

/** Stored speech needs no voice. */
const never: Promise<TextToSpeech> = new Promise(() => {});
