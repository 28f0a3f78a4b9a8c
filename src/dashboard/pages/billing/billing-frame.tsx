// What the pages of billing have in common: their title and their tabs.

import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import { Page } from '../../ui/page.tsx';
import { TabLinks } from '../../ui/tab-links.tsx';

export interface BillingFrameProps {
  readonly clientId: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function BillingFrame({ clientId, actions, children }: BillingFrameProps) {
  const own = `/app/clients/${clientId}/billing`;
  return (
    <Page title={texts.billing.title} actions={actions}>
      <TabLinks
        label={texts.billing.tabs}
        tabs={[
          { href: own, label: texts.billing.overview },
          { href: `${own}/statement`, label: texts.billing.statement },
          { href: `${own}/receipts`, label: texts.billing.receipts },
        ]}
      />
      {children}
    </Page>
  );
}
