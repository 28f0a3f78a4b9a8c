// The inbox of a client: what callers left word of, newest first. Opening a message marks it as read.

import { useState } from 'react';
import { CheckCheck, Inbox } from 'lucide-react';
import { useParams, useSearchParams } from 'wouter';
import { useChange, usePages, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { PULSE } from '../../lib/pulse.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Choice } from '../../ui/choice.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { MessageRow } from './message-row.tsx';

export type Message = Answer<'PATCH /api/clients/{client_id}/messages/{message_id}'>;

const PAGE = 50;

/** Offered as long as there is something to be marked. */
function ReadAll({ clientId }: { readonly clientId: string }) {
  const { data } = useRead(PULSE, {});
  const mark = useChange('POST /api/clients/{client_id}/messages/read-all', {
    refreshes: [PULSE, 'GET /api/clients/{client_id}/messages', 'GET /api/overview'],
  });
  const toasts = useToasts();
  if (!data?.unread_messages.some((each) => each.client_id === clientId)) return null;
  return (
    <Button
      look="quiet"
      icon={CheckCheck}
      pending={mark.isPending}
      onClick={() => mark.mutate({ params: { client_id: clientId } }, { onError: toasts.failed })}
    >
      {texts.messages.readAll}
    </Button>
  );
}

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
  const show = (only: 'all' | 'unread', message = '') =>
    setSearch(
      { ...(only === 'unread' && { show: only }), ...(message !== '' && { message }) },
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
        <>
          <ReadAll clientId={clientId} />
          <Choice
            label={texts.messages.filter}
            value={which}
            onChange={(next) => show(next)}
            options={[
              { value: 'all', label: texts.messages.all },
              { value: 'unread', label: texts.messages.unread },
            ]}
          />
        </>
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
                  show(which, open ? message.id : '');
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
