// Talk time left for each client, and a warning before it is used up.

import { Link } from 'wouter';
import { isOutOfTalkTime } from '../../lib/clients.ts';
import { formatMinutes } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { TalkTimeNotice } from '../billing/talk-time-notice.tsx';
import type { Overview } from './home-page.tsx';

type ClientToday = Overview['clients'][number];

/** Of more, how many. */
const NAMED_MAX = 3;

export function LowBalances({ clients }: { readonly clients: readonly ClientToday[] }) {
  const active = clients.filter((client) => client.is_active);
  const empty = active.filter(isOutOfTalkTime);
  const low = active.filter((client) => client.low && !isOutOfTalkTime(client));
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
      {empty.length > 0 && <TalkTimeNotice left="none" names={names(empty)} action={buy(empty)} />}
      {low.length > 0 && <TalkTimeNotice left="little" names={names(low)} action={buy(low)} />}
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
