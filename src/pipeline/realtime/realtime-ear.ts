// What the caller sends, frame by frame: to the model, to the floor, and to whoever counts the silence.

import { abortable } from '../../lib/abort.ts';
import { EchoGate } from '../hearing/echo-gate.ts';
import type { EchoGuard } from '../hearing/echo-guard.ts';
import { FRAME_MS } from '../types.ts';
import type { Samples } from '../types.ts';
import type { CallParts } from '../call-parts.ts';
import type { MutualSilence, SilenceStage } from './mutual-silence.ts';
import type { FloorAct, RealtimeFloor, RealtimeFloorState } from './realtime-floor.ts';

export interface RealtimeEarParts {
  readonly call: Pick<CallParts, 'transport' | 'clock' | 'voiceDetector' | 'noiseSuppressor'>;
  readonly echoGuard: EchoGuard;
  readonly floor: RealtimeFloor;
  readonly silence: MutualSilence;
  /** What we are doing at the moment. */
  floorState(): RealtimeFloorState;
  /** Whether a turn of ours is under way. */
  isOurs(): boolean;
  /** For the model: the caller's frames, and silence in place of our echo. */
  hear(frame: Samples): void;
  onFrame(frame: Samples, voiced: boolean): void;
  onFloor(act: FloorAct): void;
  onSilent(stage: SilenceStage): void;
}

/** Resolves when the line ends; rejects when the signal aborts. */
export async function hearRealtime(parts: RealtimeEarParts, signal: AbortSignal): Promise<void> {
  const { echoGuard, floor, silence } = parts;
  const { transport, clock, voiceDetector, noiseSuppressor } = parts.call;
  const gate = new EchoGate((frame) => parts.hear(frame));
  for await (const given of abortable(transport.incoming, signal)) {
    const frame = noiseSuppressor?.push(given) ?? given;
    voiceDetector.push(frame);
    const sound = voiceDetector.quietMs < 2 * FRAME_MS;
    const heard = echoGuard.judge(given, transport.heardMs(), sound);
    const voiced = voiceDetector.voiced && heard === 'not-ours';
    gate.pass(frame, { heard, voiced });
    parts.onFrame(given, voiced);
    const act = floor.onFrame(voiced, parts.floorState());
    if (act) parts.onFloor(act);
    const stage = silence.onFrame(voiceDetector.voiced, parts.isOurs(), clock.elapsed());
    if (stage !== undefined) parts.onSilent(stage);
  }
}
