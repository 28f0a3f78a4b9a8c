// One user: added, changed, blocked, deleted.

import { useChange } from '../../lib/api.ts';
import { useMe } from '../../lib/me.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Field, Input, Select } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import type { User } from './users-page.tsx';

const { admin } = texts;
const refreshes = ['GET /admin/users', 'GET /admin/users/stats'] as const;
const optionsOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

export function UserDialog({
  user,
  onClose,
}: {
  /** Undefined: a new one. */
  readonly user: User | undefined;
  readonly onClose: () => void;
}) {
  const { data: me } = useMe();
  const form = useForm({
    username: user?.username ?? '',
    email: user?.email ?? '',
    role: user?.role ?? 'user',
    status: user?.status ?? 'active',
    type: user?.type ?? 'owner',
    password: '',
  });
  const create = useChange('POST /admin/users', { refreshes });
  const change = useChange('PUT /admin/users/{user_id}', { refreshes });
  const remove = useChange('DELETE /admin/users/{user_id}', { refreshes });
  const save = () => {
    const { email, ...rest } = form.changes;
    const body = { ...rest, ...(email !== undefined && { email: email === '' ? null : email }) };
    return user
      ? change.mutateAsync({ params: { user_id: user.user_id }, body })
      : create.mutateAsync({ body: { ...body, username: form.values.username } });
  };
  // Nobody deletes themselves.
  const removal = user &&
    user.user_id !== me?.id && {
      title: admin.deleteUserTitle(user.username),
      text: admin.deleteUserText,
      remove: () => remove.mutateAsync({ params: { user_id: user.user_id } }),
      done: admin.userDeleted,
    };
  return (
    <FormDialog
      title={user ? user.username : admin.addUser}
      form={form}
      save={save}
      saved={admin.userSaved}
      removal={removal || undefined}
      onClose={onClose}
    >
      <Field label={admin.name} error={form.fault('username')}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            value={form.values.username}
            onChange={(event) => form.set('username', event.target.value)}
          />
        )}
      </Field>
      <Field label={admin.email} error={form.fault('email')}>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="off"
            value={form.values.email}
            onChange={(event) => form.set('email', event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={admin.role} error={form.fault('role')}>
          {(control) => (
            <Select
              {...control}
              options={optionsOf(admin.roles)}
              value={form.values.role}
              onChange={(event) => form.set('role', event.target.value as User['role'])}
            />
          )}
        </Field>
        <Field label={admin.status} error={form.fault('status')}>
          {(control) => (
            <Select
              {...control}
              options={optionsOf(admin.statuses)}
              value={form.values.status}
              onChange={(event) => form.set('status', event.target.value as User['status'])}
            />
          )}
        </Field>
        <Field label={admin.type} error={form.fault('type')}>
          {(control) => (
            <Select
              {...control}
              options={optionsOf(admin.types)}
              value={form.values.type}
              onChange={(event) => form.set('type', event.target.value as User['type'])}
            />
          )}
        </Field>
      </div>
      <Field
        label={admin.password}
        note={texts.ui.optional}
        hint={admin.passwordHint}
        error={form.fault('password')}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            value={form.values.password}
            onChange={(event) => form.set('password', event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
