// Where appointments go: Google Calendar, the chairs or staff, and an address to subscribe to.

import type { SectionProps } from './settings-form.tsx';
import { FeedCard } from './feed-card.tsx';
import { GoogleCard } from './google-card.tsx';
import { ResourcesCard } from './resources-card.tsx';

export function CalendarSection({ client }: SectionProps) {
  return (
    <div className="space-y-5">
      <GoogleCard clientId={client.id} zone={client.zone} />
      <ResourcesCard clientId={client.id} />
      <FeedCard clientId={client.id} />
    </div>
  );
}
