// Lists that go on by how many rows were shown, and do not tell how many there are.

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api, errorsOf } from './api.ts';
import type { Answer, Given, ReadName } from './api.ts';

const PAGE = 50;

type Row<N extends ReadName> = Answer<N> extends readonly (infer Each)[] ? Each : never;

/** All pages that have been asked for so far. */
export function useOffsetPages<N extends ReadName>(name: N, given: Given<N>) {
  const query = useInfiniteQuery({
    queryKey: [name, given, 'offsets'],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => {
      const { query: asked = {} } = given as { query?: object };
      const paged = { ...given, query: { ...asked, limit: PAGE, offset: pageParam } };
      return (api.call as (...all: unknown[]) => Promise<readonly Row<N>[]>)(name, paged, {
        signal,
      });
    },
    getNextPageParam: (last, all) => (last.length < PAGE ? undefined : all.length * PAGE),
    placeholderData: keepPreviousData,
  });
  return {
    rows: query.data?.pages.flat() ?? [],
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    isLoadingMore: query.isFetchingNextPage,
    isPending: query.isPending,
    ...errorsOf(query),
    refetch: () => void query.refetch(),
  };
}
