// Trying the receptionist out from the browser: by voice, or by typing.

import { useState } from 'react';
import { Keyboard, Mic } from 'lucide-react';
import { useParams } from 'wouter';
import { Tabs } from 'radix-ui';
import { useClient } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Page } from '../../ui/page.tsx';
import { Chat } from './chat.tsx';
import { TestNeedsTalkTime } from './test-needs-talk-time.tsx';
import { VoiceCall } from './voice-call.tsx';

const ways = [
  { name: 'speak', label: texts.talk.speak, icon: Mic },
  { name: 'type', label: texts.talk.type, icon: Keyboard },
] as const;

export function TalkPage() {
  const { clientId = '' } = useParams();
  const client = useClient(clientId);
  const [way, setWay] = useState<string>('speak');
  return (
    <Page title={texts.talk.title} description={texts.talk.description}>
      {client.data && <TestNeedsTalkTime client={client.data} />}
      <Tabs.Root value={way} onValueChange={setWay}>
        <Tabs.List
          aria-label={texts.talk.title}
          className="mb-5 inline-flex gap-1 rounded-lg border border-line bg-sunken p-1"
        >
          {ways.map(({ name, label, icon: Icon }) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="flex h-7.5 items-center gap-1.5 rounded-md px-3 text-sm text-muted transition-colors data-[state=active]:bg-surface data-[state=active]:font-medium data-[state=active]:text-ink data-[state=active]:shadow-card"
            >
              <Icon size={15} aria-hidden />
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="speak">
          <VoiceCall key={clientId} clientId={clientId} zone={client.data?.zone} />
        </Tabs.Content>
        <Tabs.Content value="type" forceMount className="data-[state=inactive]:hidden">
          <Chat key={clientId} clientId={clientId} />
        </Tabs.Content>
      </Tabs.Root>
    </Page>
  );
}
