// A running call as the server tells it, event by event; the browser connects again by itself.

import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { afterEvent, noTurns } from '../../calls/turns.ts';
import type { LiveTurns } from '../../calls/turns.ts';
import { api } from '../../lib/api.ts';
import { after } from '../../lib/clock.ts';
import { statusOf } from '../../lib/failures.ts';
import type { RunningCall } from '../../lib/pulse.ts';
import { PULSE } from '../../lib/pulse.ts';

export type LiveCall = RunningCall;

export interface WatchedCall extends LiveTurns {
  readonly call: LiveCall | undefined;
  /** `gone`: it had ended before anybody watched, or is somebody else's. */
  readonly state: 'connecting' | 'live' | 'lost' | 'ended' | 'gone';
  /** The caller was to be put through, the last time in vain. */
  readonly refusal: { readonly reason: 'nobody' | 'too_often' } | undefined;
}

const events = [
  'call',
  'words',
  'tool_begun',
  'tool_ended',
  'utterance',
  'tool',
  'latency',
  'balance',
  'not_put_through',
];

/** Who was not let in, while the call runs, comes again after this. */
const AGAIN_MS = 3000;

const nothing: WatchedCall = {
  ...noTurns,
  call: undefined,
  state: 'connecting',
  refusal: undefined,
};

export function useLiveCall(callId: string): WatchedCall {
  const client = useQueryClient();
  const [watched, setWatched] = useState<WatchedCall>(nothing);
  useEffect(() => {
    setWatched(nothing);
    let source: EventSource | undefined;
    let later = () => {};
    const closed = new AbortController();
    const connect = () => {
      source = new EventSource(`/api/active-calls/${encodeURIComponent(callId)}/events`);
      for (const type of events) {
        source.addEventListener(type, (message: MessageEvent<string>) => {
          const event = JSON.parse(message.data) as object;
          setWatched((before) => ({
            ...before,
            ...afterEvent(before, type, event),
            state: 'live',
            ...(type === 'call' && { call: event as LiveCall }),
            ...(type === 'not_put_through' && { refusal: event as WatchedCall['refusal'] }),
          }));
        });
      }
      source.addEventListener('end', () => {
        source?.close();
        setWatched((before) => ({ ...before, ...afterEvent(before, 'end', {}), state: 'ended' }));
        void client.invalidateQueries({ queryKey: [PULSE] });
      });
      source.addEventListener('error', () => {
        setWatched((before) => ({ ...before, state: before.call ? 'lost' : before.state }));
        // Otherwise the browser is trying again.
        if (source?.readyState === EventSource.CLOSED) void refused();
      });
    };
    /** An event source does not tell why it was refused: the call is over, or somebody asked for too much in this minute. */
    const refused = async () => {
      const runs = await stillRuns(callId, closed.signal);
      if (closed.signal.aborted) return;
      if (runs) {
        later = after(AGAIN_MS, connect);
        return;
      }
      setWatched((before) => ({ ...before, state: before.call ? 'ended' : 'gone' }));
    };
    connect();
    return () => {
      closed.abort();
      later();
      source?.close();
    };
  }, [callId, client]);
  return watched;
}

/** Believed where the server does not say. */
async function stillRuns(callId: string, signal: AbortSignal): Promise<boolean> {
  try {
    const params = { conversation_id: callId };
    const call = await api.call('GET /api/conversations/{conversation_id}', { params }, { signal });
    return call.ended_at === null;
  } catch (error) {
    return statusOf(error) !== 404;
  }
}
