// Where a test call is begun: that it needs talk time, and where there is some to buy.

import { isOutOfTalkTime } from '../../lib/clients.ts';
import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

/** Nothing, while there is some. */
export function TestNeedsTalkTime({ client }: { readonly client: Client }) {
  if (!isOutOfTalkTime(client)) return null;
  return (
    <Notice
      tone="warn"
      className="mb-5"
      action={
        <LinkButton look="primary" size="small" href={`/app/clients/${client.id}/billing`}>
          {texts.home.buy}
        </LinkButton>
      }
    >
      {texts.setUp.needsTalkTime}
    </Notice>
  );
}
