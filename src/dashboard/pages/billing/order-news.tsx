// What became of a purchase, for whoever comes back from the payment page.

import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useSearch } from 'wouter';
import { useRead } from '../../lib/api.ts';
import { formatMinutes } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

const EVERY_MS = 2000;
/** A bank's answer takes days: nobody waits for it here. */
const BANK_EVERY_MS = 30_000;
const ended = new Set(['paid', 'failed', 'expired', 'mismatch']);

export function OrderNews({ clientId }: { readonly clientId: string }) {
  const search = new URLSearchParams(useSearch());
  const checkout = search.get('checkout');
  const orderId = search.get('order') ?? '';
  const client = useQueryClient();
  const options = { enabled: checkout === 'done' && orderId !== '' };
  const params = { client_id: clientId, order_id: orderId };
  const name = 'GET /api/clients/{client_id}/top-ups/{order_id}';
  const first = useRead(name, { params }, options);
  const over = first.data !== undefined && ended.has(first.data.state);
  const state = first.data?.state;
  const everyMs = state === 'processing' ? BANK_EVERY_MS : EVERY_MS;
  useRead(name, { params }, { ...options, ...(!over && { everyMs }), freshMs: 0 });
  useEffect(() => {
    if (state !== 'paid') return;
    // The balance, the plan and the statement have changed with it.
    for (const part of ['balance', 'plan', 'ledger', 'usage', 'auto-top-up']) {
      void client.invalidateQueries({ queryKey: [`GET /api/clients/{client_id}/${part}`] });
    }
    for (const name of ['GET /api/clients', 'GET /api/clients/{client_id}']) {
      void client.invalidateQueries({ queryKey: [name] });
    }
  }, [client, state]);
  const { order: said } = texts.billing;
  if (checkout === 'cancelled') return <Notice>{said.cancelled}</Notice>;
  if (checkout !== 'done' || !first.data) return null;
  if (state === 'paid') {
    return (
      <Notice
        tone="good"
        action={
          <LinkButton size="small" href={`/app/clients/${clientId}/talk`}>
            {texts.home.testCall}
          </LinkButton>
        }
      >
        {said.paid(formatMinutes(first.data.seconds))}
      </Notice>
    );
  }
  if (state === 'failed' || state === 'expired') return <Notice tone="bad">{said.failed}</Notice>;
  if (state === 'mismatch') return <Notice tone="bad">{said.mismatch}</Notice>;
  return <Notice tone="warn">{state === 'processing' ? said.processing : said.waiting}</Notice>;
}
