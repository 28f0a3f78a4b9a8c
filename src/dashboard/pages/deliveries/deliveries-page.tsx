// What a business has sent or has yet to send: text messages and webhooks, how they went, and when they are tried again.

import { Send } from 'lucide-react';
import { useParams, useSearchParams } from 'wouter';
import { usePages } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { formatMoment } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { RowButton, Table } from '../../ui/table.tsx';
import { DeliveryDialog } from './delivery-dialog.tsx';
import { DeliveryState, formatNextTry } from './delivery-state.tsx';
import type { Delivery } from './delivery-state.tsx';
import { targetOf } from './target-of.ts';

const { deliveries } = texts;
const PAGE = 50;
/** What waits is tried again meanwhile. */
const EVERY_MS = 5000;
const filterNames = ['kind', 'state'] as const;

const optionsOf = (any: string, words: Readonly<Record<string, string>>) => [
  { value: '', label: any },
  ...Object.entries(words).map(([value, label]) => ({ value, label })),
];
const options = {
  kind: optionsOf(deliveries.anyKind, deliveries.kindsMany),
  state: optionsOf(deliveries.anyState, deliveries.states),
};

/** Filters, and the delivery that is looked at, are in the address: a notice leads to one. */
function useAddress() {
  const [search, setSearch] = useSearchParams();
  /** Of the address somebody may have typed: what is none of ours counts as nothing. */
  const chosen = (name: 'kind' | 'state') => {
    const value = search.get(name) ?? '';
    return options[name].some((each) => each.value === value) ? value : '';
  };
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return {
    kind: chosen('kind') as Delivery['kind'] | '',
    state: chosen('state') as Delivery['state'] | '',
    openId: search.get('delivery') ?? '',
    set,
    clear: () => setSearch(new URLSearchParams(), { replace: true }),
  };
}

export function DeliveriesPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const { kind, state, openId, set, clear } = useAddress();
  const listed = usePages(
    'GET /api/clients/{client_id}/deliveries',
    {
      params: { client_id: clientId },
      query: { limit: PAGE, payloads: false, ...(kind && { kind }), ...(state && { state }) },
    },
    { everyMs: openId === '' ? EVERY_MS : undefined },
  );
  return (
    <Page title={deliveries.title} description={deliveries.description}>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        {filterNames.map((name) => (
          <Field
            key={name}
            label={deliveries[name]}
            hideLabel
            className="max-sm:grow max-sm:basis-36 sm:w-44"
          >
            {(control) => (
              <Select
                {...control}
                value={name === 'kind' ? kind : state}
                options={options[name]}
                onChange={(event) => set(name, event.target.value)}
              />
            )}
          </Field>
        ))}
      </div>
      <Card flush>
        {listed.error ? (
          <Failure error={listed.error} retry={listed.refetch} />
        ) : listed.isPending ? (
          <SkeletonRows />
        ) : listed.rows.length === 0 ? (
          <Nothing clientId={clientId} filtered={kind !== '' || state !== ''} onClear={clear} />
        ) : (
          <Rows
            clientId={clientId}
            rows={listed.rows}
            onOpen={(delivery) => set('delivery', delivery.id)}
          />
        )}
        <MoreRows list={listed} />
      </Card>
      {openId !== '' && (
        <DeliveryDialog
          clientId={clientId}
          deliveryId={openId}
          onClose={() => {
            set('delivery', '');
            // It may have been sent meanwhile.
            listed.refetch();
          }}
        />
      )}
    </Page>
  );
}

function Nothing({
  clientId,
  filtered,
  onClear,
}: {
  readonly clientId: string;
  readonly filtered: boolean;
  readonly onClear: () => void;
}) {
  if (filtered) {
    return (
      <Empty
        icon={Send}
        title={deliveries.noneFound}
        action={<Button onClick={onClear}>{deliveries.clear}</Button>}
      >
        {deliveries.noneFoundHint}
      </Empty>
    );
  }
  const settings = `/app/clients/${clientId}/settings`;
  return (
    <Empty
      icon={Send}
      title={deliveries.none}
      action={
        <>
          <LinkButton href={`${settings}/alerts`}>{deliveries.setWebhook}</LinkButton>
          <LinkButton href={`${settings}/line`}>{deliveries.setTexts}</LinkButton>
        </>
      }
    >
      {deliveries.noneHint}
    </Empty>
  );
}

interface RowsProps {
  readonly clientId: string;
  readonly rows: readonly Delivery[];
  readonly onOpen: (delivery: Delivery) => void;
}

function Rows({ clientId, rows, onOpen }: RowsProps) {
  const nowMs = useNow(EVERY_MS);
  const zone = useClient(clientId).data?.zone ?? 'UTC';
  const moment = ({ created_at: at }: Delivery) => formatMoment(at, zone, nowMs);
  return (
    <Table<Delivery>
      label={deliveries.title}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          name: deliveries.what,
          className: 'w-full max-w-0 sm:w-2/5',
          cell: (delivery) => <What delivery={delivery} at={moment(delivery)} onOpen={onOpen} />,
        },
        {
          name: deliveries.to,
          from: 'md',
          className: 'numbers max-w-0 w-1/4 truncate text-muted',
          cell: (delivery) => <span title={targetOf(delivery)}>{targetOf(delivery)}</span>,
        },
        {
          name: deliveries.attempts,
          from: 'lg',
          align: 'right',
          className: 'numbers text-muted',
          cell: ({ attempts }) => attempts,
        },
        {
          name: deliveries.when,
          from: 'sm',
          align: 'right',
          className: 'numbers whitespace-nowrap text-muted',
          cell: moment,
        },
        {
          name: deliveries.state,
          align: 'right',
          className: 'whitespace-nowrap',
          cell: ({ state, attempts, next_attempt_at: next }) => (
            <>
              <DeliveryState state={state} />
              {next !== null && (
                <span className="numbers mt-1 block text-xs text-faint">
                  <span className="max-sm:hidden">
                    {attempts === 0 ? deliveries.due : deliveries.nextTry}:{' '}
                  </span>
                  {formatNextTry(next, zone, nowMs)}
                </span>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

interface WhatProps {
  readonly delivery: Delivery;
  readonly at: string;
  readonly onOpen: (delivery: Delivery) => void;
}

/** What it is and what went wrong last; on a phone also where it goes and since when. */
function What({ delivery, at, onOpen }: WhatProps) {
  const { event, kind, last_error: error } = delivery;
  return (
    <>
      <RowButton onClick={() => onOpen(delivery)}>{deliveries.events[event] ?? event}</RowButton>
      <span className="block truncate text-xs text-faint">
        {deliveries.kinds[kind]}
        <span className="md:hidden"> · {targetOf(delivery)}</span>
      </span>
      <span className="numbers block text-xs text-faint sm:hidden">{at}</span>
      {error !== null && <span className="mt-0.5 block text-xs text-muted">{error}</span>}
    </>
  );
}
