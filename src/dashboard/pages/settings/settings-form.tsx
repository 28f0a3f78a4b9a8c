// A form about some fields of a client: saved from a bar that appears with the first change, or step by step while it is set up.

import type { ReactNode, SyntheticEvent } from 'react';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useChange } from '../../lib/api.ts';
import type { Given } from '../../lib/api.ts';
import type { Client } from '../../lib/clients.ts';
import { useForm } from '../../lib/use-form.ts';
import type { Form } from '../../lib/use-form.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';

export type ClientChange = Given<'PATCH /api/clients/{client_id}'>['body'];

/** Where a section stands in the set-up of a new client; undefined on the settings pages. */
export interface Step {
  readonly onBack: (() => void) | undefined;
  readonly onNext: () => void;
  /** Where the rest can be set later; undefined on the last step. */
  readonly laterHref: string | undefined;
}

export interface SectionProps {
  readonly client: Client;
  readonly step?: Step | undefined;
}

export interface SettingsFormProps<Values extends ClientChange> extends SectionProps {
  /** The fields of this section, as they are stored. */
  readonly read: (client: Client) => Values;
  readonly children: (form: Form<Values>) => ReactNode;
}

export function SettingsForm<Values extends ClientChange>({
  client,
  step,
  read,
  children,
}: SettingsFormProps<Values>) {
  const form = useForm(read(client));
  const save = useChange('PATCH /api/clients/{client_id}', {
    // A form reads what is stored once: it must not begin with what was stored before.
    answers: 'GET /api/clients/{client_id}',
    refreshes: [
      'GET /api/clients',
      'GET /api/clients/{client_id}',
      'GET /api/clients/{client_id}/voices',
      'GET /api/overview',
    ],
  });
  const toasts = useToasts();
  useUnsaved(form.dirty && !save.isPending);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      if (form.dirty) {
        const params = { client_id: client.id };
        form.reset(read(await save.mutateAsync({ params, body: form.changes as ClientChange })));
        if (!step) toasts.done(texts.ui.saved);
      }
      step?.onNext();
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <div className="space-y-5">{children(form)}</div>
      {step ? (
        <StepButtons step={step} pending={save.isPending} />
      ) : (
        form.dirty && <SaveBar pending={save.isPending} onDiscard={() => form.reset()} />
      )}
    </form>
  );
}

/** Stays in sight while there is something to save. */
export function SaveBar({
  pending,
  onDiscard,
}: {
  readonly pending: boolean;
  readonly onDiscard: () => void;
}) {
  return (
    <div className="sticky bottom-[calc(4.25rem+env(safe-area-inset-bottom))] z-30 mt-5 md:bottom-4">
      <div className="flex animate-rise items-center gap-2 rounded-xl border border-line-strong bg-surface py-2 pr-2 pl-4 shadow-raised">
        <p className="min-w-0 flex-1 text-sm text-muted" role="status">
          {texts.ui.unsaved}
        </p>
        <Button look="quiet" onClick={onDiscard} disabled={pending}>
          {texts.ui.discard}
        </Button>
        <Button type="submit" look="primary" pending={pending}>
          {texts.ui.save}
        </Button>
      </div>
    </div>
  );
}

/** Back, and on to the next step; a form's submit where it stands in one. */
export function StepButtons({
  step,
  pending = false,
  nextLabel = texts.settings.next,
  submit = true,
  look = 'primary',
}: {
  readonly step: Step;
  readonly pending?: boolean;
  readonly nextLabel?: string;
  readonly submit?: boolean;
  /** Another one where the step has something better to do than to go on. */
  readonly look?: 'primary' | 'secondary';
}) {
  return (
    <div className="mt-6 flex items-center justify-between gap-3">
      {step.onBack ? (
        <Button look="quiet" icon={ArrowLeft} onClick={step.onBack}>
          {texts.settings.back}
        </Button>
      ) : (
        <span />
      )}
      <div className="flex flex-wrap items-center justify-end gap-2">
        {step.laterHref && (
          <LinkButton look="quiet" href={step.laterHref}>
            {texts.setUp.later}
          </LinkButton>
        )}
        <Button
          type={submit ? 'submit' : 'button'}
          look={look}
          pending={pending}
          {...(!submit && { onClick: step.onNext })}
        >
          {nextLabel}
          <ArrowRight size={16} aria-hidden />
        </Button>
      </div>
    </div>
  );
}
