// A call by what its client has chosen: a model that hears and speaks itself, and parts where that fails; or parts.

import { Scope } from '../../lib/abort.ts';
import { AppError } from '../../lib/errors.ts';
import { runCall } from '../../pipeline/call.ts';
import type { CallParts } from '../../pipeline/call-parts.ts';
import { Relay, relayedLine } from '../../pipeline/fallback/relay.ts';
import { RealtimePast } from '../../pipeline/realtime/realtime-past.ts';
import { runRealtimeCall } from '../../pipeline/realtime/run-realtime-call.ts';
import { SPEECH_RATE } from '../../pipeline/realtime/speech-to-speech.ts';
import type { CallEnd, Turn } from '../../pipeline/types.ts';
import type { OpenVendors } from './open-vendors.ts';

/** Resolves with the reason when the line is gone. */
export async function runChosenCall(
  vendors: Omit<OpenVendors, keyof Disposable>,
  parts: Omit<CallParts, 'vendors'>,
  signal: AbortSignal,
): Promise<CallEnd> {
  const { transport, control, clips, desk, log, callId } = parts;
  const { model } = vendors;
  // Such models speak on telephone lines; other lines have a better sound, by parts.
  if (!model || transport.sampleRate !== SPEECH_RATE) {
    return runCall({ ...parts, vendors: vendors.parts() }, signal);
  }
  using scope = new Scope(signal);
  const line = relayedLine(transport, scope.signal);
  const controls = new Relay(control, scope.signal);
  const past = new RealtimePast();
  let unanswered = '';
  let greeted = false;
  const onTurn = (turn: Turn) => {
    greeted ||= turn.kind !== 'greeting' || turn.ending === 'completed';
    past.onTurn(turn);
    parts.onTurn(turn);
  };
  try {
    using first = new Scope(signal);
    const shared = { ...parts, transport: line(), control: controls.next() };
    try {
      return await runRealtimeCall(
        {
          ...shared,
          onTurn,
          onTool: past.watch(parts.onTool),
          model,
          ownVoice: () => vendors.voice(),
          onLost: (text) => (unanswered = text),
        },
        first.signal,
      );
    } finally {
      first.abort(new Error('another call goes on with the line'));
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    log.warn('a call goes on by parts', { callId, error });
  }
  const { history, owing } = past.end();
  const owed = unanswered !== '' || owing ? unanswered : undefined;
  // Who was in the middle of a word, or of hearing an answer, is asked to say it again.
  const nothingOwed = greeted ? clips.apology : clips.greeting;
  const greeting = owed === undefined ? nothingOwed : clips.fillers[0]!;
  return runCall(
    {
      ...parts,
      owed,
      transport: line(),
      control: controls.next(),
      vendors: vendors.parts(),
      goesOn: true,
      clips: { ...clips, greeting },
      desk: desk.then((given) => ({ ...given, history: [...(given.history ?? []), ...history] })),
    },
    signal,
  );
}
