// The inbox of a client: what callers left word of, newest first. Opening a message marks it as read.

import { useState } from 'react';
import { Inbox } from 'lucide-react';
import { useParams, useSearchParams } from 'wouter';
import { usePages } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { Choice } from '../../ui/choice.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { MessageRow } from './message-row.tsx';

export type Message = Answer<'PATCH /api/clients/{client_id}/messages/{message_id}'>;

const PAGE = 50;

function withOpen(rows: readonly Message[], open: Message | undefined): readonly Message[] {
  if (!open || rows.some(({ id }) => id === open.id)) return rows;
  const after = rows.findIndex(({ created_at: at }) => at < open.created_at);
  return rows.toSpliced(after === -1 ? rows.length : after, 0, open);
}

export function MessagesPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const [search, setSearch] = useSearchParams();
  const which = search.get('show') === 'unread' ? 'unread' : 'all';
  const openId = search.get('message') ?? '';
  const show = (name: 'show' | 'message', value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const messages = usePages('GET /api/clients/{client_id}/messages', {
    params: { client_id: clientId },
    query: { limit: PAGE, ...(which === 'unread' && { unread: true }) },
  });
  // Opened, it is read: among those nobody has read it stays until it is closed.
  const [read, setRead] = useState<Message>();
  const rows = withOpen(messages.rows, read?.id === openId ? read : undefined);
  return (
    <Page
      title={texts.messages.title}
      description={texts.messages.description}
      width="narrow"
      actions={
        <Choice
          label={texts.messages.filter}
          value={which}
          onChange={(next) => show('show', next === 'unread' ? next : '')}
          options={[
            { value: 'all', label: texts.messages.all },
            { value: 'unread', label: texts.messages.unread },
          ]}
        />
      }
    >
      <Card flush>
        {messages.error ? (
          <Failure error={messages.error} retry={messages.refetch} />
        ) : messages.isPending ? (
          <SkeletonRows />
        ) : rows.length === 0 ? (
          <Empty
            icon={Inbox}
            title={which === 'all' ? texts.messages.none : texts.messages.allRead}
          >
            {which === 'all' ? texts.messages.noneHint : texts.messages.allReadHint}
          </Empty>
        ) : (
          <ul className="divide-y divide-line">
            {rows.map((message) => (
              <MessageRow
                key={message.id}
                message={message}
                open={message.id === openId}
                onToggle={(open) => {
                  setRead(
                    open
                      ? { ...message, read_at: message.read_at ?? message.created_at }
                      : undefined,
                  );
                  show('message', open ? message.id : '');
                }}
              />
            ))}
          </ul>
        )}
        <MoreRows list={messages} />
      </Card>
    </Page>
  );
}
