// The inbox of a client: what callers left word of, newest first. Opening a message marks it as read.

import { useState } from 'react';
import { Inbox } from 'lucide-react';
import { useParams } from 'wouter';
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

export function MessagesPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const [which, setWhich] = useState<'all' | 'unread'>('all');
  const [openId, setOpenId] = useState<string>();
  const messages = usePages('GET /api/clients/{client_id}/messages', {
    params: { client_id: clientId },
    query: { limit: PAGE, ...(which === 'unread' && { unread: true }) },
  });
  return (
    <Page
      title={texts.messages.title}
      description={texts.messages.description}
      width="narrow"
      actions={
        <Choice
          label={texts.messages.filter}
          value={which}
          onChange={setWhich}
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
        ) : messages.rows.length === 0 ? (
          <Empty
            icon={Inbox}
            title={which === 'all' ? texts.messages.none : texts.messages.allRead}
          >
            {which === 'all' ? texts.messages.noneHint : texts.messages.allReadHint}
          </Empty>
        ) : (
          <ul className="divide-y divide-line">
            {messages.rows.map((message) => (
              <MessageRow
                key={message.id}
                message={message}
                open={message.id === openId}
                onToggle={(open) => setOpenId(open ? message.id : undefined)}
              />
            ))}
          </ul>
        )}
        <MoreRows list={messages} />
      </Card>
    </Page>
  );
}
