// Settings of the whole server that hold without a restart, and who changed what.

import { History } from 'lucide-react';
import type { SyntheticEvent } from 'react';
import { useChange, usePages, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatMoment } from '../../lib/format.ts';
import { useForm } from '../../lib/use-form.ts';
import { useNow } from '../../lib/use-now.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input, TextArea } from '../../ui/field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { AdminFrame } from './admin-frame.tsx';

const { admin } = texts;
type Value = number | string | readonly string[];
type Values = Readonly<Record<string, Value>>;
type Kind = 'admin' | 'bot';
type Change = Answer<'GET /admin/config/history'>[number];

const MINUTE_MS = 60_000;
const LONG = new Set(['system_prompt', 'greeting']);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function ConfigurationPage() {
  const system = useRead('GET /admin/config');
  const bot = useRead('GET /admin/bot/config');
  return (
    <AdminFrame>
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Card title={admin.system} description={admin.configText}>
          <QueryView query={system}>
            {({ config }) => <ConfigForm kind="admin" stored={config} />}
          </QueryView>
        </Card>
        <Card title={admin.bot}>
          <QueryView query={bot}>
            {({ config }) => <ConfigForm kind="bot" stored={config} />}
          </QueryView>
        </Card>
        <Changes kind="admin" />
        <Changes kind="bot" />
      </div>
    </AdminFrame>
  );
}

function ConfigForm({ kind, stored }: { readonly kind: Kind; readonly stored: Values }) {
  const form = useForm(stored as Record<string, Value>);
  const saveSystem = useChange('PUT /admin/config', {
    refreshes: ['GET /admin/config', 'GET /admin/config/history'],
  });
  const saveBot = useChange('PUT /admin/bot/config', {
    refreshes: ['GET /admin/bot/config', 'GET /admin/bot/config/history'],
  });
  const save = kind === 'bot' ? saveBot : saveSystem;
  const toasts = useToasts();
  useUnsaved(form.dirty && !save.isPending);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const { config } = await save.mutateAsync({ body: { config: stripped(form.changes) } });
      form.reset(config);
      toasts.done(texts.ui.saved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  return (
    <form className="space-y-4" noValidate onSubmit={(event) => void submit(event)}>
      {Object.entries(form.values).map(([key, value]) =>
        typeof value === 'number' ? (
          <NumberField
            key={key}
            label={admin.settings[key] ?? key}
            error={form.fault(key)}
            value={value}
            onChange={(next) => form.set(key, next ?? 0)}
          />
        ) : (
          <Field key={key} label={admin.settings[key] ?? key} error={form.fault(key)}>
            {(control) =>
              LONG.has(key) ? (
                <TextArea
                  {...control}
                  rows={key === 'greeting' ? 2 : 5}
                  value={String(value)}
                  onChange={(event) => form.set(key, event.target.value)}
                />
              ) : (
                <Input
                  {...control}
                  value={typeof value === 'object' ? value.join(' ') : value}
                  onChange={(event) => form.set(key, typed(event.target.value, value))}
                />
              )
            }
          </Field>
        ),
      )}
      <Button type="submit" look="primary" disabled={!form.dirty} pending={save.isPending}>
        {texts.ui.save}
      </Button>
    </form>
  );
}

/** Of the kind that is stored. A list keeps its empty end: it is where the next word is typed. */
function typed(text: string, before: Value): Value {
  return typeof before === 'object' ? text.split(/[\s,]+/) : text;
}

/** Lists without what is empty in them. */
function stripped(changes: Partial<Record<string, Value>>): Values {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value = '']) => [
      key,
      typeof value === 'object' ? value.filter((each) => each !== '') : value,
    ]),
  );
}

function Changes({ kind }: { readonly kind: Kind }) {
  const list = usePages(
    kind === 'bot' ? 'GET /admin/bot/config/history' : 'GET /admin/config/history',
    { query: { limit: 20 } },
  );
  const nowMs = useNow(MINUTE_MS);
  return (
    <Card flush title={kind === 'bot' ? admin.botHistory : admin.systemHistory}>
      {list.error && <Failure error={list.error} retry={list.refetch} />}
      {list.isPending && <SkeletonRows />}
      {!list.error && !list.isPending && list.rows.length === 0 && (
        <Empty icon={History} compact title={admin.historyNone} />
      )}
      <ul className="divide-y divide-line text-sm">
        {list.rows.map((change) => (
          <li key={change.id} className="px-4 py-2.5 sm:px-5">
            <p className="break-words">{wordsOf(change)}</p>
            <p className="text-xs text-faint">
              {change.changed_by_name} · {formatMoment(change.changed_at, zone, nowMs)}
            </p>
          </li>
        ))}
      </ul>
      <MoreRows list={list} />
    </Card>
  );
}

function wordsOf({ key, before, after }: Change): string {
  const shown = (value: unknown) => {
    if (value === null) return admin.asShipped;
    if (Array.isArray(value)) return value.join(' ');
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return admin.changed(admin.settings[key] ?? key, shown(before), shown(after));
}
