// An address that leads nowhere.

import { Compass } from 'lucide-react';
import { useTitle } from '../lib/use-title.ts';
import { texts } from '../texts/texts.ts';
import { LinkButton } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';

export function NotFoundPage() {
  useTitle(texts.shell.pageNotFound);
  return (
    <Empty
      icon={Compass}
      title={texts.shell.pageNotFound}
      className="min-h-[60vh]"
      action={<LinkButton href="/">{texts.shell.toHome}</LinkButton>}
    >
      {texts.shell.pageNotFoundHint}
    </Empty>
  );
}
