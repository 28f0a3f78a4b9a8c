// The phone number of a client, and how its carrier is pointed at this server.

import { useRead } from '../../lib/api.ts';
import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

/** The step of the set-up. */
export function NumberSection(props: SectionProps) {
  return (
    <SettingsForm {...props} read={(client: Client) => ({ phone_number: client.phone_number })}>
      {(form) => (
        <>
          <Card>
            <NumberField
              value={form.values.phone_number}
              error={form.fault('phone_number')}
              onChange={(number) => form.set('phone_number', number)}
            />
          </Card>
          <Carrier />
        </>
      )}
    </SettingsForm>
  );
}

export function NumberField({
  value,
  error,
  onChange,
}: {
  readonly value: string | null;
  readonly error: string | undefined;
  readonly onChange: (number: string | null) => void;
}) {
  return (
    <Field label={texts.settings.number} hint={texts.settings.numberHint} error={error}>
      {(control) => (
        <Input
          {...control}
          type="tel"
          autoComplete="off"
          placeholder="+12025550123"
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
        />
      )}
    </Field>
  );
}

export function Carrier() {
  const { data: ways } = useRead('GET /auth/ways', {}, { freshMs: Infinity });
  return (
    <Card title={texts.settings.numberSteps}>
      {ways?.demo && <Notice className="mb-4">{texts.settings.numberSandbox}</Notice>}
      <ol className="list-decimal space-y-2.5 pl-5 text-sm text-muted marker:text-faint">
        <li>{texts.settings.numberStep1}</li>
        <li>
          <p className="mb-1.5">{texts.settings.numberStep2}</p>
          <CopyLine text={`${location.origin}/voice`} />
        </li>
        <li>
          <p className="mb-1.5">{texts.settings.numberStep3}</p>
          <CopyLine text={`${location.origin}/voice/status`} />
        </li>
        <li>
          <p className="mb-1.5">{texts.settings.numberStepTexts}</p>
          <CopyLine text={`${location.origin}/sms`} />
        </li>
        <li>{texts.settings.numberStep4}</li>
      </ol>
    </Card>
  );
}
