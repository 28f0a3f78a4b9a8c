// One delivery: how it went, what it carries word for word, and sending it again.

import type { ReactNode } from 'react';
import { Copy, RotateCw } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { formatMoment } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, SkeletonRows } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { canSendAgain, DeliveryState, formatNextTry } from './delivery-state.tsx';
import type { Delivery } from './delivery-state.tsx';
import { targetOf } from './target-of.ts';

const { deliveries } = texts;
const LIST = 'GET /api/clients/{client_id}/deliveries';
const READ = 'GET /api/clients/{client_id}/deliveries/{delivery_id}';
const EVERY_MS = 5000;
const SECOND_MS = 1000;

export interface DeliveryDialogProps {
  readonly clientId: string;
  readonly deliveryId: string;
  readonly onClose: () => void;
}

export function DeliveryDialog({ clientId, deliveryId, onClose }: DeliveryDialogProps) {
  const given = { params: { client_id: clientId, delivery_id: deliveryId } };
  const first = useRead(READ, given);
  const waits = first.data?.state === 'waiting';
  const query = useRead(READ, given, { everyMs: waits ? EVERY_MS : undefined });
  const again = useChange('POST /api/clients/{client_id}/deliveries/{delivery_id}/retry', {
    refreshes: [LIST, READ],
  });
  const toasts = useToasts();
  const { data: delivery } = query;
  const send = () =>
    again.mutate(given, {
      onSuccess: () => toasts.done(deliveries.sentAgain),
      onError: (error) => toasts.failed(error),
    });
  return (
    <Dialog
      wide
      title={delivery ? (deliveries.events[delivery.event] ?? delivery.event) : deliveries.title}
      description={delivery && deliveries.kinds[delivery.kind]}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{texts.ui.close}</Button>
          {delivery && canSendAgain(delivery) && (
            <Button look="primary" icon={RotateCw} pending={again.isPending} onClick={send}>
              {delivery.state === 'waiting' ? deliveries.sendNow : deliveries.sendAgain}
            </Button>
          )}
        </>
      }
    >
      {delivery ? (
        <div className="space-y-4">
          <Facts clientId={clientId} delivery={delivery} />
          <Content delivery={delivery} />
        </div>
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <SkeletonRows />
      )}
    </Dialog>
  );
}

function Facts({ clientId, delivery }: { readonly clientId: string; readonly delivery: Delivery }) {
  const nowMs = useNow(SECOND_MS);
  const zone = useClient(clientId).data?.zone ?? 'UTC';
  const { state, attempts, last_error: error, next_attempt_at: next } = delivery;
  const { created_at: created, settled_at: settled } = delivery;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
      <Fact name={deliveries.state}>
        <DeliveryState state={state} />{' '}
        <span className="text-muted">{deliveries.stateHints[state]}</span>
      </Fact>
      {error !== null && <Fact name={deliveries.lastError}>{error}</Fact>}
      <Fact name={deliveries.to}>{targetOf(delivery)}</Fact>
      <Fact name={deliveries.attempts}>{attempts}</Fact>
      {next !== null && <Fact name={deliveries.nextTry}>{formatNextTry(next, zone, nowMs)}</Fact>}
      <Fact name={deliveries.created}>{formatMoment(created, zone, nowMs)}</Fact>
      {settled !== null && (
        <Fact name={deliveries.settled}>{formatMoment(settled, zone, nowMs)}</Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="numbers min-w-0 break-words">{children}</dd>
    </>
  );
}

function Content({ delivery }: { readonly delivery: Delivery }) {
  const toasts = useToasts();
  const { body, payload } = delivery;
  const words = payload === null ? (body ?? '') : asSent(delivery);
  const copy = () =>
    navigator.clipboard.writeText(words).then(
      () => toasts.done(texts.ui.copied),
      () => toasts.refused(texts.ui.notCopied),
    );
  return (
    <section>
      <div className="mb-1 flex items-center justify-between">
        <h3 className="text-sm font-medium">
          {payload === null ? deliveries.asText : deliveries.asSent}
        </h3>
        <IconButton icon={Copy} size="small" label={deliveries.copy} onClick={() => void copy()} />
      </div>
      <pre
        // It is scrolled by the keyboard, too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={payload === null ? deliveries.asText : deliveries.asSent}
        className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap"
      >
        {words}
      </pre>
    </section>
  );
}

/** The body that the receiver gets: docs/WEBHOOKS.md "What comes". */
function asSent({ id, event, created_at, client_id, payload }: Delivery): string {
  return JSON.stringify({ id, event, created_at, client_id, data: payload }, null, 2);
}
