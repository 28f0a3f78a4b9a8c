// What the pages of the administration have in common: title, tabs, and who may see which.

import type { ReactNode } from 'react';
import { useMe } from '../../lib/me.ts';
import { NotFoundPage } from '../../shell/not-found-page.tsx';
import { texts } from '../../texts/texts.ts';
import { Page } from '../../ui/page.tsx';
import { TabLinks } from '../../ui/tab-links.tsx';

export interface AdminFrameProps {
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Moderators look after people; the rest is for administrators. Others are told that there is no such page. */
export function AdminFrame({ actions, children }: AdminFrameProps) {
  const { data: me } = useMe();
  if (!me || me.role === 'user') return <NotFoundPage />;
  const { admin } = texts;
  const people = [
    { href: '/app/admin/users', label: admin.users },
    { href: '/app/admin/conversations', label: admin.conversations },
  ];
  const tabs = [
    { href: '/app/admin', label: admin.health },
    ...people,
    { href: '/app/admin/clients', label: admin.clients },
    { href: '/app/admin/sales', label: admin.sales },
    { href: '/app/admin/commands', label: admin.commands },
    { href: '/app/admin/configuration', label: admin.configuration },
  ];
  return (
    <Page title={admin.title} actions={actions}>
      <TabLinks label={admin.tabs} tabs={me.role === 'admin' ? tabs : people} />
      {children}
    </Page>
  );
}
