// Talk time that is bought by itself, before there is none.

import type { SyntheticEvent } from 'react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatMinutes, formatMoney } from '../../lib/format.ts';
import { useForm } from '../../lib/use-form.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { usePackages } from './buy.tsx';

type Settings = Answer<'GET /api/clients/{client_id}/auto-top-up'>;

export function AutoTopUp({ clientId }: { readonly clientId: string }) {
  const query = useRead('GET /api/clients/{client_id}/auto-top-up', {
    params: { client_id: clientId },
  });
  return (
    <Card title={texts.billing.autoTitle} description={texts.billing.autoText}>
      <QueryView query={query} loading={<Skeleton className="h-28" />}>
        {(stored) => <AutoForm key={clientId} clientId={clientId} stored={stored} />}
      </QueryView>
    </Card>
  );
}

function AutoForm({ clientId, stored }: { readonly clientId: string; readonly stored: Settings }) {
  const { packages = [] } = usePackages('top_up');
  const form = useForm({
    enabled: stored.enabled,
    threshold_seconds: stored.threshold_seconds,
    package_id: stored.package_id ?? '',
  });
  const save = useChange('PATCH /api/clients/{client_id}/auto-top-up', {
    refreshes: ['GET /api/clients/{client_id}/auto-top-up'],
  });
  const toasts = useToasts();
  useUnsaved(form.dirty && !save.isPending);
  const { enabled, threshold_seconds: seconds, package_id: packageId } = form.values;
  const chosen = packageId || packages[0]?.id;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const body = { enabled, threshold_seconds: seconds, ...(chosen && { package_id: chosen }) };
    try {
      const saved = await save.mutateAsync({ params: { client_id: clientId }, body });
      form.reset({ ...form.values, enabled: saved.enabled });
      toasts.done(texts.billing.autoSaved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  return (
    <form className="space-y-4" noValidate onSubmit={(event) => void submit(event)}>
      {stored.failure !== null && !enabled && (
        <Notice tone="bad" title={texts.billing.autoFailed}>
          {texts.billing.autoFailedBecause(stored.failure)}
        </Notice>
      )}
      <Switch
        label={texts.billing.autoOn}
        hint={texts.billing.autoNeedsCard}
        checked={enabled}
        onChange={(next) => form.set('enabled', next)}
      />
      {enabled && (
        <div className="grid gap-4 sm:grid-cols-2">
          <NumberField
            label={texts.billing.autoBelow}
            hint={texts.billing.autoBelowHint}
            error={form.fault('threshold_seconds')}
            min={1}
            value={Math.round(seconds / 60)}
            onChange={(minutes) => form.set('threshold_seconds', (minutes ?? 0) * 60)}
          />
          <Field label={texts.billing.autoPackage} error={form.fault('package_id')}>
            {(control) => (
              <Select
                {...control}
                value={chosen}
                onChange={(event) => form.set('package_id', event.target.value)}
                options={packages.map((each) => ({
                  value: each.id,
                  label: `${formatMinutes(each.seconds)}, ${formatMoney(each.amount, each.currency)}`,
                }))}
              />
            )}
          </Field>
        </div>
      )}
      <Button type="submit" look="primary" disabled={!form.dirty} pending={save.isPending}>
        {texts.ui.save}
      </Button>
    </form>
  );
}
