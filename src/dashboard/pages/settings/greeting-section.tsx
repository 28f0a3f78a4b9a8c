// What callers hear first, and what the receptionist is told about the business.

import type { Client } from '../../lib/clients.ts';
import { usePreview } from '../../lib/use-preview.ts';
import { explain } from '../../lib/failures.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, TextArea } from '../../ui/field.tsx';
import { HearButton } from '../../ui/hear-button.tsx';
import { SettingsForm } from './settings-form.tsx';
import { useLanguages, wordsIn } from './language-field.tsx';
import type { SectionProps } from './settings-form.tsx';

const { settings } = texts;

export function GreetingSection(props: SectionProps) {
  const preview = usePreview(props.client.id);
  const { name, language } = props.client;
  // As the server says it: a full stop follows the name.
  const usual = wordsIn(useLanguages(), language)?.greeting.replace(
    '{name}',
    name.replace(/\.$/, ''),
  );
  return (
    <SettingsForm
      {...props}
      read={(client: Client) => ({
        initial_greeting: client.initial_greeting,
        disclosure: client.disclosure,
        system_prompt: client.system_prompt,
      })}
    >
      {(form) => {
        const { initial_greeting, disclosure } = form.values;
        return (
          <>
            <Card>
              <div className="space-y-5">
                <Field
                  label={settings.greeting}
                  hint={settings.greetingHint}
                  error={form.fault('initial_greeting')}
                >
                  {(control) => (
                    <TextArea
                      {...control}
                      rows={2}
                      placeholder={usual}
                      value={initial_greeting}
                      onChange={(event) => form.set('initial_greeting', event.target.value)}
                    />
                  )}
                </Field>
                <Field
                  label={settings.disclosure}
                  hint={settings.disclosureHint}
                  error={form.fault('disclosure')}
                >
                  {(control) => (
                    <TextArea
                      {...control}
                      rows={2}
                      value={disclosure}
                      onChange={(event) => form.set('disclosure', event.target.value)}
                    />
                  )}
                </Field>
                <div>
                  <HearButton
                    label={settings.hearGreeting}
                    state={
                      preview.playing === undefined
                        ? 'idle'
                        : preview.isLoading
                          ? 'loading'
                          : 'playing'
                    }
                    onPlay={() => preview.play('greeting', { initial_greeting, disclosure })}
                    onStop={() => preview.stop()}
                  />
                  {preview.error !== undefined && <FieldError>{explain(preview.error)}</FieldError>}
                </div>
              </div>
            </Card>
            <Card>
              <Field
                label={settings.prompt}
                hint={settings.promptHint}
                error={form.fault('system_prompt')}
              >
                {(control) => (
                  <TextArea
                    {...control}
                    rows={props.step ? 6 : 14}
                    placeholder={settings.promptExample}
                    value={form.values.system_prompt}
                    onChange={(event) => form.set('system_prompt', event.target.value)}
                  />
                )}
              </Field>
            </Card>
          </>
        );
      }}
    </SettingsForm>
  );
}
