// The rows of the conversations that are in sight; the others are only room to scroll.

import { useEffect, useRef } from 'react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Link } from 'wouter';
import { callerDetail, callerName, callerWay } from '../../lib/callers.ts';
import { after } from '../../lib/clock.ts';
import { formatCost, formatDuration, formatMoment } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Outcome } from '../../ui/outcome.tsx';
import { Skeleton } from '../../ui/states.tsx';
import type { Row, Rows } from './use-rows.ts';

const ROW_HEIGHT = 64;
/** Rows that fly past are not asked for. */
const RESTING_MS = 120;
const { conversations } = texts;

const grid =
  'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 sm:px-5 md:grid-cols-[minmax(0,13rem)_minmax(0,1fr)_9rem_4.5rem_8rem]';

export interface ConversationRowsProps extends Pick<Rows, 'rowAt' | 'want'> {
  readonly clientId: string;
  readonly total: number;
  readonly zone: string;
}

export function ConversationRows({ clientId, total, zone, rowAt, want }: ConversationRowsProps) {
  const list = useRef<HTMLDivElement>(null);
  const virtualizer = useWindowVirtualizer({
    count: total,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => after(RESTING_MS, () => want(first, last)), [first, last, want]);
  const nowMs = useNow(60_000);
  return (
    <div role="table" aria-label={conversations.title} aria-rowcount={total + 1}>
      <div role="rowgroup">
        <div role="row" className={`${grid} border-b border-line py-2 text-xs text-faint`}>
          <span role="columnheader">{conversations.caller}</span>
          <span role="columnheader" className="max-md:hidden">
            {conversations.summary}
          </span>
          <span role="columnheader" className="max-md:hidden">
            {conversations.when}
          </span>
          <span role="columnheader" className="text-right max-md:hidden">
            {conversations.length}
          </span>
          <span role="columnheader" className="text-right">
            {conversations.outcome}
          </span>
        </div>
      </div>
      <div
        ref={list}
        role="rowgroup"
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map(({ index, start }) => {
          const row = rowAt(index);
          return (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              className={`${grid} absolute inset-x-0 border-b border-line text-sm hover:bg-hover/60`}
              style={{
                height: ROW_HEIGHT,
                transform: `translateY(${start - virtualizer.options.scrollMargin}px)`,
              }}
            >
              {row ? (
                <Cells row={row} clientId={clientId} zone={zone} nowMs={nowMs} />
              ) : (
                <span role="cell" className="col-span-full">
                  <Skeleton className="h-3.5 w-1/3" />
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface CellsProps {
  readonly row: Row;
  readonly clientId: string;
  readonly zone: string;
  readonly nowMs: number;
}

/** Below the name, unless the name says it already. */
function wayBelow(row: Row): string {
  const way = callerWay(row);
  if (row.direction === 'outbound') return way;
  return callerDetail(row) || (way === callerName(row) ? '' : way);
}

function Cells({ row, clientId, zone, nowMs }: CellsProps) {
  const when = row.started_at ? formatMoment(row.started_at, zone, nowMs) : '';
  const length = formatDuration(row.duration ?? 0);
  return (
    <>
      <span role="cell" className="min-w-0">
        <Link
          href={`/app/clients/${clientId}/conversations/${row.id}`}
          className="block truncate font-medium after:absolute after:inset-0 after:content-['']"
        >
          {callerName(row)}
        </Link>
        <span className="block truncate text-xs text-faint">
          <span className="md:hidden">
            {(row.flags?.length ?? 0) > 0 && (
              <span className="text-bad">{conversations.needsLook} · </span>
            )}
            {row.follow_up && <span className="text-warn">{conversations.needsFollowUp} · </span>}
            {when} · {length}
          </span>
          <span className="max-md:hidden">{wayBelow(row)}</span>
        </span>
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-2 max-md:hidden">
        {row.follow_up && <Badge tone="warn">{conversations.needsFollowUp}</Badge>}
        {(row.flags?.length ?? 0) > 0 && <Badge tone="bad">{conversations.needsLook}</Badge>}
        <span className="truncate text-muted">{row.summary}</span>
      </span>
      <span role="cell" className="numbers text-muted max-md:hidden">
        {when}
      </span>
      <span role="cell" className="numbers text-right text-muted max-md:hidden">
        {length}
        {row.ended_at && (row.cost_microdollars ?? 0) > 0 && (
          <span className="block text-xs text-faint" title={conversations.cost}>
            <span className="sr-only">{conversations.cost}: </span>
            {formatCost(row.cost_microdollars ?? 0)}
          </span>
        )}
      </span>
      <span role="cell" className="flex justify-end">
        <Outcome
          outcome={row.ended_at ? (row.outcome ?? 'answered') : null}
          quietSince={row.quiet_since}
        />
      </span>
    </>
  );
}
