// How the dashboard asks: what is worth asking again, and what happens when a session has ended.

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { statusOf } from './failures.ts';
import { endSession } from './me.ts';

const FRESH_MS = 15_000;
const RETRIES_MAX = 2;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 4000;

export function openQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (statusOf(error) === 401) endSession(client);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => {
          const status = statusOf(error);
          // What the server has refused it refuses again. Who was too fast has waited before (`patientFetch`).
          const again = status === undefined || status >= 500;
          return failures < RETRIES_MAX && again;
        },
        retryDelay: (failures) => Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS),
      },
      // Without a network it fails at once: kept until there is one, it would be done when nobody expects it any more.
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
