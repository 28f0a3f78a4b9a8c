// How the server is: its services, its vendors, its load, and payments that do not fit.

import { CreditCard, Plug } from 'lucide-react';
import { Redirect } from 'wouter';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatCount, formatDuration, formatLatency, formatMoment } from '../../lib/format.ts';
import { useMe } from '../../lib/me.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card, Stat } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { AdminFrame } from './admin-frame.tsx';

type Health = Answer<'GET /admin/monitoring/health'>;
type Service = Health['services']['stt'];
type Metrics = Answer<'GET /admin/monitoring/metrics'>;
type Problem = Answer<'GET /api/billing/problems'>[number];

const EVERY_MS = 30_000;
const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

export function HealthPage() {
  const { data: me } = useMe();
  if (me?.role === 'moderator') return <Redirect to="/app/admin/users" replace />;
  return (
    <AdminFrame>
      <div className="space-y-5">
        <Services />
        <Load />
        <Problems />
      </div>
    </AdminFrame>
  );
}

function Services() {
  const health = useRead('GET /admin/monitoring/health', {}, { everyMs: EVERY_MS });
  return (
    <QueryView query={health} loading={<Skeleton className="h-32 rounded-xl" />}>
      {({ status, services, database }) => (
        <>
          <Notice tone={status === 'healthy' ? 'good' : status === 'degraded' ? 'warn' : 'bad'}>
            {texts.admin.states[status] ?? status}
          </Notice>
          <ul className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-5">
            {Object.entries(services).map(([name, service]) => (
              <li key={name}>
                <ServiceCard name={texts.admin.services[name] ?? name} service={service} />
              </li>
            ))}
            <li>
              <Stat label={texts.admin.database} value={<State works={database === 'online'} />} />
            </li>
          </ul>
        </>
      )}
    </QueryView>
  );
}

function ServiceCard({ name, service }: { readonly name: string; readonly service: Service }) {
  const { healthy, state, latency_ms: latency, uptime } = service;
  return (
    <Stat
      label={name}
      value={
        state === 'not_configured' ? (
          <Badge>{texts.admin.notConfigured}</Badge>
        ) : (
          <State works={healthy} />
        )
      }
      note={
        healthy
          ? [
              latency !== null && texts.admin.answersIn(formatLatency(latency)),
              texts.admin.since(formatDuration(uptime)),
            ]
              .filter(Boolean)
              .join(', ')
          : undefined
      }
    />
  );
}

function State({ works }: { readonly works: boolean }) {
  return works ? (
    <Badge tone="good">{texts.admin.online}</Badge>
  ) : (
    <Badge tone="bad">{texts.admin.offline}</Badge>
  );
}

function Load() {
  const metrics = useRead('GET /admin/monitoring/metrics', {}, { everyMs: EVERY_MS });
  return (
    <QueryView query={metrics} loading={<Skeleton className="h-48 rounded-xl" />}>
      {(answer) => (
        <>
          <div className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
            <Stat label={texts.admin.activeCalls} value={formatCount(answer.active_calls)} />
            <Stat
              label={texts.admin.eventLoop}
              value={formatLatency(answer.event_loop_delay_ms.p99)}
              note={texts.admin.eventLoopNote(formatLatency(answer.event_loop_delay_ms.max))}
            />
            <Stat
              label={texts.admin.memory}
              value={`${formatCount(Math.round(answer.memory.rss_bytes / MIB))} MB`}
            />
            <Stat label={texts.admin.uptime} value={formatDuration(answer.uptime)} />
          </div>
          <Vendors vendors={answer.vendors} />
        </>
      )}
    </QueryView>
  );
}

function Vendors({ vendors }: { readonly vendors: Metrics['vendors'] }) {
  return (
    <Card flush title={texts.admin.vendors}>
      {vendors.length === 0 ? (
        <Empty icon={Plug} compact title={texts.admin.vendorsNone} />
      ) : (
        <Table<Metrics['vendors'][number]>
          label={texts.admin.vendors}
          rows={vendors}
          keyOf={({ service, vendor }) => `${service} ${vendor}`}
          columns={[
            {
              name: texts.admin.vendor,
              cell: ({ vendor }) => <span className="font-medium">{vendor}</span>,
            },
            {
              name: texts.admin.service,
              className: 'text-muted',
              cell: ({ service }) => texts.admin.services[service] ?? service,
            },
            {
              name: texts.admin.successes,
              align: 'right',
              className: 'numbers',
              cell: ({ successes }) => formatCount(successes),
            },
            {
              name: texts.admin.failures,
              align: 'right',
              className: 'numbers',
              cell: ({ failures }) => formatCount(failures),
            },
            {
              name: texts.admin.status,
              align: 'right',
              cell: ({ in_use: inUse }) =>
                inUse ? (
                  <Badge tone="good">{texts.admin.inUse}</Badge>
                ) : (
                  <Badge tone="bad">{texts.admin.setAside}</Badge>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}

function Problems() {
  const problems = useRead('GET /api/billing/problems');
  const nowMs = useNow(MINUTE_MS);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Card flush title={texts.admin.problems}>
      <QueryView query={problems}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={CreditCard} compact title={texts.admin.problemsNone} />
          ) : (
            <Table<Problem>
              label={texts.admin.problems}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  name: texts.billing.when,
                  className: 'numbers whitespace-nowrap text-muted',
                  cell: ({ received_at: at }) => formatMoment(at, zone, nowMs),
                },
                {
                  name: texts.billing.what,
                  cell: ({ outcome }) => texts.admin.problemKinds[outcome] ?? outcome,
                },
                {
                  name: texts.admin.description,
                  from: 'md',
                  className: 'w-full max-w-0 text-muted',
                  cell: ({ type, detail }) => (
                    <span className="block truncate">{`${type} ${JSON.stringify(detail)}`}</span>
                  ),
                },
              ]}
            />
          )
        }
      </QueryView>
    </Card>
  );
}
