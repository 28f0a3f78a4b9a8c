// Signing in with a password; Google and the demo below it.

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { Link } from 'wouter';
import { useChange } from '../../lib/api.ts';
import { explain, statusOf } from '../../lib/failures.ts';
import { useSignedInAs } from '../../lib/me.ts';
import { useTitle } from '../../lib/use-title.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';
import { Entrance } from './entrance.tsx';
import { OtherWays } from './other-ways.tsx';
import { PasswordInput } from './password-input.tsx';

/** `ended`: who was here has to sign in again, and goes on where they were. */
export function SignInPage({ ended = false }: { readonly ended?: boolean }) {
  useTitle(texts.signIn.title);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useChange('POST /api/auth/login');
  const signedInAs = useSignedInAs();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    // What went wrong is shown below the fields.
    const me = await signIn.mutateAsync({ body: { email, password } }).catch(() => undefined);
    if (me) signedInAs(me);
  };
  return (
    <Entrance
      title={ended ? texts.signIn.ended : texts.signIn.welcome}
      hint={ended ? texts.signIn.endedHint : texts.signIn.welcomeHint}
    >
      <form className="mt-7 space-y-4" onSubmit={(event) => void submit(event)}>
        <Field label={texts.signIn.emailOrName}>
          {(control) => (
            <Input
              {...control}
              name="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={texts.signIn.password}>
          {(control) => (
            <PasswordInput
              {...control}
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {signIn.isError && (
          <div>
            <FieldError>
              {statusOf(signIn.error) === 401 ? texts.signIn.refused : explain(signIn.error)}
            </FieldError>
            <p className="mt-1.5 text-xs text-muted">{texts.signIn.forgotten}</p>
          </div>
        )}
        <Button type="submit" look="primary" className="w-full" pending={signIn.isPending}>
          {texts.signIn.signIn}
        </Button>
      </form>
      <OtherWays />
      {!ended && (
        <p className="mt-8 text-center text-sm text-muted">
          {texts.signIn.newHere}{' '}
          <Link href="/app/register" className="font-medium text-accent-text hover:underline">
            {texts.signIn.register}
          </Link>
        </p>
      )}
    </Entrance>
  );
}
