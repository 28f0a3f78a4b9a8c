// The settings of a client: a list of sections, each with an address of its own.

import type { ComponentType } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { classes } from '../../lib/class-names.ts';
import { useClient } from '../../lib/clients.ts';
import { NotFoundPage } from '../../shell/not-found-page.tsx';
import { texts } from '../../texts/texts.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { TabLinks } from '../../ui/tab-links.tsx';
import { AfterCallsSection } from './after-calls-section.tsx';
import { AlertsSection } from './alerts-section.tsx';
import { BookingSection } from './booking-section.tsx';
import { CallersSection } from './callers-section.tsx';
import { CalendarSection } from './calendar-section.tsx';
import { GeneralSection } from './general-section.tsx';
import { GreetingSection } from './greeting-section.tsx';
import { HoursSection } from './hours-section.tsx';
import { KnowledgeSection } from './knowledge-section.tsx';
import { LineSection } from './line-section.tsx';
import { MannerSection } from './manner-section.tsx';
import { PeopleSection } from './people-section.tsx';
import { RecordingSection } from './recording-section.tsx';
import type { SectionProps } from './settings-form.tsx';
import { ToolsSection } from './tools-section.tsx';
import { VoiceSection } from './voice-section.tsx';

interface Section {
  readonly path: string;
  readonly label: string;
  readonly content: ComponentType<SectionProps>;
}

const { sections: names } = texts.settings;
const sections: readonly Section[] = [
  { path: '', label: names.general, content: GeneralSection },
  { path: 'greeting', label: names.greeting, content: GreetingSection },
  { path: 'voice', label: names.voice, content: VoiceSection },
  { path: 'manner', label: texts.line.manner, content: MannerSection },
  { path: 'hours', label: names.hours, content: HoursSection },
  { path: 'booking', label: names.booking, content: BookingSection },
  { path: 'calendar', label: texts.calendar.section, content: CalendarSection },
  { path: 'knowledge', label: names.knowledge, content: KnowledgeSection },
  { path: 'people', label: names.people, content: PeopleSection },
  { path: 'line', label: texts.line.section, content: LineSection },
  { path: 'callers', label: texts.callers.section, content: CallersSection },
  { path: 'tools', label: names.tools, content: ToolsSection },
  { path: 'after-calls', label: names.afterCalls, content: AfterCallsSection },
  { path: 'recording', label: names.recording, content: RecordingSection },
  { path: 'alerts', label: names.alerts, content: AlertsSection },
];

export function SettingsPage() {
  const { clientId = '', section: path = '' } = useParams();
  const client = useClient(clientId);
  const section = sections.find((each) => each.path === path);
  if (!section) return <NotFoundPage />;
  const { content: Content } = section;
  const base = `/app/clients/${clientId}/settings`;
  const tabs = sections.map((each) => ({
    href: each.path === '' ? base : `${base}/${each.path}`,
    label: each.label,
  }));
  return (
    <Page
      title={texts.settings.title}
      tabTitle={section.label}
      description={client.data?.name ?? ' '}
    >
      <div className="lg:hidden">
        <TabLinks label={texts.settings.navigation} tabs={tabs} />
      </div>
      <div className="lg:grid lg:grid-cols-[12.5rem_minmax(0,44rem)] lg:gap-8">
        <SideTabs tabs={tabs} />
        <div className="min-w-0">
          <QueryView query={client}>
            {(stored) => <Content key={`${stored.id} ${path}`} client={stored} />}
          </QueryView>
        </div>
      </div>
    </Page>
  );
}

function SideTabs({ tabs }: { readonly tabs: readonly { href: string; label: string }[] }) {
  const [here] = useLocation();
  return (
    <nav aria-label={texts.settings.navigation} className="sticky top-7 self-start max-lg:hidden">
      <ul className="space-y-0.5">
        {tabs.map(({ href, label }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={here === href ? 'page' : undefined}
              className={classes(
                'block rounded-lg px-2.5 py-1.5 text-sm transition-colors',
                here === href
                  ? 'bg-hover font-medium text-ink'
                  : 'text-muted hover:bg-hover/70 hover:text-ink',
              )}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
