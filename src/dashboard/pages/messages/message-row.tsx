// One message: in two lines, or opened with what can be done about it.

import { useEffect, useId, useRef } from 'react';
import { ChevronDown, Mail, MailOpen, MessagesSquare, Phone, Trash2 } from 'lucide-react';
import { useChange } from '../../lib/api.ts';
import { classes } from '../../lib/class-names.ts';
import { messageFrom } from '../../lib/callers.ts';
import { useClient } from '../../lib/clients.ts';
import { formatAgo, formatMoment, formatPhone } from '../../lib/format.ts';
import { PULSE } from '../../lib/pulse.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { Message } from './messages-page.tsx';

const MINUTE_MS = 60_000;
const refreshes = [PULSE, 'GET /api/clients/{client_id}/messages', 'GET /api/overview'] as const;

export interface MessageRowProps {
  readonly message: Message;
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

export function MessageRow({ message, open, onToggle }: MessageRowProps) {
  const nowMs = useNow(MINUTE_MS);
  const id = useId();
  const { mark, isPending } = useMark(message);
  const unread = message.read_at === null;
  const name = messageFrom(message);
  // Opened here or by a link to it, it is read; marked as unread while it is open, it stays so.
  const seen = useRef(false);
  useEffect(() => {
    if (open && unread && !seen.current) mark(true);
    seen.current = open;
  }, [open, unread, mark]);
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        className="flex w-full items-start gap-3 px-4 py-3 text-left text-sm transition-colors hover:bg-hover/60 sm:px-5"
        onClick={() => onToggle(!open)}
      >
        <span
          className={classes(
            'mt-1.5 size-2 shrink-0 rounded-full',
            unread ? 'bg-accent' : 'bg-transparent',
          )}
          {...(unread && { role: 'img', 'aria-label': texts.home.unread })}
        />
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-2">
            <span className={classes('min-w-0 truncate', unread ? 'font-semibold' : 'font-medium')}>
              {name}
            </span>
            {message.urgent && <Badge tone="bad">{texts.messages.urgent}</Badge>}
            <span className="ml-auto shrink-0 text-xs text-faint">
              {formatAgo(message.created_at, nowMs)}
            </span>
          </span>
          <span
            dir="auto"
            className={classes(
              'mt-0.5 wrap-anywhere text-muted',
              open ? 'block whitespace-pre-line' : 'line-clamp-1',
            )}
          >
            {message.text}
          </span>
        </span>
        <ChevronDown
          size={16}
          aria-hidden
          className={classes('mt-1 shrink-0 text-faint transition-transform', open && 'rotate-180')}
        />
      </button>
      <div id={id} hidden={!open} className="px-4 pt-1.5 pb-4 pl-9 sm:px-5 sm:pl-10">
        {open && (
          <Acts message={message} name={name} onMark={mark} marking={isPending} nowMs={nowMs} />
        )}
      </div>
    </li>
  );
}

function Acts({
  message,
  name,
  onMark,
  marking,
  nowMs,
}: {
  readonly message: Message;
  readonly name: string;
  readonly onMark: (read: boolean) => void;
  readonly marking: boolean;
  readonly nowMs: number;
}) {
  const zone = useClient(message.client_id).data?.zone ?? 'UTC';
  const remove = useChange('DELETE /api/clients/{client_id}/messages/{message_id}', { refreshes });
  const confirm = useConfirm();
  const toasts = useToasts();
  const read = message.read_at !== null;
  const drop = async () => {
    const sure = await confirm({
      title: texts.messages.deleteTitle,
      text: texts.messages.deleteText,
      action: texts.ui.delete,
      danger: true,
    });
    if (!sure) return;
    try {
      await remove.mutateAsync({
        params: { client_id: message.client_id, message_id: message.id },
      });
      toasts.done(texts.messages.deleted);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <>
      <p className="mb-3 text-xs text-faint">
        {[
          message.phone && formatPhone(message.phone),
          formatMoment(message.created_at, zone, nowMs),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {message.has_audio && (
        <audio
          controls
          preload="none"
          aria-label={texts.callers.audio}
          className="mb-3 h-9 w-full max-w-md"
          src={`/api/clients/${message.client_id}/messages/${message.id}/audio`}
        />
      )}
      <div role="group" aria-label={texts.messages.from(name)} className="flex flex-wrap gap-2">
        {message.phone && (
          <LinkButton
            look="primary"
            size="small"
            icon={Phone}
            href={`tel:${message.phone}`}
            external
          >
            {texts.messages.callBack(formatPhone(message.phone))}
          </LinkButton>
        )}
        {message.conversation_id && (
          <LinkButton
            size="small"
            icon={MessagesSquare}
            href={`/app/clients/${message.client_id}/conversations/${message.conversation_id}`}
          >
            {texts.messages.conversation}
          </LinkButton>
        )}
        <Button
          size="small"
          icon={read ? Mail : MailOpen}
          pending={marking}
          onClick={() => onMark(!read)}
        >
          {read ? texts.messages.markUnread : texts.messages.markRead}
        </Button>
        <Button
          size="small"
          look="quiet-danger"
          icon={Trash2}
          pending={remove.isPending}
          onClick={() => void drop()}
        >
          {texts.ui.delete}
        </Button>
      </div>
    </>
  );
}

function useMark({ client_id: clientId, id }: Message) {
  const change = useChange('PATCH /api/clients/{client_id}/messages/{message_id}', { refreshes });
  const toasts = useToasts();
  const mark = (read: boolean) =>
    change.mutate(
      { params: { client_id: clientId, message_id: id }, body: { read } },
      { onError: (error) => toasts.failed(error) },
    );
  return { mark, isPending: change.isPending };
}
