// Whether calls are recorded, what callers are told of it, and how long recordings are kept.

import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useLanguages, wordsIn } from './language-field.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { settings } = texts;

export function RecordingSection(props: SectionProps) {
  const usual = wordsIn(useLanguages(), props.client.language)?.recording_notice;
  return (
    <SettingsForm
      {...props}
      read={(client: Client) => ({
        recording_enabled: client.recording_enabled,
        recording_notice: client.recording_notice,
        recording_days: client.recording_days,
      })}
    >
      {(form) => (
        <Card>
          <div className="space-y-5">
            <Switch
              label={settings.recording}
              hint={settings.recordingHint}
              checked={form.values.recording_enabled}
              onChange={(on) => form.set('recording_enabled', on)}
            />
            <Field
              label={settings.recordingNotice}
              hint={settings.recordingNoticeHint}
              error={form.fault('recording_notice') ?? form.fault('recording_enabled')}
            >
              {(control) => (
                <TextArea
                  {...control}
                  rows={2}
                  placeholder={usual}
                  value={form.values.recording_notice}
                  onChange={(event) => form.set('recording_notice', event.target.value)}
                />
              )}
            </Field>
            <NumberField
              label={settings.recordingDays}
              hint={settings.recordingDaysHint}
              error={form.fault('recording_days')}
              value={form.values.recording_days}
              min={1}
              max={3650}
              onChange={(days) => form.set('recording_days', days ?? 0)}
            />
          </div>
        </Card>
      )}
    </SettingsForm>
  );
}
