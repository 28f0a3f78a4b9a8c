// Somebody is to be called: who, what about, and that they agreed to it.

import { useChange } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Switch } from '../../ui/switch.tsx';

const { outgoing } = texts;
const purposes = ['reminder', 'callback', 'other'] as const;
type Purpose = (typeof purposes)[number];
interface Wish {
  readonly phone_number: string;
  readonly purpose: Purpose;
  readonly text: string;
  readonly voicemail_text: string;
  readonly agreed: boolean;
}
const empty: Wish = {
  phone_number: '',
  purpose: 'reminder',
  text: '',
  voicemail_text: '',
  agreed: false,
};

export interface CallDialogProps {
  readonly clientId: string;
  readonly onClose: () => void;
}

export function CallDialog({ clientId, onClose }: CallDialogProps) {
  const form = useForm(empty);
  const consent = useChange('PUT /api/clients/{client_id}/call-consents', {
    refreshes: ['GET /api/clients/{client_id}/call-consents'],
  });
  const call = useChange('POST /api/calls', { refreshes: ['GET /api/calls'] });
  const save = async () => {
    const { agreed, ...body } = form.values;
    if (agreed) {
      const given = { phone_number: body.phone_number, state: 'given' } as const;
      await consent.mutateAsync({ params: { client_id: clientId }, body: given });
    }
    await call.mutateAsync({ body: { client_id: clientId, ...body } });
  };
  return (
    <FormDialog
      title={outgoing.call}
      form={form}
      save={save}
      saved={outgoing.called}
      action={outgoing.callNow}
      ready={form.values.phone_number.trim() !== '' && form.values.text.trim() !== ''}
      onClose={onClose}
    >
      <Field label={outgoing.number} hint={outgoing.numberHint} error={form.fault('phone_number')}>
        {(control) => (
          <Input
            {...control}
            type="tel"
            autoComplete="off"
            value={form.values.phone_number}
            onChange={(event) => form.set('phone_number', event.target.value)}
          />
        )}
      </Field>
      <Field label={outgoing.purpose} error={form.fault('purpose')}>
        {(control) => (
          <Select
            {...control}
            value={form.values.purpose}
            options={purposes.map((value) => ({ value, label: outgoing.purposes[value] }))}
            onChange={(event) => form.set('purpose', event.target.value as Purpose)}
          />
        )}
      </Field>
      <Field label={outgoing.text} hint={outgoing.textHint} error={form.fault('text')}>
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            value={form.values.text}
            onChange={(event) => form.set('text', event.target.value)}
          />
        )}
      </Field>
      <Field
        label={outgoing.voicemail}
        hint={outgoing.voicemailHint}
        note={texts.ui.optional}
        error={form.fault('voicemail_text')}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            value={form.values.voicemail_text}
            onChange={(event) => form.set('voicemail_text', event.target.value)}
          />
        )}
      </Field>
      <Switch
        label={outgoing.agreed}
        hint={outgoing.agreedHint}
        checked={form.values.agreed}
        onChange={(on) => form.set('agreed', on)}
      />
    </FormDialog>
  );
}
