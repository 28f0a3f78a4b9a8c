// Home: what is going on now, what today has brought, and what needs the owner.

import { texts } from '../../texts/texts.ts';
import { Page } from '../../ui/page.tsx';

export function HomePage() {
  return <Page title={texts.home.title}>{null}</Page>;
}
