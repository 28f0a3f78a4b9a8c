// The choice of a time zone, from those the browser knows.

import { texts } from '../../texts/texts.ts';
import { Field, Select } from '../../ui/field.tsx';

const known = Intl.supportedValuesOf('timeZone');

export function ZoneField({
  value,
  error,
  onChange,
}: {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (zone: string) => void;
}) {
  // A stored one may have an older name.
  const zones = known.includes(value) ? known : [value, ...known];
  return (
    <Field label={texts.settings.zone} hint={texts.settings.zoneHint} error={error}>
      {(control) => (
        <Select
          {...control}
          value={value}
          options={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
