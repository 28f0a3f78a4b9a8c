// One call, from an open line to its ledger entry.

import { Scope } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Metrics } from '../../lib/metrics.ts';
import type { CallSettleReason } from '../../billing/metering/meter.ts';
import { openNoiseSuppressor } from '../../pipeline/audio/noise-suppressor.ts';
import type { VoiceDetection } from '../../pipeline/audio/voice-detector.ts';
import type { CallClips, CallParts } from '../../pipeline/call-parts.ts';
import type { ToolOutcome } from '../../pipeline/thinking/toolbox.ts';
import type { CallEnd, OnHears, Tool, ToolStart, Transport, Turn } from '../../pipeline/types.ts';
import { alarmCutOff } from '../../store/calls/caller-limits.ts';
import {
  endConversation,
  flagConversation,
  keepOutcome,
} from '../../store/conversations/conversations.ts';
import { idempotent, outlasting } from '../../store/database/store-error.ts';
import type { Sql } from '../../store/database/sql.ts';
import { updateOutboundCall } from '../../store/calls/outbound-calls.ts';
import type { Recorder } from '../../recording/recorder.ts';
import { heardNotice } from '../stored-speech/recording-notice.ts';
import { outboundSide } from '../outbound/outbound-side.ts';
import type { MachineContact } from '../../pipeline/machines/machines.ts';
import { machineSpeechOf } from '../../pipeline/machines/machine-speech.ts';
import { watchedLine } from './watched-line.ts';
import { keepAudioMessage } from '../stored-speech/audio-messages.ts';
import type { AdmittedCall } from './admit.ts';
import { ASSISTANT_ID } from '../doors/assistant.ts';
import { cameBack, saidBefore, toldBefore } from './call-past.ts';
import type { Commands } from '../doors/commands.ts';
import type { LiveEvents } from '../records/live-events.ts';
import { stagesOf } from '../records/stages.ts';
import type { WarmVendors } from './open-vendors.ts';
import { OutcomeOfCall } from '../records/outcome.ts';
import type { Outcome } from '../records/outcome.ts';
import { HeardBy } from '../records/heard-by.ts';
import { costsOfTurn } from '../records/prices.ts';
import { instructions } from './prompt.ts';
import { runChosenCall } from './run-chosen-call.ts';
import { tellStarted } from '../records/told-calls.ts';
import { Transcript } from '../records/transcript.ts';
import { personByKey, personByWatcher } from '../tools/put-through.ts';
import { backText } from '../tools/transfer-texts.ts';
import type { TurnsUnderWay } from '../records/turns-under-way.ts';
import type { TransferDesk } from '../tools/transfers.ts';
import type { VoiceClips } from '../stored-speech/voice-clips.ts';

/** The transcript has this long to be stored before the call is charged; it is stored later otherwise. */
const FLUSH_MS = 2000;
/** A database that is away when a call ends is waited for; after that the call counts as lost, whatever it came to. */
const END_MS_MAX = 30_000;

/** Kept of what a caller says into the greeting. */
export const RECORD_BEFORE_MS = 3000;

/** What a call can do for its caller, and what it has to know about days. */
export interface Desk {
  readonly tools: readonly Tool[];
  /** For the instructions; undefined when nothing is booked here. */
  readonly dates: string | undefined;
  /** What is known about the business, for the instructions; undefined when there is none, or a tool looks it up. */
  readonly knowledge: string | undefined;
  /** Undefined where nobody can be put through. */
  readonly transfers?: TransferDesk | undefined;
}

export interface AnswerParts {
  /** The pool of the calls. */
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly owner: string;
  readonly voiceDetection: VoiceDetection;
  readonly vendors: WarmVendors;
  readonly clips: VoiceClips;
  readonly live: LiveEvents;
  readonly underWay: TurnsUnderWay;
  /** For a client that has its calls recorded; undefined for any other. */
  openRecorder?(call: AdmittedCall, sampleRate: number): Recorder | undefined;
  readonly metrics: Pick<Metrics, 'turn' | 'callEnded'>;
  readonly commands: Pick<Commands, 'before'>;
  /** Never rejects: without a database there is less a call can do. */
  openDesk(call: AdmittedCall): Promise<Desk>;
}

const settleReasons: Readonly<Record<CallEnd, CallSettleReason>> = {
  caller: 'stop',
  goodbye: 'closed',
  silence: 'closed',
  loop: 'closed',
  transferred: 'closed',
  owner: 'closed',
  superseded: 'closed',
  lost: 'closed',
  credit: 'credit',
  'max-duration': 'max',
  drained: 'drain',
  'handed-over': 'drain',
  failed: 'error',
  protocol: 'error',
};

