// Talk time left for each client, and a warning before it is used up.

import { Link } from 'wouter';
import { formatMinutes } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { Overview } from './home-page.tsx';

type ClientToday = Overview['clients'][number];

/** Of more, how many. */
const NAMED_MAX = 3;

function isEmpty(client: ClientToday): boolean {
  return client.balance_seconds <= 0 || client.debt_seconds > 0;
}

export function LowBalances({ clients }: { readonly clients: readonly ClientToday[] }) {
  const active = clients.filter((client) => client.is_active);
  const empty = active.filter(isEmpty);
  const low = active.filter((client) => client.low && !isEmpty(client));
  const names = (listed: readonly ClientToday[]) =>
    texts.home.named(
      listed.slice(0, NAMED_MAX).map(({ name }) => name),
      listed.length,
    );
  /** Of several, first which. */
  const buy = ([client, another]: readonly ClientToday[]) =>
    client && (
      <LinkButton
        size="small"
        href={another ? '/app/clients' : `/app/clients/${client.client_id}/billing`}
      >
        {another ? texts.home.seeAll : texts.home.buy}
      </LinkButton>
    );
  return (
    <>
      {empty.length > 0 && (
        <Notice tone="bad" title={texts.home.emptyTitle(names(empty))} action={buy(empty)}>
          {texts.home.emptyText}
        </Notice>
      )}
      {low.length > 0 && (
        <Notice tone="warn" title={texts.home.lowTitle(names(low))} action={buy(low)}>
          {texts.home.lowText}
        </Notice>
      )}
    </>
  );
}

export function Balances({ clients }: { readonly clients: readonly ClientToday[] }) {
  return (
    <Card title={texts.home.clients} flush>
      <ul className="divide-y divide-line">
        {clients.map((client) => (
          <li
            key={client.client_id}
            className="flex items-center justify-between gap-3 px-4 py-2.5 text-sm sm:px-5"
          >
            <Link
              href={`/app/clients/${client.client_id}/conversations`}
              className="min-w-0 truncate font-medium hover:underline"
            >
              {client.name}
            </Link>
            <span className={`numbers shrink-0 ${client.low ? 'text-warn' : 'text-muted'}`}>
              {formatMinutes(client.balance_seconds)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
