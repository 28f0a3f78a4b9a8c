// All clients of the owner.

import { texts } from '../../texts/texts.ts';
import { Page } from '../../ui/page.tsx';

export function ClientsPage() {
  return <Page title={texts.clients.title}>{null}</Page>;
}
