// Calls that the receptionist makes: whom, why, and what came of each.

import { useState } from 'react';
import { PhoneOutgoing } from 'lucide-react';
import { Link, useParams } from 'wouter';
import { usePages, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { formatMoment, formatPhone } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { CallDialog } from './call-dialog.tsx';
import { Consents } from './consents.tsx';
import { resultOf } from './result.ts';

const { outgoing } = texts;
type Call = Answer<'GET /api/calls'>[number];

/** Calls go on meanwhile. */
const EVERY_MS = 10_000;
const MINUTE_MS = 60_000;
const PAGE = 50;
const tones: Readonly<Record<string, Tone>> = {
  busy: 'warn',
  'no-answer': 'warn',
  failed: 'bad',
  human: 'good',
  left_message: 'accent',
  machine: 'warn',
  fax: 'warn',
};

export function OutgoingPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const [open, setOpen] = useState(false);
  const line = useRead('GET /api/clients/{client_id}/line-settings', {
    params: { client_id: clientId },
  });
  const calls = usePages(
    'GET /api/calls',
    { query: { client_id: clientId, limit: PAGE } },
    { everyMs: EVERY_MS },
  );
  const allowed = line.data?.outbound_enabled ?? false;
  const dial = (
    <Button look="primary" icon={PhoneOutgoing} disabled={!allowed} onClick={() => setOpen(true)}>
      {outgoing.call}
    </Button>
  );
  return (
    <Page title={outgoing.title} description={outgoing.description} actions={dial}>
      <div className="space-y-5">
        {line.isError && !line.data && (
          <Card flush>
            <Failure error={line.error} retry={() => void line.refetch()} />
          </Card>
        )}
        {line.data && !allowed && (
          <Notice
            title={outgoing.off}
            action={
              <LinkButton size="small" href={`/app/clients/${clientId}/settings/line`}>
                {outgoing.allow}
              </LinkButton>
            }
          >
            {outgoing.offText}
          </Notice>
        )}
        <Card flush>
          {calls.error ? (
            <Failure error={calls.error} retry={calls.refetch} />
          ) : calls.isPending ? (
            <SkeletonRows />
          ) : calls.rows.length === 0 ? (
            <Empty icon={PhoneOutgoing} title={outgoing.none}>
              {outgoing.noneHint}
            </Empty>
          ) : (
            <Rows clientId={clientId} rows={calls.rows} />
          )}
          <MoreRows list={calls} />
        </Card>
        <Consents clientId={clientId} />
      </div>
      {open && <CallDialog clientId={clientId} onClose={() => setOpen(false)} />}
    </Page>
  );
}

function Rows({ clientId, rows }: { readonly clientId: string; readonly rows: readonly Call[] }) {
  const nowMs = useNow(MINUTE_MS);
  const zone = useClient(clientId).data?.zone ?? 'UTC';
  return (
    <Table<Call>
      label={outgoing.title}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          name: outgoing.who,
          className: 'whitespace-nowrap',
          cell: (call) => (
            <>
              <span className="numbers block font-medium">{formatPhone(call.phone_number)}</span>
              <span className="block text-xs text-faint">{outgoing.purposes[call.purpose]}</span>
            </>
          ),
        },
        {
          name: outgoing.about,
          from: 'md',
          className: 'w-full max-w-0 text-muted',
          cell: ({ text }) => <span className="line-clamp-2">{text}</span>,
        },
        {
          name: outgoing.when,
          className: 'numbers text-muted sm:whitespace-nowrap',
          align: 'right',
          cell: ({ created_at: at }) => formatMoment(at, zone, nowMs),
        },
        {
          name: outgoing.outcome,
          align: 'right',
          cell: (call) => <Result call={call} clientId={clientId} />,
        },
      ]}
    />
  );
}

function Result({ call, clientId }: { readonly call: Call; readonly clientId: string }) {
  const { ended_at: endedAt, conversation_id: conversation } = call;
  const known = resultOf(call);
  const badge = (
    <Badge tone={tones[known] ?? 'neutral'} live={endedAt === null}>
      {outgoing.results[known]}
    </Badge>
  );
  if (conversation === null) return badge;
  return (
    <>
      {badge}
      <Link
        href={`/app/clients/${clientId}/conversations/${conversation}`}
        className="mt-1 block text-xs whitespace-nowrap text-accent-text hover:underline"
      >
        {outgoing.read}
      </Link>
    </>
  );
}
