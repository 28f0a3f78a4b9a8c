// The agent's side of a LiveKit room: joins, waits for the caller, hears and speaks, and leaves when they do.

import type { RemoteParticipant, Room, Track } from '@livekit/rtc-node';
import { within } from '../lib/clock.ts';
import type { Clock, Tick } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { BrowserLine } from './browser-line.ts';
import type { Line } from './line.ts';
import { hearTrack, ROOM_SAMPLE_RATE, roomSpeaker } from './livekit-audio.ts';
import type { Rtc } from './livekit-audio.ts';
import { signRoomToken } from './livekit-token.ts';
import type { LivekitConfig } from './livekit-token.ts';
import { openRoomLine } from './room-line.ts';

/** What the package may hold of our audio; the line never sends so much ahead. */
const QUEUE_MS = 1000;
const REACH_MS = 2000;
const JOIN_MS = 3000;
/** Somebody who has asked for an agent and does not come. */
const COME_MS = 60_000;
/** A caller whose connection breaks and comes back. */
const SILENCE_MS = 15_000;

export interface LivekitParts {
  readonly config: LivekitConfig;
  readonly clock: Clock;
  readonly tick: Tick;
  readonly log: Log;
}

export interface JoinedRoom {
  /** The caller's line once they are in the room; undefined when they do not come. */
  caller(onSpeech: () => void): Promise<Line | undefined>;
  leave(): Promise<void>;
}

/** Joins the room as an agent. Throws `vendor_failed` within 5 s when it cannot be reached. */
export async function joinRoom(
  { config, clock, tick, log }: LivekitParts,
  {
    room: name,
    identity,
    callerIdentity,
  }: { room: string; identity: string; callerIdentity: string },
): Promise<JoinedRoom> {
  await reach(config.url, clock);
  const rtc = await loadRtc();
  const token = await signRoomToken(config, { room: name, identity });
  const room = new rtc.Room();
  const late = () => new AppError('vendor_failed', `no LiveKit server answers in ${JOIN_MS} ms`);
  try {
    const connecting = room.connect(config.url, token, { autoSubscribe: true, dynacast: false });
    await within(clock, JOIN_MS, connecting, late);
  } catch (cause) {
    void room.disconnect().catch(() => {});
    throw unreachable(cause);
  }
  let left: Promise<void> | undefined;
  const leave = () => (left ??= room.disconnect().catch(() => {}));
  return {
    leave,
    async caller(onSpeech) {
      if (!(await comes(rtc, room, callerIdentity, clock))) return undefined;
      const source = new rtc.AudioSource(ROOM_SAMPLE_RATE, 1, QUEUE_MS);
      const track = rtc.LocalAudioTrack.createAudioTrack('agent', source);
      const options = new rtc.TrackPublishOptions({ source: rtc.TrackSource.SOURCE_MICROPHONE });
      await room.localParticipant?.publishTrack(track, options);
      const browser = openRoomLine({
        clock,
        tick,
        silenceMs: SILENCE_MS,
        present: () => room.remoteParticipants.has(callerIdentity),
        onSpeech,
        leave: () => void leave().then(() => source.close()),
        speaker: roomSpeaker(rtc, source),
      });
      follow(rtc, room, callerIdentity, browser, log);
      return browser.line;
    },
  };
}

/** A server that is away is known before the native library is loaded, which never lets go of the process again. */
async function reach(url: string, clock: Clock): Promise<void> {
  const abort = new AbortController();
  const late = () => new AppError('vendor_failed', `no LiveKit server answers in ${REACH_MS} ms`);
  try {
    const asked = fetch(url.replace(/^ws/, 'http'), { signal: abort.signal });
    const response = await within(clock, REACH_MS, asked, late);
    await response.body?.cancel();
  } catch (cause) {
    throw unreachable(cause);
  } finally {
    abort.abort(new Error('asked'));
  }
}

function unreachable(cause: unknown): AppError {
  return new AppError('vendor_failed', 'the room cannot be joined', {
    cause,
    publicMessage: 'The room cannot be reached.',
  });
}

/** Loaded when the first room is joined: a server for telephones never needs it. */
async function loadRtc(): Promise<Rtc> {
  try {
    return await import('@livekit/rtc-node');
  } catch (cause) {
    throw new AppError('not_configured', '@livekit/rtc-node cannot be loaded', {
      cause,
      publicMessage: 'Voice rooms are not installed on this server.',
    });
  }
}

/** Whether the caller is there, or comes in time. */
function comes(rtc: Rtc, room: Room, identity: string, clock: Clock): Promise<boolean> {
  if (room.remoteParticipants.has(identity)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (there: boolean) => {
      timer[Symbol.dispose]();
      room.off(rtc.RoomEvent.ParticipantConnected, onCame);
      room.off(rtc.RoomEvent.Disconnected, onGone);
      resolve(there);
    };
    const onCame = (participant: RemoteParticipant) => {
      if (participant.identity === identity) settle(true);
    };
    const onGone = () => settle(false);
    const timer = clock.after(COME_MS, () => settle(false));
    room.on(rtc.RoomEvent.ParticipantConnected, onCame);
    room.on(rtc.RoomEvent.Disconnected, onGone);
  });
}

/** What the caller says, presses and does reaches the line; nobody else in the room is heard. */
function follow(rtc: Rtc, room: Room, identity: string, browser: BrowserLine, log: Log): void {
  const { line } = browser;
  const hear = (track: Track, participant: RemoteParticipant) => {
    if (participant.identity !== identity || track.kind !== rtc.TrackKind.KIND_AUDIO) return;
    hearTrack(rtc, track, browser).catch((error: unknown) =>
      log.warn('a track ended badly', { error }),
    );
  };
  room.on(rtc.RoomEvent.TrackSubscribed, (track, _publication, participant) =>
    hear(track, participant),
  );
  room.on(rtc.RoomEvent.DtmfReceived, (_code, digit, participant) => {
    if (participant.identity === identity) line.receiveKey(digit);
  });
  room.on(rtc.RoomEvent.ParticipantDisconnected, (participant) => {
    if (participant.identity === identity) line.left();
  });
  room.on(rtc.RoomEvent.Disconnected, () => line.lost());
  // Tracks that were there before us.
  for (const participant of room.remoteParticipants.values()) {
    for (const { track } of participant.trackPublications.values()) {
      if (track) hear(track, participant);
    }
  }
}
