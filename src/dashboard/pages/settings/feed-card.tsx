// An address that any calendar program can subscribe to.

import { useChange, useRead } from '../../lib/api.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useToasts } from '../../ui/toasts.tsx';

const { calendar } = texts;
const READ = 'GET /api/clients/{client_id}/calendar/feed';

export function FeedCard({ clientId }: { readonly clientId: string }) {
  const params = { client_id: clientId };
  const feed = useRead(READ, { params });
  const make = useChange('POST /api/clients/{client_id}/calendar/feed', { refreshes: [READ] });
  const end = useChange('DELETE /api/clients/{client_id}/calendar/feed', { refreshes: [READ] });
  const confirm = useConfirm();
  const toasts = useToasts();
  const act = async (change: typeof make | typeof end) => {
    await change.mutateAsync({ params }).catch((error: unknown) => toasts.failed(error));
  };
  const actIfSure = async (change: typeof make | typeof end, action: string) => {
    const sure = await confirm({
      title: calendar.feedEndQuestion,
      text: calendar.feedEndText,
      action,
      danger: true,
    });
    if (sure) await act(change);
  };
  return (
    <Card title={calendar.feed} description={calendar.feedHint}>
      <QueryView query={feed}>
        {({ url }) =>
          url ? (
            <div className="space-y-3">
              <CopyLine text={url} />
              <div className="flex flex-wrap gap-2">
                <Button
                  size="small"
                  pending={make.isPending}
                  onClick={() => void actIfSure(make, calendar.feedRenew)}
                >
                  {calendar.feedRenew}
                </Button>
                <Button
                  size="small"
                  pending={end.isPending}
                  onClick={() => void actIfSure(end, calendar.feedEnd)}
                >
                  {calendar.feedEnd}
                </Button>
              </div>
            </div>
          ) : (
            <Button size="small" pending={make.isPending} onClick={() => void act(make)}>
              {calendar.feedMake}
            </Button>
          )
        }
      </QueryView>
    </Card>
  );
}
