// Calls that run at this moment, with a clock that ticks.

import { PhoneOff } from 'lucide-react';
import { Link } from 'wouter';
import { callerDetail, callerName } from '../../lib/callers.ts';
import { formatDuration } from '../../lib/format.ts';
import { LIVE_EVERY_MS, usePulse } from '../../lib/pulse.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';

export function LiveNow() {
  const calls = usePulse(LIVE_EVERY_MS);
  const nowMs = useNow();
  const count = calls.data?.active_calls.length ?? 0;
  return (
    <Card
      flush
      title={texts.home.live}
      action={
        count > 0 && (
          <Badge tone="good" live>
            {count}
          </Badge>
        )
      }
    >
      <QueryView query={calls}>
        {({ active_calls: running }) =>
          running.length === 0 ? (
            <Empty icon={PhoneOff} title={texts.home.liveNone} compact>
              {texts.home.liveNoneHint}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {running.map((call) => (
                <li
                  key={call.call_id}
                  className="relative flex items-center gap-3 px-4 py-3 hover:bg-hover/60 sm:px-5"
                >
                  <span className="min-w-0 flex-1 text-sm">
                    <Link
                      href={`/app/live/${call.call_id}`}
                      className="block truncate font-medium after:absolute after:inset-0 after:content-['']"
                    >
                      {callerName(call)}
                    </Link>
                    <span className="block truncate text-xs text-faint">
                      {[call.client_name, callerDetail(call)].filter(Boolean).join(' · ')}
                    </span>
                  </span>
                  <span className="numbers text-sm text-muted">
                    {formatDuration((nowMs - Date.parse(call.start_time)) / 1000)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Card>
  );
}
