// One appointment: who, when, why; and moving or cancelling it.

import { useId, useState } from 'react';
import type { ReactNode, SyntheticEvent } from 'react';
import { CalendarClock, CalendarX2 } from 'lucide-react';
import { Link } from 'wouter';
import { useChange } from '../../lib/api.ts';
import type { ReadName } from '../../lib/api.ts';
import { explain } from '../../lib/failures.ts';
import { formatDay, formatPhone, formatTime } from '../../lib/format.ts';
import { useStillHere } from '../../lib/use-still-here.ts';
import { clockText, dayAt, minuteOfDay, momentOf } from '../../lib/zoned.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { Booking, CalendarDays } from './calendar-page.tsx';

const { calendar } = texts;
const refreshes: readonly ReadName[] = [
  'GET /api/clients/{client_id}/calendar/days',
  'GET /api/clients/{client_id}/bookings',
  'GET /api/overview',
];
const tones: Readonly<Record<Booking['status'], Tone>> = {
  confirmed: 'good',
  held: 'warn',
  cancelled: 'neutral',
};

export interface BookingDialogProps {
  readonly clientId: string;
  readonly booking: Booking;
  readonly zone: string;
  readonly resources: CalendarDays['resources'];
  readonly onClose: () => void;
}

export function BookingDialog(props: BookingDialogProps) {
  const [doing, setDoing] = useState<'looking' | 'moving' | 'cancelling'>('looking');
  const back = () => setDoing('looking');
  if (doing === 'moving') return <MoveDialog {...props} onBack={back} />;
  if (doing === 'cancelling') return <CancelDialog {...props} onBack={back} />;
  const { clientId, booking, zone, resources, onClose } = props;
  const { status, phone, reason, conversation_id: conversationId } = booking;
  const resource = resources.find(({ number }) => number === booking.resource);
  const starts = Date.parse(booking.starts_at);
  const promised = status === 'held' && booking.waiting;
  return (
    <Dialog
      title={booking.name || texts.calls.unknownCaller}
      onClose={onClose}
      footer={
        (status === 'confirmed' || promised) && (
          <>
            <Button icon={CalendarX2} onClick={() => setDoing('cancelling')}>
              {calendar.cancel}
            </Button>
            {!promised && (
              <Button look="primary" icon={CalendarClock} onClick={() => setDoing('moving')}>
                {calendar.move}
              </Button>
            )}
          </>
        )
      }
    >
      <dl className="space-y-2 pb-3 text-sm">
        <Line label={calendar.at}>
          {formatDay(dayAt(starts, zone))}
          <br />
          <span className="numbers">
            {formatTime(booking.starts_at, zone)} – {formatTime(booking.ends_at, zone)}
          </span>
        </Line>
        <Line label={calendar.status}>
          <Badge tone={tones[status]}>
            {promised ? calendar.promised : calendar.statuses[status]}
          </Badge>
        </Line>
        {phone && <Line label={calendar.phone}>{formatPhone(phone)}</Line>}
        {reason && <Line label={calendar.reason}>{reason}</Line>}
        {resources.length > 1 && resource && <Line label={calendar.place}>{resource.name}</Line>}
        {conversationId && (
          <Line label={texts.conversations.transcript}>
            <Link
              href={`/app/clients/${clientId}/conversations/${conversationId}`}
              className="text-accent-text hover:underline"
            >
              {texts.live.toConversation}
            </Link>
          </Line>
        )}
      </dl>
      {status === 'held' && (
        <p className="pb-3 text-xs text-faint">
          {promised ? calendar.promisedHint : calendar.heldHint}
        </p>
      )}
    </Dialog>
  );
}

function Line({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="flex gap-4">
      <dt className="w-24 shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 flex-1">{children}</dd>
    </div>
  );
}

interface StepProps extends BookingDialogProps {
  readonly onBack: () => void;
}

function MoveDialog({ clientId, booking, zone, onClose, onBack }: StepProps) {
  const id = useId();
  const starts = Date.parse(booking.starts_at);
  const [date, setDate] = useState(dayAt(starts, zone));
  const [time, setTime] = useState(clockText(minuteOfDay(starts, zone)));
  const move = useChange('PATCH /api/clients/{client_id}/bookings/{booking_id}', { refreshes });
  const toasts = useToasts();
  const isStillHere = useStillHere();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    const at = new Date(momentOf(date, hour * 60 + minute, zone)).toISOString();
    const params = { client_id: clientId, booking_id: booking.id };
    // A refusal is shown below the fields.
    const moved = await move
      .mutateAsync({ params, body: { starts_at: at } })
      .catch(() => undefined);
    if (!moved) return;
    toasts.done(calendar.moved);
    if (isStillHere()) onClose();
  };
  return (
    <Dialog
      title={calendar.moveTitle}
      description={calendar.moveHint}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onBack}>{texts.settings.back}</Button>
          <Button
            type="submit"
            form={id}
            look="primary"
            pending={move.isPending}
            disabled={date === '' || time === ''}
          >
            {calendar.move}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="grid grid-cols-2 gap-4 pb-2"
        onSubmit={(event) => void submit(event)}
      >
        <Field label={calendar.date}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={date}
              onChange={(event) => setDate(event.target.value)}
            />
          )}
        </Field>
        <Field label={calendar.time}>
          {(control) => (
            <Input
              {...control}
              type="time"
              value={time}
              onChange={(event) => setTime(event.target.value)}
            />
          )}
        </Field>
        {move.isError && (
          <div className="col-span-2">
            <FieldError>{explain(move.error)}</FieldError>
          </div>
        )}
      </form>
    </Dialog>
  );
}

function CancelDialog({ clientId, booking, onClose, onBack }: StepProps) {
  const cancel = useChange('DELETE /api/clients/{client_id}/bookings/{booking_id}', { refreshes });
  const toasts = useToasts();
  const isStillHere = useStillHere();
  const act = async () => {
    const params = { client_id: clientId, booking_id: booking.id };
    const done = await cancel.mutateAsync({ params }).catch(() => undefined);
    if (!done) return;
    toasts.done(calendar.cancelled);
    if (isStillHere()) onClose();
  };
  return (
    <Dialog
      title={calendar.cancelQuestion(booking.name)}
      description={booking.status === 'held' ? calendar.cancelPromisedText : calendar.cancelText}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onBack}>{calendar.keep}</Button>
          <Button look="danger" pending={cancel.isPending} onClick={() => void act()}>
            {calendar.cancel}
          </Button>
        </>
      }
    >
      {cancel.isError && <FieldError>{explain(cancel.error)}</FieldError>}
    </Dialog>
  );
}
