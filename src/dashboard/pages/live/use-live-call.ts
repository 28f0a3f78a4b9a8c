// A running call as the server tells it, event by event; the browser connects again by itself.

import { useEffect, useState } from 'react';
import { afterEvent, noTurns } from '../../calls/turns.ts';
import type { LiveTurns } from '../../calls/turns.ts';
import type { Answer } from '../../lib/api.ts';

export type LiveCall = Answer<'GET /api/active-calls'>[number];

export interface WatchedCall extends LiveTurns {
  readonly call: LiveCall | undefined;
  /** `gone`: it had ended before anybody watched, or is somebody else's. */
  readonly state: 'connecting' | 'live' | 'lost' | 'ended' | 'gone';
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
];

const nothing: WatchedCall = { ...noTurns, call: undefined, state: 'connecting' };

export function useLiveCall(callId: string): WatchedCall {
  const [watched, setWatched] = useState<WatchedCall>(nothing);
  useEffect(() => {
    setWatched(nothing);
    const source = new EventSource(`/api/active-calls/${encodeURIComponent(callId)}/events`);
    for (const type of events) {
      source.addEventListener(type, (message: MessageEvent<string>) => {
        const event = JSON.parse(message.data) as object;
        setWatched((before) => ({
          ...before,
          ...afterEvent(before, type, event),
          state: 'live',
          ...(type === 'call' && { call: event as LiveCall }),
        }));
      });
    }
    source.addEventListener('end', () => {
      source.close();
      setWatched((before) => ({ ...before, ...afterEvent(before, 'end', {}), state: 'ended' }));
    });
    source.addEventListener('error', () => {
      // Refused: no such call runs. Otherwise the browser is trying again.
      const refused = source.readyState === EventSource.CLOSED;
      setWatched((before) => ({
        ...before,
        state: !refused ? 'lost' : before.call ? 'ended' : 'gone',
      }));
    });
    return () => source.close();
  }, [callId]);
  return watched;
}
