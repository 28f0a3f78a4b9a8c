// How the receptionist holds a conversation: its patience, thinking ahead, noise, and how words are heard and said.

import { Plus, Trash2 } from 'lucide-react';
import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Input, Select, TextArea } from '../../ui/field.tsx';
import { Switch } from '../../ui/switch.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { line } = texts;
const patiences = (['quick', 'normal', 'patient'] as const).map((value) => ({
  value,
  label: line.patiences[value],
}));

export function MannerSection(props: SectionProps) {
  return (
    <SettingsForm
      {...props}
      read={(client: Client) => ({
        patience: client.patience,
        speculation: client.speculation,
        noise_suppression: client.noise_suppression,
        keyterms: client.keyterms,
        pronunciations: client.pronunciations,
      })}
    >
      {(form) => {
        const words = form.values.pronunciations;
        const change = (place: number, part: Partial<(typeof words)[number]>) =>
          form.set(
            'pronunciations',
            words.map((word, at) => (at === place ? { ...word, ...part } : word)),
          );
        const fault = form.fault('pronunciations');
        return (
          <>
            <Card>
              <div className="space-y-5">
                <Field
                  label={line.patience}
                  hint={line.patienceHint}
                  error={form.fault('patience')}
                >
                  {(control) => (
                    <Select
                      {...control}
                      value={form.values.patience}
                      options={patiences}
                      onChange={(event) =>
                        form.set('patience', event.target.value as Client['patience'])
                      }
                    />
                  )}
                </Field>
                <Switch
                  label={line.speculation}
                  hint={line.speculationHint}
                  checked={form.values.speculation}
                  onChange={(on) => form.set('speculation', on)}
                />
                <Switch
                  label={line.noise}
                  hint={line.noiseHint}
                  checked={form.values.noise_suppression}
                  onChange={(on) => form.set('noise_suppression', on)}
                />
                <Field
                  label={line.keyterms}
                  hint={line.keytermsHint}
                  error={form.fault('keyterms')}
                >
                  {(control) => (
                    <TextArea
                      {...control}
                      rows={4}
                      value={form.values.keyterms.join('\n')}
                      onChange={(event) => form.set('keyterms', event.target.value.split('\n'))}
                    />
                  )}
                </Field>
              </div>
            </Card>
            <Card
              title={line.pronunciations}
              description={line.pronunciationsHint}
              action={
                <Button
                  size="small"
                  icon={Plus}
                  onClick={() =>
                    form.set('pronunciations', [...words, { written: '', spoken: '' }])
                  }
                >
                  {line.addPronunciation}
                </Button>
              }
            >
              <ul className="space-y-2">
                {words.map((word, place) => (
                  // A word that is being typed has no key of its own yet.
                  // oxlint-disable-next-line react/no-array-index-key
                  <li key={place} className="flex items-center gap-2">
                    {(['written', 'spoken'] as const).map((name) => (
                      <Field key={name} label={line[name]} hideLabel className="flex-1">
                        {(control) => (
                          <Input
                            {...control}
                            placeholder={line[name]}
                            value={word[name]}
                            onChange={(event) => change(place, { [name]: event.target.value })}
                          />
                        )}
                      </Field>
                    ))}
                    <IconButton
                      icon={Trash2}
                      label={line.removePronunciation(word.written)}
                      onClick={() =>
                        form.set(
                          'pronunciations',
                          words.filter((_, at) => at !== place),
                        )
                      }
                    />
                  </li>
                ))}
              </ul>
              {fault && <FieldError>{fault}</FieldError>}
            </Card>
          </>
        );
      }}
    </SettingsForm>
  );
}
