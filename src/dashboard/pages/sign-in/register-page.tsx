// Making an account; it is signed in at once.

import type { SyntheticEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { useChange } from '../../lib/api.ts';
import { explain } from '../../lib/failures.ts';
import { useSignedInAs } from '../../lib/me.ts';
import { useForm } from '../../lib/use-form.ts';
import { useTitle } from '../../lib/use-title.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';
import { Entrance } from './entrance.tsx';
import { OtherWays } from './other-ways.tsx';
import { PasswordInput } from './password-input.tsx';

export function RegisterPage() {
  useTitle(texts.signIn.register);
  const [, navigate] = useLocation();
  const form = useForm({ display_name: '', email: '', password: '' });
  const register = useChange('POST /api/auth/register');
  const signedInAs = useSignedInAs();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const me = await register.mutateAsync({ body: form.values });
      navigate('/', { replace: true });
      signedInAs(me);
    } catch (error) {
      form.refused(error);
    }
  };
  const atNoField =
    register.isError && !Object.keys(form.values).some((name) => form.fault(name as 'email'));
  return (
    <Entrance title={texts.signIn.registerTitle} hint={texts.signIn.registerHint}>
      <form className="mt-7 space-y-4" noValidate onSubmit={(event) => void submit(event)}>
        <Field label={texts.signIn.name} error={form.fault('display_name')}>
          {(control) => (
            <Input
              {...control}
              name="name"
              autoComplete="name"
              value={form.values.display_name}
              onChange={(event) => form.set('display_name', event.target.value)}
            />
          )}
        </Field>
        <Field
          label={texts.signIn.email}
          error={isTaken(form.fault('email')) ? texts.signIn.taken : form.fault('email')}
        >
          {(control) => (
            <Input
              {...control}
              name="email"
              type="email"
              autoComplete="email"
              value={form.values.email}
              onChange={(event) => form.set('email', event.target.value)}
            />
          )}
        </Field>
        <Field
          label={texts.signIn.password}
          hint={texts.signIn.passwordHint}
          error={form.fault('password')}
        >
          {(control) => (
            <PasswordInput
              {...control}
              name="password"
              autoComplete="new-password"
              value={form.values.password}
              onChange={(event) => form.set('password', event.target.value)}
            />
          )}
        </Field>
        {atNoField && <FieldError>{explain(register.error)}</FieldError>}
        <Button type="submit" look="primary" className="w-full" pending={register.isPending}>
          {texts.signIn.register}
        </Button>
      </form>
      <OtherWays />
      <p className="mt-8 text-center text-sm text-muted">
        {texts.signIn.haveAccount}{' '}
        <Link href="/app/sign-in" className="font-medium text-accent-text hover:underline">
          {texts.signIn.signIn}
        </Link>
      </p>
    </Entrance>
  );
}

/** The server's words for it; whoever has an account is told where to go. */
function isTaken(fault: string | undefined): boolean {
  return fault !== undefined && /already exists/.test(fault);
}
