// Seven days side by side, or one of them on a phone, with hours downwards.

import { classes } from '../../lib/class-names.ts';
import { formatDay, formatHour, formatTime, formatWeekday } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { minuteOfDay } from '../../lib/zoned.ts';
import { texts } from '../../texts/texts.ts';
import type { Booking, CalendarDays } from './calendar-page.tsx';
import { hoursAround, intoLanes, placeOn } from './week.ts';
import type { Lane, Placed, Span } from './week.ts';

const { calendar } = texts;
const HOUR_PX = 52;
const FIRST_HOUR_PX = 3;
/** A short appointment still shows a name. */
const SHORTEST_PX = 22;

export interface WeekGridProps {
  readonly answer: CalendarDays;
  readonly days: readonly string[];
  /** On a phone: the one day that is shown. */
  readonly shown: string | undefined;
  readonly zone: string;
  readonly today: string;
  readonly onDay: (day: string) => void;
  readonly onBooking: (booking: Booking) => void;
}

export function WeekGrid({ answer, days, shown, zone, today, onDay, onBooking }: WeekGridProps) {
  const visible = shown === undefined ? days : [shown];
  const spans: readonly Span[] = [...answer.open, ...answer.bookings];
  const { first, last } = hoursAround(
    visible.flatMap((day) => spans.flatMap((span) => placeOn(day, span, zone) ?? [])),
  );
  const hours = Array.from({ length: last - first }, (_, at) => first + at);
  const height = hours.length * HOUR_PX;
  const top = (minute: number) => ((minute - first * 60) / 60) * HOUR_PX;
  return (
    <div>
      <DayHeads
        days={days}
        shown={shown}
        today={today}
        onDay={onDay}
        has={(day) => answer.bookings.some((each) => placeOn(day, each, zone) !== undefined)}
      />
      <div
        className="grid"
        style={{ gridTemplateColumns: `3.25rem repeat(${visible.length}, minmax(0, 1fr))` }}
      >
        <div className="relative" style={{ height }} aria-hidden>
          {hours.map((hour, place) => (
            <span
              key={hour}
              className={classes(
                'numbers absolute right-2 text-2xs whitespace-nowrap text-faint',
                // The first one stands below the heads of the days, not across their edge.
                place > 0 && '-translate-y-1/2',
              )}
              style={{ top: place * HOUR_PX + (place > 0 ? 0 : FIRST_HOUR_PX) }}
            >
              {formatHour(hour)}
            </span>
          ))}
        </div>
        {visible.map((day) => (
          <Day
            key={day}
            day={day}
            answer={answer}
            zone={zone}
            height={height}
            hours={hours.length}
            top={top}
            isToday={day === today}
            onBooking={onBooking}
          />
        ))}
      </div>
    </div>
  );
}

interface DayHeadsProps {
  readonly days: readonly string[];
  readonly shown: string | undefined;
  readonly today: string;
  readonly onDay: (day: string) => void;
  readonly has: (day: string) => boolean;
}

function DayHeads({ days, shown, today, onDay, has }: DayHeadsProps) {
  return (
    <div
      className={classes(
        'grid border-b border-line',
        shown === undefined ? 'grid-cols-[3.25rem_repeat(7,minmax(0,1fr))]' : 'grid-cols-7',
      )}
    >
      {shown === undefined && <span />}
      {days.map((day) => {
        const isToday = day === today;
        const head = (
          <>
            <span className="block text-2xs text-faint">{formatWeekday(day)}</span>
            <span
              className={classes(
                'numbers mx-auto flex size-7 items-center justify-center rounded-full text-sm',
                isToday ? 'bg-accent font-semibold text-on-accent' : 'font-medium',
                shown === day && !isToday && 'bg-hover',
              )}
            >
              {Number(day.slice(8))}
            </span>
          </>
        );
        return shown === undefined ? (
          <div key={day} className="py-2 text-center">
            {head}
          </div>
        ) : (
          <button
            key={day}
            type="button"
            aria-pressed={shown === day}
            className="py-2 text-center"
            onClick={() => onDay(day)}
          >
            <span className="sr-only">{formatDay(day)}</span>
            <span aria-hidden>{head}</span>
            <span
              aria-hidden
              className={classes(
                'mx-auto mt-0.5 block size-1 rounded-full',
                has(day) && 'bg-accent',
              )}
            />
          </button>
        );
      })}
    </div>
  );
}

