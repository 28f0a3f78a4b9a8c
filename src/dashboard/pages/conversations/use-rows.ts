// Conversations by their place in the list: pages are asked for as they come into sight, wherever one scrolls to.

import { useCallback, useState } from 'react';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import type { Answer, Given } from '../../lib/api.ts';

const LIST = 'GET /api/clients/{client_id}/conversations';
type Query = NonNullable<Given<typeof LIST>['query']>;
export type Row = Answer<typeof LIST>[number];

const PAGE = 100;
const FIELDS =
  'id,duration,contact_name,caller_phone,channel,direction,started_at,ended_at,outcome,quiet_since,flags,summary,follow_up,cost_microdollars';
const FRESH_MS = 15_000;

export interface Rows {
  /** How many there are, as far as they were counted, which is as far as one can scroll; undefined until it is known. */
  readonly total: number | undefined;
  /** With as large a total there may be more. */
  readonly countedMax: number;
  readonly error: unknown;
  readonly retry: () => void;
  /** Undefined while it is on its way. */
  readonly rowAt: (place: number) => Row | undefined;
  /** Which places are in sight. */
  readonly want: (first: number, last: number) => void;
}

export function useRows(clientId: string, filter: Query, enabled: boolean): Rows {
  const [inSight, setInSight] = useState<readonly [number, number]>([0, 0]);
  const question = (page: number) => ({
    queryKey: [LIST, clientId, filter, page],
    enabled,
    staleTime: FRESH_MS,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api.page(
        LIST,
        {
          params: { client_id: clientId },
          query: { ...filter, limit: PAGE, offset: page * PAGE, fields: FIELDS },
        },
        { signal },
      ),
  });
  // The first page says how many there are, and keeps the list in place while a filter changes.
  const first = useQuery({
    ...question(0),
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });
  const [from, to] = inSight;
  const pages = Array.from({ length: to - from + 1 }, (_, at) => from + at).filter(
    (page) => page > 0,
  );
  const others = useQueries({ queries: pages.map(question) });

  const want = useCallback((firstPlace: number, lastPlace: number) => {
    const next = [Math.floor(firstPlace / PAGE), Math.floor(lastPlace / PAGE)] as const;
    setInSight((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
  }, []);
  return {
    total: first.data?.total,
    countedMax: first.data?.countedMax ?? 0,
    error: first.error,
    retry: () => void first.refetch(),
    want,
    rowAt(place) {
      const page = Math.floor(place / PAGE);
      const data = page === 0 ? first.data : others[pages.indexOf(page)]?.data;
      return data?.rows[place % PAGE];
    },
  };
}
