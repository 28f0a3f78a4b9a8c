// Questions to the server and changes on it: the typed client as hooks of TanStack Query.

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useRef } from 'react';
import type { MutateOptions, UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { openFrontdesk } from '../../../clients/typescript/client.ts';
import type {
  Answer,
  CallOptions,
  Given,
  Page,
  Routes,
} from '../../../clients/typescript/client.ts';
import { after } from './clock.ts';
import { isAnswered, statusOf } from './failures.ts';
import { patientFetch } from './patience.ts';

export type { Answer, Given } from '../../../clients/typescript/client.ts';

export const api = openFrontdesk({ baseUrl: '', fetch: patientFetch as typeof fetch });

/** A change is stored: whoever made it does not wait longer than this until it is shown everywhere. */
const REFRESH_MS = 1500;

type Name = keyof Routes;
export type ReadName = Extract<Name, `GET ${string}`>;
type ChangeName = Exclude<Name, ReadName>;

type GivenRest<N extends Name> = keyof Given<N> extends never
  ? [given?: Record<string, never> | undefined, options?: ReadOptions]
  : object extends Given<N>
    ? [given?: Given<N> | undefined, options?: ReadOptions]
    : [given: Given<N>, options?: ReadOptions];

export interface ReadOptions {
  /** Not asked while false. */
  readonly enabled?: boolean;
  /** Asked again so often, in milliseconds, while the page is looked at. A minute has 100 requests for everything. */
  readonly everyMs?: number | undefined;
  /** Shows the last answer while another question's is awaited, so that a filter does not blank the page. */
  readonly keep?: boolean;
  /** An answer younger than this is not asked for again; 15 s by default. */
  readonly freshMs?: number;
  /** What is known already, from another answer, and when that came (wall time). */
  readonly known?: { readonly answer: unknown; readonly atMs: number } | undefined;
}

/** What a GET answers. Shared by all who ask the same, fresh again after a change that names it. */
export function useRead<N extends ReadName>(
  name: N,
  ...[given, options = {}]: GivenRest<N>
): UseQueryResult<Answer<N>> {
  const { enabled, everyMs, keep, freshMs, known } = options;
  return useQuery<Answer<N>>({
    queryKey: [name, given ?? {}],
    queryFn: ({ signal }: { signal: AbortSignal }) => call(name, given, { signal }),
    ...(enabled !== undefined && { enabled }),
    ...(everyMs !== undefined && {
      // Not for one whose session has ended: asked again when they have signed in.
      refetchInterval: ({ state }: { state: { error: Error | null } }) =>
        statusOf(state.error) !== 401 && everyMs,
    }),
    ...(keep && { placeholderData: keepPreviousData }),
    ...(freshMs !== undefined && { staleTime: freshMs }),
    ...(known && { initialData: known.answer, initialDataUpdatedAt: known.atMs }),
  } as never);
}

/**
 * All pages of a list that have been asked for so far, with `total` (see `Page`), `more()` and `hasMore`. `error`: there is
 * nothing to show. What fails later leaves what is there: `moreError` is told where one asks for more (`MoreRows`).
 */
export function usePages<N extends ReadName>(
  name: N,
  given: Given<N>,
  { enabled = true, everyMs }: Pick<ReadOptions, 'enabled' | 'everyMs'> = {},
) {
  const query = useInfiniteQuery({
    queryKey: [name, given, 'pages'],
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const { query: asked = {} } = given as { query?: object };
      const paged = { ...given, query: { ...asked, cursor: pageParam } };
      return page<N>(name, paged, signal);
    },
    getNextPageParam: (last) => last.cursor,
    placeholderData: keepPreviousData,
    // All pages are asked for again: the more there are, the more seldom, so that they use no more of a minute's allowance.
    refetchInterval: ({ state }) =>
      everyMs !== undefined &&
      statusOf(state.error) !== 401 &&
      everyMs * (state.data?.pages.length ?? 1),
  });
  type Row = Answer<N> extends readonly (infer Each)[] ? Each : never;
  const rows = query.data?.pages.flatMap((each) => each.rows as unknown as readonly Row[]) ?? [];
  return {
    rows,
    total: query.data?.pages[0]?.total ?? 0,
    countedMax: query.data?.pages[0]?.countedMax ?? 0,
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    isLoadingMore: query.isFetchingNextPage,
    isPending: query.isPending,
    isStale: query.isPlaceholderData,
    ...errorsOf(query),
    refetch: () => void query.refetch(),
  };
}