interface DayProps {
  readonly day: string;
  readonly answer: CalendarDays;
  readonly zone: string;
  readonly height: number;
  readonly hours: number;
  readonly top: (minute: number) => number;
  readonly isToday: boolean;
  readonly onBooking: (booking: Booking) => void;
}

function Day({ day, answer, zone, height, hours, top, isToday, onBooking }: DayProps) {
  const placed = <Item extends Span>(items: readonly Item[]) =>
    items.flatMap((item): (Placed & { item: Item })[] => {
      const at = placeOn(day, item, zone);
      return at ? [{ ...at, item }] : [];
    });
  const boxOf = ({ from, until }: Placed) => ({
    top: top(from),
    height: Math.max(SHORTEST_PX, top(until) - top(from)),
  });
  const bookings = intoLanes(placed(answer.bookings));
  return (
    <section
      aria-label={formatDay(day)}
      className="relative overflow-hidden border-l border-line bg-sunken"
      style={{ height }}
    >
      {placed(answer.open).map(({ item, ...at }) => (
        <span key={item.starts_at} className="absolute inset-x-0 bg-surface" style={boxOf(at)} />
      ))}
      {Array.from({ length: hours - 1 }, (_, at) => (
        <span
          key={at}
          className="absolute inset-x-0 h-px bg-line/70"
          style={{ top: (at + 1) * HOUR_PX }}
        />
      ))}
      {placed(answer.busy).map(({ item, ...at }) => (
        <span
          key={`${item.starts_at} ${item.resource}`}
          title={calendar.busy}
          className="absolute inset-x-0.5 overflow-hidden rounded-md bg-line px-1.5 py-0.5 text-2xs text-muted"
          style={boxOf(at)}
        >
          {calendar.busy}
        </span>
      ))}
      {bookings.map((lane) => (
        <BookingBox
          key={lane.item.id}
          lane={lane}
          zone={zone}
          box={boxOf(lane)}
          onOpen={() => onBooking(lane.item)}
        />
      ))}
      {isToday && <NowLine zone={zone} top={top} height={height} />}
    </section>
  );
}

const looks: Readonly<Record<Booking['status'], string>> = {
  confirmed:
    'bg-accent-soft text-accent-text border-l-accent hover:brightness-97 dark:hover:brightness-125',
  held: 'bg-warn-soft text-warn border-l-warn border-dashed hover:brightness-97 dark:hover:brightness-125',
  cancelled: 'bg-hover text-faint border-l-faint line-through',
};

interface BookingBoxProps {
  readonly lane: Lane<Booking>;
  readonly zone: string;
  readonly box: { readonly top: number; readonly height: number };
  readonly onOpen: () => void;
}

function BookingBox({ lane: { item, lane, lanes }, zone, box, onOpen }: BookingBoxProps) {
  const time = formatTime(item.starts_at, zone);
  return (
    <button
      type="button"
      className={classes(
        'absolute overflow-hidden rounded-md border-l-3 px-1.5 py-0.5 text-left text-xs transition',
        looks[item.status],
      )}
      style={{
        ...box,
        height: box.height - 2,
        left: `calc(${(lane / lanes) * 100}% + 2px)`,
        width: `calc(${100 / lanes}% - 4px)`,
      }}
      onClick={onOpen}
    >
      <span className="block truncate font-medium">
        {item.name || texts.calls.unknownCaller}
        {item.status !== 'confirmed' && (
          <span className="sr-only">
            ,{' '}
            {item.status === 'held' && item.waiting
              ? calendar.promised
              : calendar.statuses[item.status]}
          </span>
        )}
      </span>
      {box.height > 34 && <span className="numbers block truncate">{time}</span>}
      {box.height <= 34 && <span className="sr-only">, {time}</span>}
    </button>
  );
}

function NowLine({
  zone,
  top,
  height,
}: {
  readonly zone: string;
  readonly top: (minute: number) => number;
  readonly height: number;
}) {
  const at = top(minuteOfDay(useNow(30_000), zone));
  if (at < 0 || at > height) return null;
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute inset-x-0 z-10 h-0.5 bg-bad-fill before:absolute before:-top-[3px] before:-left-1 before:size-2 before:rounded-full before:bg-bad-fill"
      style={{ top: at }}
    />
  );
}
