// The owner's clients, and the one that the pages are about.

import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useRead } from './api.ts';
import type { Answer } from './api.ts';
import { recall, remember } from './remembered.ts';

export type Client = Answer<'GET /api/clients/{client_id}'>;

const KEY = 'client';
const LISTED_MAX = 100;
/** Clients change seldom, and who changes one names them as to be read again. */
const FRESH_MS = 60_000;
const LIST = 'GET /api/clients';
const listed = { query: { limit: LISTED_MAX } };

/** No. 2 before No. 10. */
const byName = new Intl.Collator('en', { numeric: true });

export const clientsKey = [LIST, listed];

/** More clients than these are searched rather than looked through. */
export const SEARCHED_FROM = 8;

/** Whether what was typed is in the name or the number. */
export function isNamed({ name, phone_number: number }: Client, typed: string): boolean {
  const words = typed.trim().toLowerCase();
  const digits = words.replaceAll(/\D/g, '');
  if (name.toLowerCase().includes(words)) return true;
  return digits !== '' && /^[\d\s()+.-]+$/.test(words) && (number ?? '').includes(digits);
}

/** Whether its callers are not answered: nothing is left, or something is owed. */
export function isOutOfTalkTime(client: {
  readonly balance_seconds: number;
  readonly debt_seconds: number;
}): boolean {
  return client.balance_seconds <= 0 || client.debt_seconds > 0;
}

/** The first hundred, by name. */
export function useClients() {
  const query = useRead(LIST, listed, { freshMs: FRESH_MS });
  const clients = query.data?.toSorted((one, other) => byName.compare(one.name, other.name));
  return { ...query, clients };
}

export function useClient(clientId: string) {
  const all = useQueryClient().getQueryState<readonly Client[]>(clientsKey);
  const answer = all?.isInvalidated ? undefined : all?.data?.find(({ id }) => id === clientId);
  return useRead(
    'GET /api/clients/{client_id}',
    { params: { client_id: clientId } },
    { ...(all && answer && { known: { answer, atMs: all.dataUpdatedAt } }) },
  );
}

/** The id in the address; on pages that are about none, that of the last one. */
export function useClientId(): string | undefined {
  const [path] = useLocation();
  const { clients } = useClients();
  const [, inPath] = /^\/app\/clients\/([0-9a-f-]{36})(?:\/|$)/.exec(path) ?? [];
  useEffect(() => {
    if (inPath) remember(KEY, inPath);
  }, [inPath]);
  if (inPath) return inPath;
  const last = recall(KEY);
  // Until the list is there the last one is believed to be on it.
  if (!clients) return last;
  return clients.find(({ id }) => id === last)?.id ?? clients[0]?.id;
}

/**
 * The same page of another client; what is below it (one conversation, say) belongs to the first. From a page about no client,
 * the client's conversations; from the set-up of one, the settings of the other.
 */
export function samePageOf(path: string, clientId: string): string {
  const [, page] = /^\/app\/clients\/[0-9a-f-]{36}\/([\w-]+(?:\/[\w-]+)?)/.exec(path) ?? [];
  if (page === undefined) return `/app/clients/${clientId}/conversations`;
  if (page.startsWith('set-up')) return `/app/clients/${clientId}/settings`;
  return `/app/clients/${clientId}/${page.startsWith('settings/') ? page : page.split('/')[0]}`;
}
