// The end of one's account: what goes with it is shown, the password is asked for, and then nobody is signed in.

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useLocation } from 'wouter';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { explain } from '../../lib/failures.ts';
import { formatMinutes } from '../../lib/format.ts';
import { useSignedInAs } from '../../lib/me.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, FieldError } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { PasswordInput } from '../sign-in/password-input.tsx';

const { account } = texts;
const FORM = 'delete-account';

export function DeleteAccount() {
  const [asking, setAsking] = useState(false);
  const stock = useRead('GET /api/users/deletion', {}, { enabled: asking, freshMs: 0 });
  return (
    <>
      <Card
        title={account.remove}
        description={account.removeText}
        action={
          <Button look="danger" pending={asking && stock.isPending} onClick={() => setAsking(true)}>
            {texts.ui.delete}
          </Button>
        }
      />
      {asking && stock.error && <FieldError>{explain(stock.error)}</FieldError>}
      {asking && stock.data && <Question stock={stock.data} onClose={() => setAsking(false)} />}
    </>
  );
}

interface QuestionProps {
  readonly stock: Answer<'GET /api/users/deletion'>;
  readonly onClose: () => void;
}

function Question({ stock, onClose }: QuestionProps) {
  const form = useForm({ password: '' });
  const remove = useChange('POST /api/users/delete-account');
  const signedInAs = useSignedInAs();
  const toasts = useToasts();
  const [, navigate] = useLocation();
  const [refusal, setRefusal] = useState<string>();
  const obstacle = stock.last_administrator
    ? account.lastAdministrator
    : stock.running_calls > 0
      ? account.callsRunning
      : undefined;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setRefusal(undefined);
    const password = stock.has_password ? { password: form.values.password } : {};
    try {
      await remove.mutateAsync({ body: { ...password, lose_seconds: stock.seconds } });
      navigate('/');
      signedInAs(null);
      toasts.done(account.removed);
    } catch (error) {
      if (!form.refused(error)) setRefusal(explain(error));
    }
  };
  return (
    <Dialog
      title={account.removeQuestion}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{texts.ui.cancel}</Button>
          <Button
            type="submit"
            form={FORM}
            look="danger"
            disabled={obstacle !== undefined || (stock.has_password && form.values.password === '')}
            pending={remove.isPending}
          >
            {account.removeAction}
          </Button>
        </>
      }
    >
      <form id={FORM} className="space-y-4" noValidate onSubmit={(event) => void submit(event)}>
        <ul className="list-disc space-y-1 pl-5 text-sm">
          {lossesOf(stock).map((loss) => (
            <li key={loss}>{loss}</li>
          ))}
        </ul>
        {obstacle && <FieldError>{obstacle}</FieldError>}
        {!obstacle && !stock.has_password && (
          <p className="text-sm text-muted">{account.removeByGoogle}</p>
        )}
        {!obstacle && stock.has_password && (
          <Field label={account.current} error={form.fault('password')}>
            {(control) => (
              <PasswordInput
                {...control}
                autoComplete="current-password"
                value={form.values.password}
                onChange={(event) => form.set('password', event.target.value)}
              />
            )}
          </Field>
        )}
        {refusal && <FieldError>{refusal}</FieldError>}
      </form>
    </Dialog>
  );
}

function lossesOf({ clients, seconds, plans }: QuestionProps['stock']): string[] {
  return [
    account.lossOfAccess,
    ...(clients > 0 ? [account.lossOfClients(clients)] : []),
    ...(seconds > 0 ? [account.lossOfTime(formatMinutes(seconds))] : []),
    ...(plans > 0 ? [account.lossOfPlans(plans)] : []),
    account.booksStay,
  ];
}
