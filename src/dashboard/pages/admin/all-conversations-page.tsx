// What was said with any client or the assistant: found by its words, read as it was heard.

import { useState } from 'react';
import { MessagesSquare } from 'lucide-react';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatCount, formatMoment, formatTime } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useOffsetPages } from '../../lib/use-offset-pages.ts';
import { useSearch } from '../../lib/use-search.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Outcome } from '../../ui/outcome.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { RowButton, Table } from '../../ui/table.tsx';
import { AdminFrame } from './admin-frame.tsx';

const { admin } = texts;
type Row = Answer<'GET /admin/conversations'>[number];

const FOUND_MAX = 50;
const MINUTE_MS = 60_000;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function AllConversationsPage() {
  const { typed, type, words } = useSearch();
  const [which, setWhich] = useState<'all' | 'errors'>('all');
  const [open, setOpen] = useState<Row>();
  return (
    <AdminFrame>
      <Card flush>
        <div className="flex flex-wrap items-center gap-3 px-4 py-3 sm:px-5">
          <SearchBox
            label={admin.search}
            value={typed}
            onChange={type}
            className="w-full max-w-sm"
          />
          {words === '' && (
            <Choice
              label={admin.which}
              value={which}
              onChange={setWhich}
              options={[
                { value: 'all', label: admin.all },
                { value: 'errors', label: admin.errors },
              ]}
            />
          )}
        </div>
        <div className="border-t border-line">
          {words === '' ? (
            <All problems={which === 'errors'} onOpen={setOpen} />
          ) : (
            <Found words={words} onOpen={setOpen} />
          )}
        </div>
      </Card>
      {open && <Read row={open} onClose={() => setOpen(undefined)} />}
    </AdminFrame>
  );
}

interface ListProps {
  readonly onOpen: (row: Row) => void;
}

function All({ problems, onOpen }: ListProps & { readonly problems: boolean }) {
  const all = useOffsetPages('GET /admin/conversations', {
    query: { ...(problems && { problems }) },
  });
  if (all.error) return <Failure error={all.error} retry={all.refetch} />;
  if (all.isPending) return <SkeletonRows />;
  if (all.rows.length === 0 && problems) {
    return (
      <Empty icon={MessagesSquare} title={admin.errorsNone}>
        {admin.errorsNoneHint}
      </Empty>
    );
  }
  if (all.rows.length === 0) return <Empty icon={MessagesSquare} title={admin.conversationsNone} />;
  return (
    <>
      <Rows rows={all.rows} onOpen={onOpen} />
      <MoreRows list={all} />
    </>
  );
}

function Found({ words, onOpen }: ListProps & { readonly words: string }) {
  const found = useRead(
    'GET /admin/conversations/search',
    { query: { query: words, limit: FOUND_MAX } },
    { keep: true },
  );
  return (
    <QueryView query={found}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty icon={MessagesSquare} title={admin.noneFound} />
        ) : (
          <Rows rows={rows} onOpen={onOpen} />
        )
      }
    </QueryView>
  );
}

function Rows({ rows, onOpen }: ListProps & { readonly rows: readonly Row[] }) {
  const nowMs = useNow(MINUTE_MS);
  return (
    <Table<Row>
      label={admin.conversations}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          name: admin.client,
          className: 'w-full max-w-0',
          cell: (row) => (
            <RowButton onClick={() => onOpen(row)}>
              {row.client_name ?? admin.assistant}
              {row.flags.length > 0 && (
                <span className="block truncate text-xs font-normal text-warn">
                  {row.flags
                    .map((flag) => texts.conversations.flags[flag] ?? flag.replaceAll('_', ' '))
                    .join(', ')}
                </span>
              )}
            </RowButton>
          ),
        },
        {
          name: admin.how,
          from: 'sm',
          className: 'text-muted',
          cell: ({ channel }) => texts.calls.channels[channel] ?? channel,
        },
        {
          name: admin.messages,
          from: 'md',
          align: 'right',
          className: 'numbers text-muted',
          cell: ({ message_count: count }) => formatCount(count),
        },
        {
          name: admin.began,
          align: 'right',
          className: 'numbers whitespace-nowrap text-muted',
          cell: ({ started_at: at }) => formatMoment(at, zone, nowMs),
        },
        {
          name: texts.billing.state,
          align: 'right',
          from: 'sm',
          cell: ({ outcome, ended_at: endedAt, quiet_since: quietSince }) => (
            <Outcome
              outcome={endedAt === null ? null : (outcome ?? 'answered')}
              quietSince={quietSince}
            />
          ),
        },
      ]}
    />
  );
}

function Read({ row, onClose }: { readonly row: Row; readonly onClose: () => void }) {
  const query = useRead('GET /admin/conversations/{conversation_id}', {
    params: { conversation_id: row.id },
  });
  const nowMs = useNow(MINUTE_MS);
  return (
    <Dialog
      wide
      title={row.client_name ?? admin.assistant}
      description={formatMoment(row.started_at, zone, nowMs)}
      onClose={onClose}
    >
      <QueryView query={query}>
        {({ messages }) => (
          <ol className="space-y-3 pb-3 text-sm">
            {messages.map(({ role, content, timestamp, interrupted, unheard }) => (
              <li key={`${timestamp} ${role} ${content}`}>
                <p className="text-xs text-faint">
                  {admin.said[role] ?? role} · {formatTime(timestamp, zone)}
                </p>
                <p className="break-words">
                  {content}
                  {interrupted && (
                    <span className="text-faint">
                      {' '}
                      {unheard && <span className="sr-only">{texts.calls.unheard} </span>}
                      <s>{unheard ?? '…'}</s>
                    </span>
                  )}
                </p>
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </Dialog>
  );
}
