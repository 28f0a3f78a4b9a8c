// Name, number, zone, limits; and the end of a client.

import { useLocation } from 'wouter';
import { useChange } from '../../lib/api.ts';
import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { NumberField as Count } from '../../ui/number-field.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { Carrier, NumberField } from './number-section.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';
import { LanguageField } from './language-field.tsx';
import { ZoneField } from './zone-field.tsx';

const { settings } = texts;

export function GeneralSection(props: SectionProps) {
  return (
    <div className="space-y-5">
      <SettingsForm
        {...props}
        read={(client: Client) => ({
          name: client.name,
          is_active: client.is_active,
          phone_number: client.phone_number,
          zone: client.zone,
          language: client.language,
          concurrency_max: client.concurrency_max,
          call_seconds_max: client.call_seconds_max,
        })}
      >
        {(form) => (
          <>
            <Card>
              <div className="space-y-5">
                <Field label={settings.name} hint={settings.nameHint} error={form.fault('name')}>
                  {(control) => (
                    <Input
                      {...control}
                      value={form.values.name}
                      onChange={(event) => form.set('name', event.target.value)}
                    />
                  )}
                </Field>
                <NumberField
                  value={form.values.phone_number}
                  error={form.fault('phone_number')}
                  onChange={(number) => form.set('phone_number', number)}
                />
                <Switch
                  label={settings.active}
                  hint={settings.activeHint}
                  checked={form.values.is_active}
                  onChange={(active) => form.set('is_active', active)}
                />
              </div>
            </Card>
            <Card>
              <div className="grid gap-5 sm:grid-cols-2">
                <ZoneField
                  value={form.values.zone}
                  error={form.fault('zone')}
                  onChange={(zone) => form.set('zone', zone)}
                />
                <LanguageField
                  value={form.values.language}
                  error={form.fault('language')}
                  onChange={(language) => form.set('language', language)}
                />
                <Count
                  label={settings.concurrency}
                  error={form.fault('concurrency_max')}
                  value={form.values.concurrency_max}
                  min={1}
                  onChange={(count) => form.set('concurrency_max', count ?? 1)}
                />
                <Count
                  label={settings.callMinutes}
                  error={form.fault('call_seconds_max')}
                  value={Math.round(form.values.call_seconds_max / 60)}
                  min={1}
                  max={240}
                  onChange={(minutes) => form.set('call_seconds_max', (minutes ?? 0) * 60)}
                />
              </div>
            </Card>
          </>
        )}
      </SettingsForm>
      <Carrier />
      <Removal client={props.client} />
    </div>
  );
}

function Removal({ client }: { readonly client: Client }) {
  const remove = useChange('DELETE /api/clients/{client_id}', {
    refreshes: ['GET /api/clients', 'GET /api/overview'],
  });
  const confirm = useConfirm();
  const toasts = useToasts();
  const [, navigate] = useLocation();
  const act = async () => {
    const sure = await confirm({
      title: settings.removeQuestion(client.name),
      text: settings.removeText,
      action: texts.ui.delete,
      danger: true,
    });
    if (!sure) return;
    try {
      await remove.mutateAsync({ params: { client_id: client.id } });
      toasts.done(settings.removed);
      navigate('/app/clients');
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <Card
      title={settings.remove}
      description={settings.removeText}
      action={
        <Button look="danger" pending={remove.isPending} onClick={() => void act()}>
          {texts.ui.delete}
        </Button>
      }
    />
  );
}
