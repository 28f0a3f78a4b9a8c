// Where others are told of what happens in a client's calls.

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useChange, useRead } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useToasts } from '../../ui/toasts.tsx';

const { line } = texts;
const READ = 'GET /api/clients/{client_id}/webhook';

export function WebhookCard({ clientId }: { readonly clientId: string }) {
  const webhook = useRead(READ, { params: { client_id: clientId } });
  return (
    <Card
      title={line.webhook}
      description={line.webhookHint}
      action={
        <LinkButton size="small" href={`/app/clients/${clientId}/deliveries?kind=webhook`}>
          {line.webhookDeliveries}
        </LinkButton>
      }
    >
      <QueryView query={webhook}>
        {({ webhook: stored }) => <WebhookForm clientId={clientId} url={stored?.url} />}
      </QueryView>
    </Card>
  );
}

interface WebhookFormProps {
  readonly clientId: string;
  /** Undefined: there is none. */
  readonly url: string | undefined;
}

function WebhookForm({ clientId, url }: WebhookFormProps) {
  const params = { client_id: clientId };
  const form = useForm({ url: url ?? '' });
  // Shown once.
  const [secret, setSecret] = useState<string>();
  const save = useChange('PUT /api/clients/{client_id}/webhook', { refreshes: [READ] });
  const renew = useChange('POST /api/clients/{client_id}/webhook/secret');
  const test = useChange('POST /api/clients/{client_id}/webhook/test');
  const remove = useChange('DELETE /api/clients/{client_id}/webhook', { refreshes: [READ] });
  const toasts = useToasts();
  const confirm = useConfirm();
  useUnsaved(form.dirty && !save.isPending);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const saved = await save.mutateAsync({ params, body: form.values });
      form.reset({ url: saved.url });
      // Only the first address comes with one; what is shown already stays.
      if (saved.secret !== undefined) setSecret(saved.secret);
      toasts.done(texts.ui.saved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  const act = async (doing: Promise<unknown>, done: string) => {
    try {
      await doing;
      toasts.done(done);
    } catch (error) {
      toasts.failed(error);
    }
  };
  const newSecret = async () => {
    const sure = await confirm({
      title: line.webhookRenewQuestion,
      text: line.webhookRenewText,
      action: line.webhookRenew,
    });
    if (!sure) return;
    try {
      setSecret((await renew.mutateAsync({ params })).secret);
    } catch (error) {
      toasts.failed(error);
    }
  };
  const drop = async () => {
    const sure = await confirm({
      title: line.webhookRemoveQuestion,
      text: line.webhookRemoveText,
      action: line.webhookRemove,
      danger: true,
    });
    if (!sure) return;
    setSecret(undefined);
    await act(remove.mutateAsync({ params }), line.webhookRemoved);
  };
  return (
    <form noValidate className="space-y-4" onSubmit={(event) => void submit(event)}>
      <Field label={line.webhookUrl} error={form.fault('url')}>
        {(control) => (
          <Input
            {...control}
            type="url"
            placeholder="https://"
            value={form.values.url}
            onChange={(event) => form.set('url', event.target.value)}
          />
        )}
      </Field>
      {secret && (
        <Notice tone="warn" title={line.webhookSecret}>
          <CopyLine text={secret} />
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" pending={save.isPending} disabled={!form.dirty}>
          {texts.ui.save}
        </Button>
        {url !== undefined && (
          <>
            <Button
              pending={test.isPending}
              // It goes to the address that is stored.
              disabled={form.dirty}
              onClick={() => void act(test.mutateAsync({ params }), line.webhookTested)}
            >
              {line.webhookTest}
            </Button>
            <Button look="quiet" pending={renew.isPending} onClick={() => void newSecret()}>
              {line.webhookRenew}
            </Button>
            <Button look="quiet" pending={remove.isPending} onClick={() => void drop()}>
              {line.webhookRemove}
            </Button>
          </>
        )}
      </div>
    </form>
  );
}
