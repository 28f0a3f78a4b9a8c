// Where others are told of what happens in a client's calls.

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useChange, useRead } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useToasts } from '../../ui/toasts.tsx';

const { line } = texts;
const READ = 'GET /api/clients/{client_id}/webhook';

export function WebhookCard({ clientId }: { readonly clientId: string }) {
  const webhook = useRead(READ, { params: { client_id: clientId } });
  return (
    <Card title={line.webhook} description={line.webhookHint}>
      <QueryView query={webhook}>
        {({ webhook: stored }) => (
          <WebhookForm key={stored?.url ?? ''} clientId={clientId} url={stored?.url} />
        )}
      </QueryView>
    </Card>
  );
}

function WebhookForm({
  clientId,
  url,
}: {
  readonly clientId: string;
  readonly url: string | undefined;
}) {
  const params = { client_id: clientId };
  const form = useForm({ url: url ?? '' });
  const save = useChange('PUT /api/clients/{client_id}/webhook');
  const test = useChange('POST /api/clients/{client_id}/webhook/test');
  const remove = useChange('DELETE /api/clients/{client_id}/webhook', { refreshes: [READ] });
  const [secret, setSecret] = useState<string>();
  const toasts = useToasts();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const saved = await save.mutateAsync({ params, body: form.values });
      form.reset({ url: saved.url });
      setSecret(saved.secret);
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
  const isStored = url !== undefined || secret !== undefined;
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
        {isStored && (
          <>
            <Button
              pending={test.isPending}
              onClick={() => void act(test.mutateAsync({ params }), line.webhookTested)}
            >
              {line.webhookTest}
            </Button>
            <Button
              look="quiet"
              pending={remove.isPending}
              onClick={() => void act(remove.mutateAsync({ params }), line.webhookRemoved)}
            >
              {line.webhookRemove}
            </Button>
          </>
        )}
      </div>
    </form>
  );
}
