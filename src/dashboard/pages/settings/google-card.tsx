// The connection to Google Calendar: by its window or by a service account, the calendars, and the end of it.

import { CalendarPlus, Unplug, Upload } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import { now } from '../../lib/clock.ts';
import { formatMoment } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Notice } from '../../ui/notice.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { calendarReads, STATUS } from './calendar-reads.ts';
import type { CalendarStatus } from './calendar-reads.ts';
import { CalendarsForm } from './calendars-form.tsx';
import { useConnect } from './use-connect.ts';

const { calendar } = texts;

export interface GoogleCardProps {
  readonly clientId: string;
  readonly zone: string;
}

export function GoogleCard({ clientId, zone }: GoogleCardProps) {
  const status = useRead(STATUS, { params: { client_id: clientId } });
  return (
    <QueryView query={status}>
      {(answer) => (
        <>
          <Card
            title={calendar.google}
            description={calendar.googleHint}
            action={<State answer={answer} />}
          >
            {answer.fault && (
              <Notice tone="bad" className="mb-4">
                {answer.fault}
              </Notice>
            )}
            {answer.state === 'broken' && (
              <Notice tone="bad" className="mb-4">
                {calendar.brokenHint}
              </Notice>
            )}
            {answer.state === 'not_connected' ? (
              <Connect clientId={clientId} answer={answer} />
            ) : (
              <Connected clientId={clientId} answer={answer} zone={zone} />
            )}
          </Card>
          {(answer.state === 'connected' || answer.state === 'choose') && (
            <CalendarsForm
              key={`${answer.account} ${answer.calendar?.id}`}
              clientId={clientId}
              status={answer}
            />
          )}
        </>
      )}
    </QueryView>
  );
}

function State({ answer: { state } }: { readonly answer: CalendarStatus }) {
  const tone =
    state === 'connected'
      ? 'good'
      : state === 'not_connected'
        ? 'neutral'
        : state === 'broken'
          ? 'bad'
          : 'warn';
  return <Badge tone={tone}>{calendar.states[state]}</Badge>;
}

function Connect({
  clientId,
  answer,
}: {
  readonly clientId: string;
  readonly answer: CalendarStatus;
}) {
  const { isConnecting, connect } = useConnect(clientId);
  const upload = useChange('POST /api/clients/{client_id}/calendar/service-account', {
    refreshes: calendarReads,
  });
  const toasts = useToasts();
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      await upload.mutateAsync({
        params: { client_id: clientId },
        body: { service_account_json: await file.text() },
      });
      toasts.done(calendar.nowConnected);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <div className="space-y-5">
      <div>
        <Button look="primary" icon={CalendarPlus} pending={isConnecting} onClick={connect}>
          {isConnecting ? calendar.connecting : calendar.connect}
        </Button>
        {answer.fallback_available && answer.fallback_account && (
          <p className="mt-2 text-xs text-faint">{calendar.shared(answer.fallback_account)}</p>
        )}
      </div>
      <details className="text-sm">
        <summary className="text-muted hover:text-ink">{calendar.serviceAccount}</summary>
        <p className="mt-2 text-muted">{calendar.serviceAccountHint}</p>
        <label className="mt-3 inline-flex h-9 items-center gap-2 rounded-lg border border-line-strong bg-surface px-3.5 font-medium shadow-card focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:bg-hover">
          {upload.isPending ? <Spinner /> : <Upload size={16} aria-hidden />}
          {calendar.upload}
          <input
            type="file"
            accept="application/json,.json"
            aria-label={calendar.serviceAccountFile}
            className="sr-only"
            disabled={upload.isPending}
            onChange={(event) => {
              void take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </label>
      </details>
    </div>
  );
}

function Connected({
  clientId,
  answer,
  zone,
}: GoogleCardProps & { readonly answer: CalendarStatus }) {
  const { isConnecting, connect } = useConnect(clientId);
  const disconnect = useChange('DELETE /api/clients/{client_id}/calendar/credentials', {
    refreshes: calendarReads,
  });
  const confirm = useConfirm();
  const toasts = useToasts();
  const leave = async () => {
    const sure = await confirm({
      title: calendar.disconnectQuestion,
      text: calendar.disconnectText,
      action: calendar.disconnect,
      danger: true,
    });
    if (!sure) return;
    try {
      await disconnect.mutateAsync({ params: { client_id: clientId } });
      toasts.done(calendar.disconnected);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <div className="space-y-4">
      <dl className="space-y-1.5 text-sm">
        {answer.account && (
          <div className="flex gap-4">
            <dt className="w-28 shrink-0 text-muted">{calendar.account}</dt>
            <dd className="min-w-0 wrap-anywhere">{answer.account}</dd>
          </div>
        )}
        {answer.synced_at && (
          <div className="flex gap-4">
            <dt className="w-28 shrink-0 text-muted">{calendar.synced}</dt>
            <dd className="numbers">{formatMoment(answer.synced_at, zone, now())}</dd>
          </div>
        )}
      </dl>
      {answer.waiting_bookings > 0 && (
        <Notice tone="warn">{calendar.waiting(answer.waiting_bookings)}</Notice>
      )}
      <div className="flex flex-wrap gap-2">
        {answer.state === 'broken' && (
          <Button look="primary" icon={CalendarPlus} pending={isConnecting} onClick={connect}>
            {isConnecting ? calendar.connecting : calendar.connectAgain}
          </Button>
        )}
        {answer.has_credentials && (
          <Button icon={Unplug} pending={disconnect.isPending} onClick={() => void leave()}>
            {calendar.disconnect}
          </Button>
        )}
      </div>
    </div>
  );
}
