// Who is signed in.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Answer } from './api.ts';
import { api } from './api.ts';
import { statusOf } from './failures.ts';

export type Me = Answer<'GET /api/auth/me'>;

export const meKey = ['me'];

/** Null: nobody is. */
export function useMe() {
  return useQuery({
    queryKey: meKey,
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        return await api.call('GET /api/auth/me', {}, { signal });
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
