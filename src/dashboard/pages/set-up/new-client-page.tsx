// The first step of a new client: its name. From here on it exists, and can be finished at any time.

import type { SyntheticEvent } from 'react';
import { useLocation } from 'wouter';
import { useChange } from '../../lib/api.ts';
import { explain } from '../../lib/failures.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { LanguageField, useLanguages, wordsIn } from '../settings/language-field.tsx';
import { ZoneField } from '../settings/zone-field.tsx';
import { firstStep } from './steps.ts';

export function NewClientPage() {
  const form = useForm({
    name: '',
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: '',
  });
  const ownLanguage = wordsIn(useLanguages(), navigator.language)?.language ?? 'en-US';
  const language = form.values.language || ownLanguage;
  const create = useChange('POST /api/clients', {
    refreshes: ['GET /api/clients', 'GET /api/overview'],
  });
  const [, navigate] = useLocation();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const { id } = await create.mutateAsync({ body: { ...form.values, language } });
      navigate(`/app/clients/${id}/set-up/${firstStep}`);
    } catch (error) {
      form.refused(error);
    }
  };
  const atField = form.fault('name') ?? form.fault('zone') ?? form.fault('language');
  return (
    <Page
      width="narrow"
      title={texts.setUp.title}
      description={texts.setUp.nameHint}
      back={{ href: '/app/clients', label: texts.clients.title }}
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Card>
          <div className="space-y-5">
            <Field
              label={texts.settings.name}
              hint={texts.settings.nameHint}
              error={form.fault('name')}
            >
              {(control) => (
                <Input
                  {...control}
                  autoComplete="organization"
                  value={form.values.name}
                  onChange={(event) => form.set('name', event.target.value)}
                />
              )}
            </Field>
            <ZoneField
              value={form.values.zone}
              error={form.fault('zone')}
              onChange={(zone) => form.set('zone', zone)}
            />
            <LanguageField
              value={language}
              error={form.fault('language')}
              onChange={(chosen) => form.set('language', chosen)}
            />
            {create.error && atField === undefined && (
              <FieldError>{explain(create.error)}</FieldError>
            )}
          </div>
        </Card>
        <div className="mt-6 flex justify-end">
          <Button
            type="submit"
            look="primary"
            pending={create.isPending}
            disabled={form.values.name.trim() === ''}
          >
            {texts.setUp.create}
          </Button>
        </div>
      </form>
    </Page>
  );
}
