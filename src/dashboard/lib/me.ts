// Who is signed in, and with that everything a first page needs, in one request; and what a window does when that ends or changes.

import { useEffect } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { Answer } from './api.ts';
import { api } from './api.ts';
import { clientsKey } from './clients.ts';
import { statusOf } from './failures.ts';
import { hasUnsaved } from './location.ts';
import { PULSE } from './pulse.ts';

export type Me = Answer<'GET /api/auth/me'>;

export const meKey = ['me'];
/** True: who was signed in has to do it again. */
const endedKey = ['session-ended'];

/** To the other windows of this browser, which share its session. */
const otherWindows = new BroadcastChannel('frontdesk-session');

/** Null: nobody is. */
export function useMe() {
  const client = useQueryClient();
  return useQuery({
    queryKey: meKey,
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        const { user, clients, pulse } = await api.call('GET /api/start', {}, { signal });
        client.setQueryData(clientsKey, clients);
        client.setQueryData([PULSE, {}], pulse);
        return user;
      } catch (error) {
        if (statusOf(error) === 401) return null;
        throw error;
      }
    },
  });
}

/** Whether a session has ended that nobody here has ended. */
export function useSessionEnded(): boolean {
  const { data } = useQuery({
    queryKey: endedKey,
    queryFn: () => false,
    initialData: false,
    staleTime: Infinity,
  });
  return data;
}

/** Who was here is signed in no more. What is typed stays for them, out of sight; where nothing is, nothing stays. */
export function endSession(client: QueryClient): void {
  if (!client.getQueryData(meKey)) return;
  client.setQueryData(endedKey, true);
  // A form that is being sent does not count as unsaved: it may be what has found out.
  if (!hasUnsaved() && client.isMutating() === 0) client.setQueryData(meKey, null);
}

/** Tells this window and the others that somebody else, or nobody, is signed in. */
export function useSignedInAs(): (me: Me | null) => void {
  const client = useQueryClient();
  return (me) => {
    become(client, me);
    otherWindows.postMessage(me);
  };
}

/** Follows what the other windows do. */
export function useOtherWindows(): void {
  const client = useQueryClient();
  useEffect(() => {
    const follow = ({ data }: MessageEvent<Me | null>) =>
      data ? become(client, data) : endSession(client);
    otherWindows.addEventListener('message', follow);
    return () => otherWindows.removeEventListener('message', follow);
  }, [client]);
}

/** The same user goes on with what is there; nothing of another is kept. */
function become(client: QueryClient, me: Me | null): void {
  const before = client.getQueryData<Me | null>(meKey);
  client.setQueryData(endedKey, false);
  client.setQueryData(meKey, me);
  const others = {
    predicate: ({ queryKey }: { queryKey: readonly unknown[] }) =>
      queryKey[0] !== meKey[0] && queryKey[0] !== endedKey[0],
  };
  if (me && before?.id === me.id) void client.invalidateQueries(others);
  else client.removeQueries(others);
}
