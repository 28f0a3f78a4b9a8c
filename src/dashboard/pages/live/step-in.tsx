// Whoever watches a call steps in: says something through the receptionist, or has the caller put through.

import { useEffect, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { MessageSquareText, PhoneForwarded } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Select, TextArea } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { LiveCall, WatchedCall } from './use-live-call.ts';

const { live } = texts;
const TEXT_MAX = 500;

export function StepIn({
  call,
  refusal,
}: {
  readonly call: LiveCall;
  readonly refusal: WatchedCall['refusal'];
}) {
  return (
    <Card title={live.stepIn} description={live.stepInText}>
      <div className="space-y-5">
        <Say callId={call.call_id} />
        {call.channel === 'phone' && <PutThrough call={call} refusal={refusal} />}
      </div>
    </Card>
  );
}

function Say({ callId }: { readonly callId: string }) {
  const form = useForm({ text: '' });
  const say = useChange('POST /api/active-calls/{call_id}/say');
  const toasts = useToasts();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      await say.mutateAsync({ params: { call_id: callId }, body: form.values });
      form.reset({ text: '' });
      toasts.done(live.sayDone);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  return (
    <form className="space-y-2" noValidate onSubmit={(event) => void submit(event)}>
      <Field label={live.say} hint={live.sayHint} error={form.fault('text')}>
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            maxLength={TEXT_MAX}
            value={form.values.text}
            onChange={(event) => form.set('text', event.target.value)}
          />
        )}
      </Field>
      <Button
        type="submit"
        icon={MessageSquareText}
        disabled={form.values.text.trim() === ''}
        pending={say.isPending}
      >
        {live.sayIt}
      </Button>
    </form>
  );
}

/** Without a name the first is meant: the fallback number. */
const FIRST = '';

function PutThrough({
  call,
  refusal,
}: {
  readonly call: LiveCall;
  readonly refusal: WatchedCall['refusal'];
}) {
  const { client_id: clientId, call_id: callId } = call;
  const params = { client_id: clientId };
  const targets = useRead('GET /api/clients/{client_id}/transfer-targets', { params });
  const client = useClient(clientId);
  const putThrough = useChange('POST /api/active-calls/{call_id}/put-through');
  const toasts = useToasts();
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    if (refusal) toasts.refused(live.notPutThrough[refusal.reason]);
  }, [refusal, toasts]);
  if (!targets.data || !client.data) return null;
  const people = targets.data
    .filter((each) => each.is_active)
    .map(({ id, name }) => ({ value: id, label: name }));
  if (people.length === 0 && client.data.fallback_number) {
    people.push({ value: FIRST, label: live.fallbackNumber(client.data.fallback_number) });
  }
  if (people.length === 0) {
    return (
      <div className="space-y-2 text-sm text-muted">
        <p>{live.nobodyNamed}</p>
        <LinkButton href={`/app/clients/${clientId}/settings/people`}>{live.namePeople}</LinkButton>
      </div>
    );
  }
  const value = people.find((each) => each.value === chosen)?.value ?? people[0]!.value;
  const act = async () => {
    try {
      const body = value === FIRST ? {} : { target_id: value };
      await putThrough.mutateAsync({ params: { call_id: callId }, body });
      toasts.done(live.putThroughDone);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <div className="space-y-2">
      <Field label={live.putThroughTo}>
        {(control) => (
          <Select
            {...control}
            value={value}
            options={people}
            onChange={(event) => setChosen(event.target.value)}
          />
        )}
      </Field>
      <Button icon={PhoneForwarded} pending={putThrough.isPending} onClick={() => void act()}>
        {live.putThrough}
      </Button>
    </div>
  );
}
