// The statement: every call and purchase with what was left after it, newest first.

import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { Link, useParams } from 'wouter';
import { api, errorsOf } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import {
  formatDuration,
  formatMinutes,
  formatMoment,
  formatMoney,
  formatPhone,
} from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { DownloadLink } from '../../ui/download-link.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { BillingFrame } from './billing-frame.tsx';

type Entry = Answer<'GET /api/clients/{client_id}/ledger'>[number];

const NAME = 'GET /api/clients/{client_id}/ledger';
const PAGE = 50;
const MINUTE_MS = 60_000;

export function StatementPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const zone = useClient(clientId).data?.zone ?? 'UTC';
  const nowMs = useNow(MINUTE_MS);
  const query = useInfiniteQuery({
    queryKey: [NAME, clientId],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(
        NAME,
        {
          params: { client_id: clientId },
          query: { limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) },
        },
        { signal },
      ),
    getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.id),
  });
  const { error, moreError } = errorsOf(query);
  const entries = query.data?.pages.flat() ?? [];
  return (
    <BillingFrame
      clientId={clientId}
      actions={
        entries.length > 0 && (
          <DownloadLink href={`/api/clients/${clientId}/ledger.csv`}>
            {texts.billing.exportCsv}
          </DownloadLink>
        )
      }
    >
      <Card flush>
        {error ? (
          <Failure error={error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <SkeletonRows />
        ) : entries.length === 0 ? (
          <Empty icon={ScrollText} title={texts.billing.statementNone}>
            {texts.billing.statementNoneHint}
          </Empty>
        ) : (
          <Table<Entry>
            label={texts.billing.statement}
            rows={entries}
            keyOf={({ id }) => id}
            columns={[
              {
                name: texts.billing.when,
                className: 'numbers text-muted whitespace-nowrap',
                cell: ({ at }) => formatMoment(at, zone, nowMs),
              },
              {
                name: texts.billing.what,
                className: 'w-full max-w-0',
                cell: (entry) => <What clientId={clientId} entry={entry} />,
              },
              {
                name: texts.billing.seconds,
                align: 'right',
                className: 'numbers whitespace-nowrap',
                cell: ({ seconds }) => (
                  <span className={seconds > 0 ? 'text-good' : undefined}>
                    {seconds > 0 ? '+' : '−'}
                    {formatDuration(Math.abs(seconds))}
                  </span>
                ),
              },
              {
                name: texts.billing.after,
                align: 'right',
                from: 'sm',
                className: 'numbers text-muted whitespace-nowrap',
                cell: ({ balance_after: left }) => formatMinutes(left),
              },
            ]}
          />
        )}
        <MoreRows
          list={{
            hasMore: query.hasNextPage,
            isLoadingMore: query.isFetchingNextPage,
            moreError,
            more: () => void query.fetchNextPage(),
          }}
        />
      </Card>
    </BillingFrame>
  );
}

function What({ clientId, entry }: { readonly clientId: string; readonly entry: Entry }) {
  const { kind, reason, call, payment } = entry;
  const name =
    call && isTest(call) ? texts.home.browserCaller : (texts.billing.kinds[kind] ?? kind);
  const detail = payment
    ? `${payment.package_name}, ${formatMoney(payment.amount, payment.currency)}`
    : call
      ? call.caller_phone
        ? formatPhone(call.caller_phone)
        : call.channel === 'phone' && texts.calls.unknownCaller
      : reason;
  return (
    <span className="flex flex-wrap gap-x-1">
      {call?.conversation_id ? (
        <Link
          href={`/app/clients/${clientId}/conversations/${call.conversation_id}`}
          className="rounded-md font-medium whitespace-nowrap hover:underline"
        >
          {name}
        </Link>
      ) : (
        <span className="font-medium whitespace-nowrap">{name}</span>
      )}
      {detail && (
        <span className="min-w-0 truncate text-muted">
          <span aria-hidden className="max-sm:hidden">
            ·{' '}
          </span>
          {detail}
        </span>
      )}
    </span>
  );
}

/** Of a deleted conversation nothing is known. */
function isTest({ channel }: NonNullable<Entry['call']>): boolean {
  return channel === 'browser';
}
