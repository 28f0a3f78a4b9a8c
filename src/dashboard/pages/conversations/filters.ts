// The filters of the conversations, kept in the address so that a list can be sent to somebody.

import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Given } from '../../lib/api.ts';
import { addDays, isDay, momentOf } from '../../lib/zoned.ts';

type Query = NonNullable<Given<'GET /api/clients/{client_id}/conversations'>['query']>;

const names = [
  'q',
  'outcome',
  'channel',
  'from',
  'until',
  'follow_up',
  'flagged',
  'contact_id',
] as const;
export type FilterName = (typeof names)[number];

export interface Filters {
  readonly values: Readonly<Record<FilterName, string>>;
  readonly any: boolean;
  readonly set: (name: FilterName, value: string) => void;
  readonly clear: () => void;
}

export function useFilters(): Filters {
  const [search, setSearch] = useSearchParams();
  const values = Object.fromEntries(
    names.map((name) => [name, search.get(name) ?? '']),
  ) as Filters['values'];
  return {
    values,
    any: names.some((name) => values[name] !== ''),
    set: (name, value) => {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (value === '') next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      );
    },
    clear: () => setSearch(new URLSearchParams(), { replace: true }),
  };
}

/** What the server is asked: days are those of the client's zone, the last one included. */
export function useFilterQuery({ values }: Filters, zone: string | undefined): Query {
  const { q, outcome, channel, from, until, flagged } = values;
  const { follow_up: followUp, contact_id: contactId } = values;
  return useMemo(() => {
    const midnight = (day: string) => new Date(momentOf(day, 0, zone ?? 'UTC')).toISOString();
    return {
      ...(q.trim() !== '' && { q: q.trim() }),
      ...(outcome !== '' && { outcome: outcome as NonNullable<Query['outcome']> }),
      ...(channel !== '' && { channel: channel as NonNullable<Query['channel']> }),
      ...(isDay(from) && { from: midnight(from) }),
      ...(isDay(until) && { until: midnight(addDays(until, 1)) }),
      ...(followUp === 'true' && { follow_up: true }),
      ...(flagged === 'true' && { flagged: true }),
      ...(contactId !== '' && { contact_id: contactId }),
    };
  }, [q, outcome, channel, from, until, followUp, flagged, contactId, zone]);
}
