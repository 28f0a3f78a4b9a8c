// What may be booked: how long, how soon, how far ahead.

import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { settings } = texts;

const fields = [
  {
    name: 'slot_minutes',
    label: settings.slot,
    hint: settings.slotHint,
    min: 5,
    max: 480,
    step: 5,
  },
  {
    name: 'lead_minutes',
    label: settings.lead,
    hint: settings.leadHint,
    min: 0,
    max: 43_200,
    step: 15,
  },
  {
    name: 'buffer_before_minutes',
    label: settings.bufferBefore,
    hint: settings.bufferHint,
    min: 0,
    max: 240,
    step: 5,
  },
  {
    name: 'buffer_after_minutes',
    label: settings.bufferAfter,
    hint: settings.bufferHint,
    min: 0,
    max: 240,
    step: 5,
  },
  {
    name: 'horizon_days',
    label: settings.horizon,
    hint: settings.horizonHint,
    min: 1,
    max: 366,
    step: 1,
  },
] as const;

export function BookingSection(props: SectionProps) {
  return (
    <SettingsForm
      {...props}
      read={(client: Client) => ({
        slot_minutes: client.slot_minutes,
        lead_minutes: client.lead_minutes,
        buffer_before_minutes: client.buffer_before_minutes,
        buffer_after_minutes: client.buffer_after_minutes,
        horizon_days: client.horizon_days,
      })}
    >
      {(form) => (
        <Card>
          <div className="grid gap-5 sm:grid-cols-2">
            {fields.map(({ name, ...field }) => (
              <NumberField
                key={name}
                {...field}
                value={form.values[name]}
                error={form.fault(name)}
                onChange={(value) => form.set(name, value ?? 0)}
              />
            ))}
          </div>
        </Card>
      )}
    </SettingsForm>
  );
}