/** Resolves when the line is gone, the conversation is stored and the seconds are charged. Never rejects. */
export async function answer(
  parts: AnswerParts,
  call: AdmittedCall,
  line: Transport,
  processSignal: AbortSignal,
): Promise<void> {
  const { clock, sql, owner, live } = parts;
  const { callId, client, meter } = call;
  const log = parts.log.with({ callId, clientId: client.id });
  const transcript = new Transcript({
    sql,
    clock,
    log,
    conversationId: callId,
    firstNumber: call.turns,
  });
  const outcome = new OutcomeOfCall();
  const recorder = parts.openRecorder?.(call, line.sampleRate);
  if (call.turns > 0) void toldBefore(sql, callId, log).then((told) => told && recorder?.begin());
  else if (client.id !== ASSISTANT_ID) {
    tellStarted(sql, client.id, callId).catch((error: unknown) => {
      log.warn('nobody is told that a call has begun', { error });
    });
  }
  const watched = watchedLine(line, { meter, recorder });
  const followed = parts.underWay.follow(callId, () => transcript.next);
  let end: CallEnd = 'failed';
  /** A recogniser hears all the time; each turn pays for what was heard since the one before. */
  const heardBy = new HeardBy();
  const onHears: OnHears = (recogniser, againMs) =>
    heardBy.change(recogniser, line.connectedMs(), againMs);
  try {
    const onMessage = () => noteOutcome('message');
    const onBegun: Told['onBegun'] = (look) => followed.look(look);
    const told: Told = { onMessage, onMachine, onTool, onHears, onTurn, onBegun };
    end = await converse(parts, call, watched, processSignal, told);
  } catch (error) {
    log.error('call failed', { error: toError(error) });
    await line.hangUp();
  }
  followed[Symbol.dispose]();
  await recorder?.end();
  await transcript.flush(FLUSH_MS);
  const durationMs = line.connectedMs();
  const { billedSeconds } = await meter.settle(durationMs, settleReasons[end]);
  const ended = { endReason: end, outcome: outcome.of(end), durationMs };
  if (end === 'superseded' || end === 'handed-over') {
    // The stream that takes over goes on with the conversation, and ends it.
    await keepOutcome(sql, callId, ended.outcome).catch((error: unknown) => {
      log.error('outcome of a part of a call not stored', { error });
    });
  } else {
    live.publish(callId, { type: 'end', reason: end });
    const store = () => idempotent(() => endConversation(sql, callId, owner, ended));
    await outlasting(clock, END_MS_MAX, store).catch((error: unknown) => {
      log.error('end of a conversation not stored', { error });
    });
  }
  if (end === 'credit') {
    await alarmCutOff(sql, { clientId: client.id, conversationId: callId }).catch(
      (error: unknown) => {
        log.warn('owner not told of a call without credit', { error });
      },
    );
  }
  parts.metrics.callEnded(end, durationMs / 1000);
  log.info('call ended', { ...ended, billedSeconds, turnsLost: transcript.dropped });

  function onTurn(turn: Turn): void {
    const { heardMs, served } = heardBy.take(line.connectedMs());
    const usage = { ...turn.usage, served: [...(turn.usage.served ?? []), ...served] };
    const costs = costsOfTurn(usage, heardMs, client, clock.now());
    live.turn(callId, transcript.add(turn, costs), turn);
    noteTurn(log, turn);
    parts.metrics.turn({ ...turn, stages: stagesOf(turn.timing), costs });
    const flag = outcome.add(turn);
    if (flag) raise(flag);
    if (!call.outbound && machineSpeechOf(turn.caller ?? '')) raise('machine_caller');
    if (turn.kind === 'greeting') onGreeting(turn);
  }

  /** The carrier does not always notice it. */
  function onMachine(what: MachineContact): void {
    outcome.noteMachine(what);
    if (what === 'left') keep('left_message');
    if (what !== 'mailbox' || !call.outbound || call.outbound.answeredBy !== 'unknown') return;
    updateOutboundCall(sql, call.outbound.id, { answeredBy: 'machine' }).catch((error: unknown) => {
      log.warn('a machine was not noted', { error });
    });
  }

  /** A tool runs to its end; a caller who interrupts may have ended its turn before that. */
  function onTool(start: ToolStart) {
    const number = transcript.next;
    const tellEnd = live.tool(callId, number, start);
    return ({ run, result }: ToolOutcome) => {
      tellEnd(run);
      if (result.outcome !== undefined) noteOutcome(result.outcome);
      if (number === transcript.next) return;
      transcript.addTool(number, run);
    };
  }

  /** Kept at once as well: what was done for the caller is done, however this process ends. */
  function noteOutcome(done: NonNullable<ToolOutcome['result']['outcome']>): void {
    outcome.note(done);
    // Nobody is put through before the call has ended so.
    if (done !== 'transferred') keep(done);
  }

  function keep(done: Outcome): void {
    keepOutcome(sql, callId, done).catch((error: unknown) => {
      log.warn('an outcome is not stored before its call ends', { error });
    });
  }

  /** Recorded is what comes after the caller was told of it, and what they said into that sentence's end. */
  function onGreeting(turn: Turn): void {
    if (!recorder || call.turns > 0) return;
    if (!heardNotice(client, turn.heard)) return raise('recording_notice_unheard');
    recorder.begin(turn.ending === 'interrupted' ? RECORD_BEFORE_MS : 0);
  }

  function raise(flag: string): void {
    log.warn('conversation flagged', { flag });
    flagConversation(sql, callId, flag).catch((error: unknown) => {
      log.error('flag not stored', { flag, error });
    });
  }
}

