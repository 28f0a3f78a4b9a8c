// When the owner is told, and where.

import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';
import { WebhookCard } from './webhook-card.tsx';

const { settings } = texts;

export function AlertsSection(props: SectionProps) {
  return (
    <div className="space-y-5">
      <Alerts {...props} />
      <WebhookCard clientId={props.client.id} />
    </div>
  );
}

function Alerts(props: SectionProps) {
  return (
    <SettingsForm
      {...props}
      read={(client: Client) => ({
        alert_below_seconds: client.alert_below_seconds,
        alert_email: client.alert_email,
      })}
    >
      {(form) => {
        const { alert_below_seconds: seconds, alert_email: address } = form.values;
        return (
          <Card>
            <div className="space-y-5">
              <NumberField
                optional
                label={settings.alertBelow}
                hint={settings.alertBelowHint}
                error={form.fault('alert_below_seconds')}
                value={seconds === null ? null : Math.round(seconds / 60)}
                min={0}
                onChange={(minutes) =>
                  form.set('alert_below_seconds', minutes === null ? null : minutes * 60)
                }
              />
              <Field
                label={settings.alertEmail}
                hint={settings.alertEmailHint}
                note={texts.ui.optional}
                error={form.fault('alert_email')}
              >
                {(control) => (
                  <Input
                    {...control}
                    type="email"
                    value={address ?? ''}
                    onChange={(event) => form.set('alert_email', event.target.value || null)}
                  />
                )}
              </Field>
            </div>
          </Card>
        );
      }}
    </SettingsForm>
  );
}
