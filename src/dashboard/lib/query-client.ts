// How the dashboard asks: what is worth asking again, and what happens when a session has ended.

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { retryAfterOf, statusOf } from './failures.ts';
import { meKey } from './me.ts';

const FRESH_MS = 15_000;
const RETRIES_MAX = 2;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 4000;
/** Who was too fast waits this long at most, and is told then. */
const TOO_FAST_MS_MAX = 20_000;

export function openQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    // The session is over: the next render shows the sign-in.
    if (statusOf(error) === 401) client.setQueryData(meKey, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => {
          const status = statusOf(error);
          // What the server has refused it refuses again; who was too fast may come back.
          const again = status === undefined || status >= 500 || status === 429;
          return failures < RETRIES_MAX && again;
        },
        retryDelay: (failures, error) =>
          statusOf(error) === 429
            ? Math.min(retryAfterOf(error) * 1000, TOO_FAST_MS_MAX)
            : Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS),
      },
    },
  });
  return client;
}