/** Who hears of a call while it runs. */
interface Told extends Pick<CallParts, 'onBegun' | 'onHears' | 'onTool'> {
  readonly onMessage: () => void;
  readonly onMachine: (what: MachineContact) => void;
  readonly onTurn: (turn: Turn) => void;
}

async function converse(
  parts: AnswerParts,
  call: AdmittedCall,
  line: Transport,
  processSignal: AbortSignal,
  { onMessage, onMachine, onTool, onHears, onTurn, onBegun }: Told,
): Promise<CallEnd> {
  const { sql, clock, log, clips } = parts;
  const { callId, callSid, client, callerPhone, contactName, control } = call;
  using scope = new Scope(processSignal);
  using vendors = parts.vendors.claim(callSid, client);
  using voiceDetector = parts.voiceDetection.open(line.sampleRate);
  using noiseSuppressor = client.noiseSuppression
    ? openNoiseSuppressor(line.sampleRate, log)
    : undefined;
  const desk = parts.openDesk(call);
  const history = call.turns > 0 ? saidBefore(sql, callId, log) : [];
  const back = call.turns > 0 ? await cameBack(sql, callSid, log) : undefined;
  const outbound = outboundSide(call);
  const callClips = await clipsOf(clips, call, log);
  void clips.make(client);
  const { language, fallbackNumber } = client;
  const greeting = outbound && call.turns === 0 ? { greeting: outbound.greeting } : {};
  return await runChosenCall(
    {
      // Whom we call is a person, or a machine that has to be noticed: parts know how.
      model: outbound ? undefined : vendors.model,
      voice: () => vendors.voice(),
      parts() {
        const opened = vendors.parts();
        const languageModel = opened.languageModel.then((model) =>
          parts.commands.before(model, client.id),
        );
        // The turn that needs it hears of a failure.
        languageModel.catch(() => {});
        return { ...opened, languageModel };
      },
    },
    {
      callId,
      clientId: client.id,
      callerPhone,
      transport: line,
      voiceDetector,
      noiseSuppressor,
      clock,
      log,
      language,
      patience: client.patience,
      speculates: client.speculation,
      pronunciations: client.pronunciations,
      desk: Promise.all([desk, history]).then(
        ([{ tools, dates, knowledge, transfers }, before]) => ({
          tools,
          history: before,
          instructions: instructions({
            businessName: client.id === ASSISTANT_ID ? undefined : client.name,
            language,
            systemPrompt: client.systemPrompt,
            dates,
            knowledge,
            outboundText: outbound?.text,
            canTransfer: (transfers?.people.length ?? 0) > 0,
            knownNumber: contactName !== '',
            hasNumber: callerPhone !== undefined,
          }),
        }),
      ),
      goesOn: call.turns > 0,
      clips:
        call.turns > 0
          ? { ...callClips, greeting: back ? backText(back.name, language) : callClips.fillers[0]! }
          : { ...callClips, ...greeting },
      ...(outbound && { machineAnswer: (text: string) => outbound.machineAnswer(text) }),
      personByKey: () => desk.then(({ transfers }) => personByKey(transfers)),
      putThrough: (targetId) =>
        desk.then(({ transfers }) =>
          personByWatcher(transfers, targetId, (why) =>
            parts.live.publish(callId, { type: 'not_put_through', reason: why }),
          ),
        ),
      fallback: fallbackNumber === null ? undefined : { phoneNumber: fallbackNumber },
      control,
      async takeAudioMessage(message) {
        const by = {
          clientId: client.id,
          conversationId: callId,
          callerName: contactName ?? '',
          callerPhone,
          language,
        };
        try {
          await keepAudioMessage({ sql, clock }, by, message);
          onMessage();
        } catch (error) {
          log.error('a message by sound was lost', { callId, error });
        }
      },
      onMachine,
      onTool,
      onHears,
      onBegun,
      onWords: (text, final) => parts.live.words(callId, text, final),
      onTurn,
    },
    scope.signal,
  );
}

/** The client's own recordings, or spare ones when the database does not answer. */
function clipsOf(
  clips: VoiceClips,
  { client, outbound }: Pick<AdmittedCall, 'client' | 'outbound'>,
  log: Log,
): Promise<CallClips> {
  const whose = { outbound: outbound !== undefined };
  return clips.forCall(client, whose).catch((error: unknown) => {
    log.warn('spare recordings are used', { error });
    return clips.spare(client, whose);
  });
}

function noteTurn(log: Log, turn: Turn): void {
  const { kind, ending, timing, usage, error, caller, heard } = turn;
  log.info('turn settled', {
    kind,
    ending,
    ...timing,
    ...usage,
    tools: turn.tools.map(({ name, failed, elapsedMs }) => ({ name, failed, elapsedMs })),
    ...(ending === 'failed' ? { error } : {}),
    pii: { caller, heard },
  });
}
