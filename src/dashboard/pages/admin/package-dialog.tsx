// Something that is sold: talk time once, or every month.

import { useChange } from '../../lib/api.ts';
import type { Given } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Field, Input, Select } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { Package } from '../billing/buy.tsx';

const { admin } = texts;
type Values = Omit<Given<'POST /api/billing/packages'>['body'], 'position'>;

const refreshes = ['GET /api/billing/packages'] as const;

export function PackageDialog({
  sold,
  onClose,
}: {
  /** Undefined: something new. */
  readonly sold: Package | undefined;
  readonly onClose: () => void;
}) {
  const form = useForm<Required<Values>>({
    kind: sold?.kind ?? 'top_up',
    name: sold?.name ?? '',
    description: sold?.description ?? '',
    currency: sold?.currency ?? 'usd',
    amount: sold?.amount ?? 0,
    seconds: sold?.seconds ?? 3600,
    is_active: sold?.is_active ?? true,
  });
  const create = useChange('POST /api/billing/packages', { refreshes });
  const change = useChange('PATCH /api/billing/packages/{package_id}', { refreshes });
  const { values } = form;
  const save = () => {
    const { kind: _kind, ...changes } = form.changes;
    return sold
      ? change.mutateAsync({ params: { package_id: sold.id }, body: changes })
      : create.mutateAsync({ body: values });
  };
  return (
    <FormDialog
      title={sold?.name ?? admin.addPackage}
      form={form}
      save={save}
      saved={admin.packageSaved(values.is_active)}
      onClose={onClose}
    >
      {!sold && (
        <Field label={admin.kind} error={form.fault('kind')}>
          {(control) => (
            <Select
              {...control}
              options={Object.entries(admin.kinds).map(([value, label]) => ({ value, label }))}
              value={values.kind}
              onChange={(event) => form.set('kind', event.target.value as Package['kind'])}
            />
          )}
        </Field>
      )}
      <Field label={admin.name} error={form.fault('name')}>
        {(control) => (
          <Input
            {...control}
            value={values.name}
            onChange={(event) => form.set('name', event.target.value)}
          />
        )}
      </Field>
      <Field label={admin.description} note={texts.ui.optional} error={form.fault('description')}>
        {(control) => (
          <Input
            {...control}
            value={values.description}
            onChange={(event) => form.set('description', event.target.value)}
          />
        )}
      </Field>
      <div className="grid grid-cols-3 gap-4">
        <NumberField
          label={admin.price}
          hint={admin.priceHint}
          error={form.fault('amount')}
          min={1}
          value={values.amount}
          onChange={(amount) => form.set('amount', amount ?? 0)}
        />
        <Field label={admin.currency} error={form.fault('currency')}>
          {(control) => (
            <Input
              {...control}
              maxLength={3}
              value={values.currency}
              onChange={(event) => form.set('currency', event.target.value.toLowerCase())}
            />
          )}
        </Field>
        <NumberField
          label={admin.talkTime}
          hint={texts.billing.autoBelowHint}
          error={form.fault('seconds')}
          min={1}
          value={Math.round(values.seconds / 60)}
          onChange={(minutes) => form.set('seconds', (minutes ?? 0) * 60)}
        />
      </div>
      <Switch
        label={admin.forSale}
        checked={values.is_active}
        onChange={(on) => form.set('is_active', on)}
      />
    </FormDialog>
  );
}
