// A call to one's own receptionist from the browser: docs/GATEWAY.md "Test calls".

import { useCallback, useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { afterEvent, noTurns } from '../../calls/turns.ts';
import type { LiveTurns } from '../../calls/turns.ts';
import { elapsed } from '../../lib/clock.ts';
import { texts } from '../../texts/texts.ts';
import { openSound } from './open-sound.ts';
import type { Sound } from './open-sound.ts';

const SAMPLE_RATE = 16_000;

type CallState = 'idle' | 'opening' | 'live' | 'ended';

export interface TestCall extends LiveTurns {
  readonly state: CallState;
  readonly callId: string | undefined;
  /** Why it could not begin, or ended early. */
  readonly failure: string | undefined;
  /** On the telephone the caller would have been put through to this number. */
  readonly transferredTo: string | undefined;
  /** On the monotonic clock. */
  readonly startedMs: number | undefined;
  readonly muted: boolean;
  readonly start: () => void;
  readonly stop: () => void;
  readonly setMuted: (muted: boolean) => void;
  readonly press: (key: string) => void;
}

interface Line {
  readonly socket: WebSocket;
  readonly sound: Sound;
}

type Shown = LiveTurns &
  Pick<TestCall, 'state' | 'callId' | 'failure' | 'transferredTo' | 'startedMs'>;

const nothing: Shown = {
  ...noTurns,
  state: 'idle',
  callId: undefined,
  failure: undefined,
  transferredTo: undefined,
  startedMs: undefined,
};

export function useTestCall(clientId: string): TestCall {
  const [shown, setShown] = useState<Shown>(nothing);
  const [muted, setMuted] = useState(false);
  const line = useRef<Line>(undefined);
  /** Of the latest attempt: what an earlier one still says is not heard. */
  const attempt = useRef(0);
  const queries = useQueryClient();

  const leave = useCallback(() => {
    attempt.current += 1;
    const { current } = line;
    line.current = undefined;
    current?.sound.close();
    current?.socket.close(1000);
  }, []);
  useEffect(() => leave, [leave]);

  const start = async () => {
    leave();
    const mine = (attempt.current += 1);
    const isMine = () => attempt.current === mine;
    setMuted(false);
    setShown({ ...nothing, state: 'opening' });
    const fail = (failure: string) => {
      if (!isMine()) return;
      leave();
      setShown((before) => ({ ...before, state: 'ended', failure: before.failure ?? failure }));
    };
    let socket: WebSocket | undefined;
    const send = (message: object) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    };
    let sound: Sound;
    let isStarted = false;
    try {
      sound = await openSound({
        onSamples(samples) {
          if (isStarted && socket?.readyState === WebSocket.OPEN) socket.send(samples);
        },
        onMark: (name) => send({ type: 'mark', name }),
      });
    } catch (error) {
      fail(explainMicrophone(error));
      return;
    }
    if (!isMine()) {
      sound.close();
      return;
    }
    const address = new URL(
      `/api/clients/${encodeURIComponent(clientId)}/test-call`,
      location.href,
    );
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    line.current = { socket, sound };
    socket.addEventListener('open', () => send({ type: 'start', sample_rate: SAMPLE_RATE }));
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (!isMine()) return;
      if (data instanceof ArrayBuffer) sound.play(new Int16Array(data));
      else take(JSON.parse(data) as Message);
    });
    socket.addEventListener('close', ({ code }) => {
      if (!isMine()) return;
      leave();
      void queries.invalidateQueries();
      setShown((before) => ({
        ...before,
        ...afterEvent(before, 'end', {}),
        state: 'ended',
        failure:
          before.failure ??
          (code === 1000 ? undefined : (texts.talk.closings[code] ?? texts.talk.lineLost)),
      }));
    });

    function take(message: Message): void {
      switch (message.type) {
        case 'started':
          isStarted = true;
          setShown((before) => ({
            ...before,
            state: 'live',
            callId: message.call_id,
            startedMs: elapsed(),
          }));
          return;
        case 'mark':
          sound.mark(message.name);
          return;
        case 'clear':
          sound.clear();
          return;
        case 'transfer':
          setShown((before) => ({ ...before, transferredTo: message.phone_number }));
          return;
        case 'error':
          setShown((before) => ({ ...before, failure: message.detail }));
          return;
        case 'words':
        case 'tool_begun':
        case 'tool_ended':
        case 'utterance':
        case 'tool':
        case 'latency':
        case 'balance':
        case 'hung_up':
        case 'end':
          setShown((before) => ({ ...before, ...afterEvent(before, message.type, message) }));
      }
    }
  };

  return {
    ...shown,
    muted,
    start: () => void start(),
    stop() {
      const { current } = line;
      if (current?.socket.readyState === WebSocket.OPEN) {
        // The record is completed before the server closes.
        current.socket.send(JSON.stringify({ type: 'stop' }));
        current.sound.clear();
        current.sound.setMuted(true);
      } else {
        leave();
        setShown((before) => ({ ...before, state: 'ended' }));
      }
    },
    setMuted(next) {
      line.current?.sound.setMuted(next);
      setMuted(next);
    },
    press: (key) => line.current?.socket.send(JSON.stringify({ type: 'key', key })),
  };
}

type Message =
  | { readonly type: 'started'; readonly call_id: string }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' }
  | { readonly type: 'transfer'; readonly phone_number: string }
  | { readonly type: 'error'; readonly detail: string }
  | {
      readonly type:
        | 'words'
        | 'tool_begun'
        | 'tool_ended'
        | 'utterance'
        | 'tool'
        | 'latency'
        | 'balance'
        | 'hung_up'
        | 'end';
    };

function explainMicrophone(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return texts.talk.microphoneRefused;
  if (name === 'NotFoundError') return texts.talk.microphoneMissing;
  return isSecureContext ? texts.talk.microphoneFailed : texts.talk.microphoneInsecure;
}
