// All users: who may do what, and who may not come in.

import { useState } from 'react';
import { Plus, Users } from 'lucide-react';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatDate } from '../../lib/format.ts';
import { useMe } from '../../lib/me.ts';
import { useSearch } from '../../lib/use-search.ts';
import { useOffsetPages } from '../../lib/use-offset-pages.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { RowButton, Table } from '../../ui/table.tsx';
import { AdminFrame } from './admin-frame.tsx';
import { UserDialog } from './user-dialog.tsx';

export type User = Answer<'GET /admin/users/{user_id}'>;

const tones: Readonly<Record<User['status'], Tone>> = {
  active: 'good',
  blocked: 'bad',
  inactive: 'neutral',
};

export function UsersPage() {
  const { data: me } = useMe();
  const [open, setOpen] = useState<User | 'new'>();
  const search = useSearch();
  const users = useOffsetPages('GET /admin/users', { query: search.query });
  const stats = useRead('GET /admin/users/stats');
  const mayWrite = me?.role === 'admin';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <AdminFrame
      actions={
        mayWrite && (
          <Button look="primary" icon={Plus} onClick={() => setOpen('new')}>
            {texts.admin.addUser}
          </Button>
        )
      }
    >
      <Card
        flush
        title={texts.admin.users}
        action={
          <SearchBox
            label={texts.admin.searchUsers}
            className="w-full sm:w-72"
            value={search.typed}
            onChange={search.type}
          />
        }
        {...(stats.data && {
          description: texts.admin.usersCount(stats.data.total_users, stats.data.blocked_users),
        })}
      >
        {users.error ? (
          <Failure error={users.error} retry={users.refetch} />
        ) : users.isPending ? (
          <SkeletonRows />
        ) : users.rows.length === 0 ? (
          <Empty icon={Users} title={texts.admin.noneFound} />
        ) : (
          <Table<User>
            label={texts.admin.users}
            rows={users.rows}
            keyOf={({ user_id: id }) => id}
            columns={[
              {
                name: texts.admin.name,
                className: 'w-full max-w-0',
                cell: (user) => (
                  <>
                    {mayWrite ? (
                      <RowButton onClick={() => setOpen(user)}>{user.username}</RowButton>
                    ) : (
                      <span className="block truncate font-medium">{user.username}</span>
                    )}
                    {user.email !== user.username && (
                      <span className="block truncate text-xs text-faint">{user.email}</span>
                    )}
                  </>
                ),
              },
              {
                name: texts.admin.role,
                className: 'text-muted whitespace-nowrap',
                cell: ({ role, type }) =>
                  type === 'patient' ? texts.admin.types[type] : texts.admin.roles[role],
              },
              {
                name: texts.admin.since2,
                from: 'md',
                align: 'right',
                className: 'numbers text-muted whitespace-nowrap',
                cell: ({ created_at: at }) => formatDate(at, zone),
              },
              {
                name: texts.admin.status,
                align: 'right',
                cell: ({ status }) => (
                  <Badge tone={tones[status]}>{texts.admin.statuses[status]}</Badge>
                ),
              },
            ]}
          />
        )}
        <MoreRows list={users} />
      </Card>
      {open !== undefined && (
        <UserDialog user={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />
      )}
    </AdminFrame>
  );
}