/** Of a list in pages: why there is nothing, and why there is no more than that. */
export function errorsOf(query: {
  readonly data: unknown;
  readonly error: Error | null;
  readonly isFetchNextPageError: boolean;
}) {
  return {
    error: query.data === undefined ? query.error : null,
    moreError: query.isFetchNextPageError ? query.error : null,
  };
}

/**
 * A change. `refreshes` names the questions whose answers it changes; `answers` the one that it answers itself, with the same
 * params: who asks that next is told at once. `mutate(given)` reports a failure as `error`;
 * use `mutateAsync` where the failure is shown at a field. Asked for the same again before it is answered (a double click is
 * quicker than any button is switched off), it is sent once; asked again because no answer came, it is done once.
 */
export function useChange<N extends ChangeName>(
  name: N,
  { refreshes = [], answers }: { refreshes?: readonly ReadName[]; answers?: ReadName } = {},
): UseMutationResult<Answer<N>, Error, Given<N>> {
  const client = useQueryClient();
  const unanswered = useRef<{ asked: string; key: string }>(undefined);
  const mutation = useMutation<Answer<N>, Error, Given<N>>({
    mutationFn: async (given) => {
      const asked = JSON.stringify(given);
      if (unanswered.current?.asked !== asked) unanswered.current = { asked, key: newKey() };
      const { key } = unanswered.current;
      try {
        const answer = await call(name, given, { idempotencyKey: key });
        unanswered.current = undefined;
        return answer;
      } catch (error) {
        if (isAnswered(error)) unanswered.current = undefined;
        throw error;
      }
    },
    onSuccess: (answer, given) => {
      if (answers) client.setQueryData([answers, { params: (given as Addressed).params }], answer);
      const fresh = refreshes.map((each) => client.invalidateQueries({ queryKey: [each] }));
      return atMost(REFRESH_MS, Promise.all(fresh));
    },
  });
  type Options = MutateOptions<Answer<N>, Error, Given<N>>;
  const send = mutation.mutateAsync as (given: Given<N>, options?: Options) => Promise<Answer<N>>;
  const underWay = useRef<{ asked: string; answer: Promise<Answer<N>> }>(undefined);
  const mutateAsync = (given: Given<N>, options?: Options): Promise<Answer<N>> => {
    const asked = JSON.stringify(given);
    if (underWay.current?.asked === asked) return underWay.current.answer;
    const answer = send(given, options).finally(() => {
      if (underWay.current?.answer === answer) underWay.current = undefined;
    });
    underWay.current = { asked, answer };
    return answer;
  };
  const mutate = (given: Given<N>, options?: Options): void => {
    if (underWay.current?.asked === JSON.stringify(given)) return;
    // A failure is told by `error`, and to `options`.
    mutateAsync(given, options).catch(() => {});
  };
  return { ...mutation, mutateAsync, mutate } as UseMutationResult<Answer<N>, Error, Given<N>>;
}

interface Addressed {
  readonly params?: object;
}

/** When the work is done, or has taken this long. */
function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = after(ms, resolve);
    const done = () => {
      cancel();
      resolve();
    };
    work.then(done, done);
  });
}

/** What the server tells one request from another by. Not `randomUUID`: a page without https has none. */
function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

function call<N extends Name>(name: N, given: unknown, options: CallOptions): Promise<Answer<N>> {
  return (api as unknown as LooseClient<N>).call(name, given, options);
}

function page<N extends Name>(name: N, given: unknown, signal: AbortSignal) {
  return (api as unknown as LooseClient<N>).page(name, given, { signal });
}

/** The client to those who have checked already that the name and what is given belong together. */
interface LooseClient<N extends Name> {
  call(name: N, given: unknown, options: object): Promise<Answer<N>>;
  page(name: N, given: unknown, options: object): Promise<Page<Answer<N>>>;
}
