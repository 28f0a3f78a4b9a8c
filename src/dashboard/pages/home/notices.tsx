// What the owner should know: alerts that nobody has read yet.

import { Check, CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { Link } from 'wouter';
import { useChange, useRead } from '../../lib/api.ts';
import { useClients } from '../../lib/clients.ts';
import { formatAgo } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useToasts } from '../../ui/toasts.tsx';

const { line } = texts;
const LIST = 'GET /api/notices';
const SHOWN_MAX = 5;
const signs = {
  info: { icon: Info, ink: 'text-faint' },
  warning: { icon: TriangleAlert, ink: 'text-warn' },
  error: { icon: CircleAlert, ink: 'text-bad' },
} as const;

/** Nothing, where there is nothing to know. */
export function Notices() {
  const notices = useRead(LIST, { query: { unread: true, limit: SHOWN_MAX } }, { everyMs: 60_000 });
  const mark = useChange('PATCH /api/notices/{notice_id}', { refreshes: [LIST] });
  const markAll = useChange('POST /api/notices/read-all', { refreshes: [LIST] });
  const { clients = [] } = useClients();
  const toasts = useToasts();
  const nowMs = useNow(60_000);
  const listed = notices.data ?? [];
  if (listed.length === 0) return null;
  return (
    <Card
      flush
      title={line.notices}
      action={
        <Button
          look="quiet"
          size="small"
          pending={markAll.isPending}
          onClick={() => markAll.mutate({}, { onError: toasts.failed })}
        >
          {line.noticesReadAll}
        </Button>
      }
    >
      <ul className="divide-y divide-line">
        {listed.map(({ id, client_id: clientId, severity, text, data, created_at: at }) => {
          const { icon: Icon, ink } = signs[severity];
          const about = clients.length > 1 && clients.find((each) => each.id === clientId)?.name;
          const call = data['conversation_id'];
          const delivery = data['delivery_id'];
          return (
            <li key={id} className="flex items-start gap-3 px-4 py-2.5 text-sm sm:px-5">
              <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${ink}`} />
              <p className="min-w-0 flex-1">
                {about && <span className="font-medium">{about}: </span>}
                {text}{' '}
                {typeof call === 'string' && (
                  <>
                    <Link
                      href={`/app/clients/${clientId}/conversations/${call}`}
                      className="text-accent-text underline"
                    >
                      {line.noticeCall}
                    </Link>{' '}
                  </>
                )}
                {typeof delivery === 'string' && (
                  <>
                    <Link
                      href={`/app/clients/${clientId}/deliveries?delivery=${delivery}`}
                      className="text-accent-text underline"
                    >
                      {line.noticeDelivery}
                    </Link>{' '}
                  </>
                )}
                <span className="text-xs whitespace-nowrap text-faint">{formatAgo(at, nowMs)}</span>
              </p>
              <IconButton
                icon={Check}
                size="small"
                label={line.noticeRead}
                pending={mark.isPending && mark.variables.params.notice_id === id}
                onClick={() =>
                  mark.mutate(
                    { params: { notice_id: id }, body: { read: true } },
                    { onError: toasts.failed },
                  )
                }
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
