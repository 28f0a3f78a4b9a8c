// One's own account: name, address, password, and its end.

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useChange } from '../../lib/api.ts';
import { explain } from '../../lib/failures.ts';
import { meKey, useMe } from '../../lib/me.ts';
import type { Me } from '../../lib/me.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { PasswordInput } from '../sign-in/password-input.tsx';

export function AccountPage() {
  const { data: me } = useMe();
  return (
    <Page title={texts.account.title} width="narrow">
      <div className="space-y-5">
        {me && <Profile key={me.id} me={me} />}
        <Password />
        <DeleteAccount />
      </div>
    </Page>
  );
}

function Profile({ me }: { readonly me: Me }) {
  const form = useForm({ display_name: me.display_name, email: me.email ?? '' });
  const save = useChange('PATCH /api/users/profile');
  const client = useQueryClient();
  const toasts = useToasts();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const saved = await save.mutateAsync({ body: form.changes });
      client.setQueryData(meKey, { ...me, ...saved });
      form.reset({ display_name: saved.display_name, email: saved.email ?? '' });
      toasts.done(texts.account.saved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  return (
    <Card title={texts.account.profile}>
      <form className="space-y-4" noValidate onSubmit={(event) => void submit(event)}>
        <Field label={texts.account.name} error={form.fault('display_name')}>
          {(control) => (
            <Input
              {...control}
              autoComplete="name"
              value={form.values.display_name}
              onChange={(event) => form.set('display_name', event.target.value)}
            />
          )}
        </Field>
        <Field label={texts.account.email} error={form.fault('email')}>
          {(control) => (
            <Input
              {...control}
              type="email"
              autoComplete="email"
              value={form.values.email}
              onChange={(event) => form.set('email', event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" disabled={!form.dirty} pending={save.isPending}>
          {texts.ui.save}
        </Button>
      </form>
    </Card>
  );
}

function Password() {
  const form = useForm({ current_password: '', new_password: '' });
  const change = useChange('POST /api/users/change-password');
  const toasts = useToasts();
  const [refusal, setRefusal] = useState<string>();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setRefusal(undefined);
    try {
      await change.mutateAsync({ body: form.values });
      form.reset();
      toasts.done(texts.account.changed);
    } catch (error) {
      if (!form.refused(error)) setRefusal(explain(error));
    }
  };
  return (
    <Card title={texts.account.password} description={texts.account.passwordText}>
      <form className="space-y-4" noValidate onSubmit={(event) => void submit(event)}>
        <Field
          label={texts.account.current}
          hint={texts.account.currentHint}
          error={form.fault('current_password')}
        >
          {(control) => (
            <PasswordInput
              {...control}
              autoComplete="current-password"
              value={form.values.current_password}
              onChange={(event) => form.set('current_password', event.target.value)}
            />
          )}
        </Field>
        <Field
          label={texts.account.next}
          hint={texts.signIn.passwordHint}
          error={form.fault('new_password')}
        >
          {(control) => (
            <PasswordInput
              {...control}
              autoComplete="new-password"
              value={form.values.new_password}
              onChange={(event) => form.set('new_password', event.target.value)}
            />
          )}
        </Field>
        {refusal && <FieldError>{refusal}</FieldError>}
        <Button
          type="submit"
          look="primary"
          disabled={form.values.new_password === ''}
          pending={change.isPending}
        >
          {texts.account.change}
        </Button>
      </form>
    </Card>
  );
}
