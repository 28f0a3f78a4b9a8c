// When the owner is told, and where.

import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { Field, Select } from '../../ui/field.tsx';
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

/** In place of a number: null is what the server goes by on its own, 0 is no alert. */
const ways = ['usual', 'own', 'never'] as const;
type Way = (typeof ways)[number];
const OWN_SECONDS = 1800;
const valueOf: Readonly<Record<Way, number | null>> = { usual: null, own: OWN_SECONDS, never: 0 };

function wayOf(seconds: number | null): Way {
  if (seconds === null) return 'usual';
  return seconds === 0 ? 'never' : 'own';
}

function Alerts(props: SectionProps) {
  return (
    <SettingsForm
      {...props}
      read={(client: Client) => ({ alert_below_seconds: client.alert_below_seconds })}
    >
      {(form) => {
        const { alert_below_seconds: seconds } = form.values;
        const way = wayOf(seconds);
        return (
          <Card>
            <div className="space-y-5">
              <Field
                label={settings.alertWhen}
                hint={`${way === 'usual' ? `${settings.alertUsualHint} ` : ''}${settings.alertWhenHint}`}
              >
                {(control) => (
                  <Select
                    {...control}
                    value={way}
                    options={[
                      { value: 'usual', label: settings.alertUsual },
                      { value: 'own', label: settings.alertOwn },
                      { value: 'never', label: settings.alertNever },
                    ]}
                    onChange={(event) =>
                      form.set('alert_below_seconds', valueOf[event.target.value as Way])
                    }
                  />
                )}
              </Field>
              {way === 'own' && seconds !== null && (
                <NumberField
                  label={settings.alertBelow}
                  hint={settings.alertBelowHint}
                  error={form.fault('alert_below_seconds')}
                  value={Math.round(seconds / 60)}
                  min={1}
                  onChange={(minutes) =>
                    form.set('alert_below_seconds', Math.max(1, minutes ?? 1) * 60)
                  }
                />
              )}
            </div>
          </Card>
        );
      }}
    </SettingsForm>
  );
}
