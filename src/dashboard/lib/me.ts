// Who is signed in; and with that everything a first page needs, in one request.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Answer } from './api.ts';
import { api } from './api.ts';
import { clientsKey } from './clients.ts';
import { statusOf } from './failures.ts';
import { PULSE } from './pulse.ts';

export type Me = Answer<'GET /api/auth/me'>;

export const meKey = ['me'];

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

/** Tells the page that somebody else, or nobody, is signed in: nothing of who was there before is kept. */
export function useSignedInAs(): (me: Me | null) => void {
  const client = useQueryClient();
  return (me) => {
    client.setQueryData(meKey, me);
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] });
  };
}
