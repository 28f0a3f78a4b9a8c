// Receipts and invoices, at the payment service, and what became of every order.

import { Receipt } from 'lucide-react';
import { useParams } from 'wouter';
import { usePages, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { formatDate, formatMinutes, formatMoment, formatMoney } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { BillingFrame } from './billing-frame.tsx';

type Listed = Answer<'GET /api/clients/{client_id}/receipts'>[number];
type Order = Answer<'GET /api/clients/{client_id}/top-ups'>[number];

const PAGE = 25;
const MINUTE_MS = 60_000;
const tones: Readonly<Record<Order['state'], Tone>> = {
  open: 'neutral',
  processing: 'accent',
  paid: 'good',
  failed: 'bad',
  expired: 'neutral',
  mismatch: 'warn',
};

export function ReceiptsPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const zone = useClient(clientId).data?.zone ?? 'UTC';
  const receipts = useRead('GET /api/clients/{client_id}/receipts', {
    params: { client_id: clientId },
  });
  return (
    <BillingFrame clientId={clientId}>
      <div className="space-y-5">
        <Card flush>
          <QueryView query={receipts}>
            {(rows) =>
              rows.length === 0 ? (
                <Empty icon={Receipt} title={texts.billing.receiptsNone}>
                  {texts.billing.receiptsNoneHint}
                </Empty>
              ) : (
                <Table<Listed>
                  label={texts.billing.receipts}
                  rows={rows}
                  keyOf={({ id }) => id}
                  columns={[
                    {
                      name: texts.billing.when,
                      className: 'numbers text-muted whitespace-nowrap',
                      cell: ({ at }) => formatDate(at, zone),
                    },
                    {
                      name: texts.billing.amount,
                      className: 'numbers w-full',
                      cell: ({ amount, refunded, currency }) => (
                        <>
                          <span className="font-medium">{formatMoney(amount, currency)}</span>
                          {refunded > 0 && (
                            <span className="text-muted">
                              {' · '}
                              {texts.billing.refunded(formatMoney(refunded, currency))}
                            </span>
                          )}
                        </>
                      ),
                    },
                    {
                      name: texts.billing.receipt,
                      hideName: true,
                      align: 'right',
                      className: 'whitespace-nowrap',
                      cell: (row) => <Papers row={row} />,
                    },
                  ]}
                />
              )
            }
          </QueryView>
        </Card>
        <Orders clientId={clientId} zone={zone} />
      </div>
    </BillingFrame>
  );
}

function Papers({ row }: { readonly row: Listed }) {
  const name = row.kind === 'invoice' ? texts.billing.invoice : texts.billing.receipt;
  return (
    <span className="inline-flex gap-2">
      {row.url && (
        <LinkButton size="small" href={row.url} external>
          {name}
        </LinkButton>
      )}
      {row.pdf_url && (
        <LinkButton size="small" look="quiet" href={row.pdf_url} external>
          {texts.billing.pdf}
        </LinkButton>
      )}
    </span>
  );
}

function Orders({ clientId, zone }: { readonly clientId: string; readonly zone: string }) {
  const nowMs = useNow(MINUTE_MS);
  const orders = usePages('GET /api/clients/{client_id}/top-ups', {
    params: { client_id: clientId },
    query: { limit: PAGE },
  });
  if (orders.error) {
    return (
      <Card flush title={texts.billing.orders}>
        <Failure error={orders.error} retry={orders.refetch} />
      </Card>
    );
  }
  if (orders.rows.length === 0) return null;
  return (
    <Card flush title={texts.billing.orders}>
      <Table<Order>
        label={texts.billing.orders}
        rows={orders.rows}
        keyOf={({ id }) => id}
        columns={[
          {
            name: texts.billing.when,
            className: 'numbers text-muted whitespace-nowrap',
            cell: ({ created_at: at }) => formatMoment(at, zone, nowMs),
          },
          {
            name: texts.billing.what,
            className: 'w-full max-w-0',
            cell: (order) => (
              <span className="block truncate">
                <span className="font-medium">{order.package_name}</span>
                <span className="text-muted"> · {formatMinutes(order.seconds)}</span>
              </span>
            ),
          },
          {
            name: texts.billing.amount,
            align: 'right',
            from: 'sm',
            className: 'numbers whitespace-nowrap',
            cell: ({ amount, currency }) => formatMoney(amount, currency),
          },
          {
            name: texts.billing.state,
            align: 'right',
            cell: ({ state }) => (
              <Badge tone={tones[state]}>{texts.billing.orderStates[state] ?? state}</Badge>
            ),
          },
        ]}
      />
      <MoreRows list={orders} />
    </Card>
  );
}
