// When the business is open: the week, and days that are different.

import { CopyCheck, Plus, Trash2 } from 'lucide-react';
import type { Client } from '../../lib/clients.ts';
import type { Form } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';
import { RangesEditor, usualRange } from './ranges-editor.tsx';
import type { Range } from './ranges-editor.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { settings } = texts;
const days = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

type Week = Record<(typeof days)[number], Range[]>;
interface Hours {
  readonly opening_hours: Week;
  readonly holidays: Client['holidays'];
}
type HoursForm = Form<Hours>;

function read(client: Client): Hours {
  const week = days.map((day) => [day, client.opening_hours[day] ?? []]);
  return { opening_hours: Object.fromEntries(week) as Week, holidays: client.holidays };
}

export function HoursSection(props: SectionProps) {
  return (
    <SettingsForm<Hours> {...props} read={read}>
      {(form) => (
        <>
          <WeekCard form={form} />
          {!props.step && <HolidaysCard form={form} />}
        </>
      )}
    </SettingsForm>
  );
}

function WeekCard({ form }: { readonly form: HoursForm }) {
  const week = form.values.opening_hours;
  const set = (changes: Partial<Week>) => form.set('opening_hours', { ...week, ...changes });
  const copy = () =>
    set(Object.fromEntries(days.slice(1, 5).map((day) => [day, week.monday])) as Partial<Week>);
  const error = form.fault('opening_hours');
  return (
    <Card
      flush
      title={settings.hours}
      description={settings.hoursHint}
      action={
        <Button size="small" icon={CopyCheck} onClick={copy}>
          {settings.copyDay}
        </Button>
      }
    >
      <ul className="divide-y divide-line">
        {days.map((day) => {
          const name = settings.days[day];
          const ranges = week[day];
          return (
            <li
              key={day}
              className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 sm:px-5"
            >
              <label className="flex w-36 items-center gap-2.5 text-sm font-medium">
                <input
                  type="checkbox"
                  aria-label={settings.open(name)}
                  className="size-4 accent-accent"
                  checked={ranges.length > 0}
                  onChange={(event) => set({ [day]: event.target.checked ? [usualRange] : [] })}
                />
                {name}
              </label>
              {ranges.length === 0 ? (
                <span className="text-sm text-faint">{settings.closed}</span>
              ) : (
                <RangesEditor
                  day={name}
                  ranges={ranges}
                  onChange={(next) => set({ [day]: next })}
                />
              )}
            </li>
          );
        })}
      </ul>
      {error && (
        <div className="px-4 pb-4 sm:px-5">
          <FieldError>{error}</FieldError>
        </div>
      )}
    </Card>
  );
}

function HolidaysCard({ form }: { readonly form: HoursForm }) {
  const { holidays } = form.values;
  const change = (place: number, part: Partial<Hours['holidays'][number]>) =>
    form.set(
      'holidays',
      holidays.map((each, at) => (at === place ? { ...each, ...part } : each)),
    );
  const error = form.fault('holidays');
  return (
    <Card
      flush
      title={settings.holidays}
      description={settings.holidaysHint}
      action={
        <Button
          size="small"
          icon={Plus}
          onClick={() => form.set('holidays', [...holidays, { date: '', name: '', hours: [] }])}
        >
          {settings.addHoliday}
        </Button>
      }
    >
      {holidays.length === 0 && (
        <p className="px-4 py-4 text-sm text-faint sm:px-5">{settings.holidaysNone}</p>
      )}
      <ul className="divide-y divide-line">
        {holidays.map((holiday, place) => {
          const name = holiday.name || settings.thisDay;
          return (
            // A day that is being typed has no key of its own yet.
            // oxlint-disable-next-line react/no-array-index-key
            <li
              key={place}
              className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3 sm:px-5"
            >
              <Field label={settings.holidayDate} hideLabel className="w-38">
                {(control) => (
                  <Input
                    {...control}
                    type="date"
                    className="numbers"
                    value={holiday.date}
                    onChange={(event) => change(place, { date: event.target.value })}
                  />
                )}
              </Field>
              <Field label={settings.holidayName} hideLabel className="min-w-32 flex-1">
                {(control) => (
                  <Input
                    {...control}
                    placeholder={settings.holidayName}
                    value={holiday.name}
                    onChange={(event) => change(place, { name: event.target.value })}
                  />
                )}
              </Field>
              <label className="flex items-center gap-2 text-sm text-muted">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={holiday.hours.length === 0}
                  onChange={(event) =>
                    change(place, { hours: event.target.checked ? [] : [usualRange] })
                  }
                />
                {settings.closed}
              </label>
              {holiday.hours.length > 0 && (
                <RangesEditor
                  day={name}
                  ranges={holiday.hours}
                  onChange={(hours) => change(place, { hours })}
                />
              )}
              <IconButton
                icon={Trash2}
                size="small"
                label={settings.removeHoliday(name)}
                onClick={() =>
                  form.set(
                    'holidays',
                    holidays.filter((_, at) => at !== place),
                  )
                }
              />
            </li>
          );
        })}
      </ul>
      {error && (
        <div className="px-4 pb-4 sm:px-5">
          <FieldError>{error}</FieldError>
        </div>
      )}
    </Card>
  );
}
