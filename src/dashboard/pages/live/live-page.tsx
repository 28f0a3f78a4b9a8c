// All calls that run now.

import { PhoneOff } from 'lucide-react';
import { useRead } from '../../lib/api.ts';
import { callerDetail, callerName } from '../../lib/callers.ts';
import { formatDuration } from '../../lib/format.ts';
import { LIVE_EVERY_MS, usePulse } from '../../lib/pulse.ts';
import type { RunningCall } from '../../lib/pulse.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

export function LivePage() {
  const calls = usePulse(LIVE_EVERY_MS);
  const isQuiet = calls.data?.active_calls.length === 0;
  const ways = useRead('GET /auth/ways', {}, { enabled: isQuiet, freshMs: Infinity });
  const nowMs = useNow();
  return (
    <Page title={texts.live.title}>
      <Card flush>
        <QueryView query={calls}>
          {({ active_calls: running }) =>
            running.length === 0 ? (
              <Empty icon={PhoneOff} title={texts.live.none}>
                {texts.home.liveNoneHint} {ways.data?.demo && texts.live.noneHint}
              </Empty>
            ) : (
              <Table<RunningCall>
                label={texts.live.title}
                rows={running}
                keyOf={({ call_id: id }) => id}
                hrefOf={({ call_id: id }) => `/app/live/${id}`}
                columns={[
                  {
                    name: texts.live.caller,
                    cell: (call) => (
                      <>
                        <span className="block font-medium">{callerName(call)}</span>
                        <span className="block text-xs text-faint">{callerDetail(call)}</span>
                      </>
                    ),
                  },
                  {
                    name: texts.live.client,
                    className: 'text-muted',
                    cell: (call) => call.client_name,
                  },
                  {
                    name: texts.live.channel,
                    from: 'sm',
                    className: 'text-muted',
                    cell: ({ channel }) => texts.calls.channels[channel] ?? channel,
                  },
                  {
                    name: texts.live.time,
                    align: 'right',
                    className: 'numbers',
                    cell: (call) => formatDuration((nowMs - Date.parse(call.start_time)) / 1000),
                  },
                ]}
              />
            )
          }
        </QueryView>
      </Card>
    </Page>
  );
}
