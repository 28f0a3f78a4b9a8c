// Setting up a client: the same sections as its settings, one after the other, and a test call at the end.

import { useEffect, useRef } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { CalendarCheck, Check, Mic } from 'lucide-react';
import { Link, useLocation, useParams } from 'wouter';
import { useRead } from '../../lib/api.ts';
import { classes } from '../../lib/class-names.ts';
import { isOutOfTalkTime, useClient } from '../../lib/clients.ts';
import { NotFoundPage } from '../../shell/not-found-page.tsx';
import { texts } from '../../texts/texts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { STATUS } from '../settings/calendar-reads.ts';
import { GoogleCard } from '../settings/google-card.tsx';
import { GreetingSection } from '../settings/greeting-section.tsx';
import { HoursSection } from '../settings/hours-section.tsx';
import { NumberSection } from '../settings/number-section.tsx';
import { StepButtons } from '../settings/settings-form.tsx';
import type { SectionProps, Step } from '../settings/settings-form.tsx';
import { ToolsSection } from '../settings/tools-section.tsx';
import { VoiceSection } from '../settings/voice-section.tsx';
import { TestNeedsTalkTime } from '../talk/test-needs-talk-time.tsx';
import { steps } from './steps.ts';
import type { StepName } from './steps.ts';

interface StepProps extends SectionProps {
  readonly step: Step;
}

const contents: Readonly<Record<StepName, ComponentType<StepProps>>> = {
  number: NumberSection,
  hours: HoursSection,
  greeting: GreetingSection,
  voice: VoiceSection,
  calendar: CalendarStep,
  tools: ToolsSection,
  test: TestStep,
};

export function SetUpPage() {
  const { clientId = '', step: name = '' } = useParams();
  const client = useClient(clientId);
  const [, navigate] = useLocation();
  const place = steps.indexOf(name as StepName);
  const current = steps[place];
  if (!current) return <NotFoundPage />;
  const Content = contents[current];
  const [title, hint] = texts.setUp.steps[current];
  const base = `/app/clients/${clientId}`;
  const before = steps[place - 1];
  const after = steps[place + 1];
  const step: Step = {
    laterHref: current === 'test' ? undefined : `${base}/settings`,
    onBack: before && (() => navigate(`${base}/set-up/${before}`)),
    onNext: () => navigate(after ? `${base}/set-up/${after}` : '/'),
  };
  return (
    <Page width="narrow" title={title} description={hint}>
      <Progress clientId={clientId} place={place} />
      <StepContent step={current} title={title}>
        <QueryView query={client}>
          {(stored) => <Content key={current} client={stored} step={step} />}
        </QueryView>
      </StepContent>
    </Page>
  );
}

/** Takes the focus with each step: Tab goes on to its first field, not to the steps above it. */
function StepContent({
  step,
  title,
  children,
}: {
  readonly step: StepName;
  readonly title: string;
  readonly children: ReactNode;
}) {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    // The button that led here is gone. Whoever has gone on to something else meanwhile is left there.
    if (activeElement === document.body || activeElement?.contains(content.current)) {
      content.current?.focus({ preventScroll: true });
    }
  }, [step]);
  return (
    <div ref={content} role="group" aria-label={title} tabIndex={-1} className="outline-none">
      {children}
    </div>
  );
}

function Progress({ clientId, place }: { readonly clientId: string; readonly place: number }) {
  return (
    <nav aria-label={texts.setUp.progress(place + 1, steps.length)} className="mb-6">
      <p aria-hidden className="numbers mb-2 text-xs text-faint sm:hidden">
        {texts.setUp.progress(place + 1, steps.length)}
      </p>
      <ol className="flex gap-1.5">
        {steps.map((step, at) => (
          <li key={step} className="min-w-0 flex-1">
            <Link
              href={`/app/clients/${clientId}/set-up/${step}`}
              aria-current={at === place ? 'step' : undefined}
              className="group block pb-1"
            >
              <span
                className={classes(
                  'block h-1 rounded-full transition-colors',
                  at <= place ? 'bg-accent' : 'bg-line-strong group-hover:bg-faint',
                )}
              />
              <span
                className={classes(
                  'mt-1.5 flex items-center gap-1 truncate text-xs max-sm:sr-only',
                  at === place ? 'font-medium text-ink' : 'text-faint',
                )}
              >
                {at < place && <Check size={12} aria-hidden />}
                {texts.setUp.stepNames[step]}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function CalendarStep({ client, step }: StepProps) {
  const status = useRead(STATUS, { params: { client_id: client.id } });
  return (
    <>
      {status.data?.state === 'not_connected' && <BuiltIn />}
      <div className="space-y-5">
        <GoogleCard clientId={client.id} zone={client.zone} />
      </div>
      <StepButtons step={step} submit={false} />
    </>
  );
}

function BuiltIn() {
  return (
    <Card className="mb-5">
      <div className="flex items-start gap-3.5">
        <span className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-good-soft text-good">
          <CalendarCheck size={18} aria-hidden />
        </span>
        <div className="min-w-0 flex-1 text-sm">
          <p className="font-medium">{texts.setUp.builtInCalendar}</p>
          <p className="mt-0.5 text-muted">{texts.setUp.builtInCalendarHint}</p>
        </div>
      </div>
    </Card>
  );
}

function TestStep({ client, step }: StepProps) {
  return (
    <>
      <TestNeedsTalkTime client={client} />
      <Card>
        <div className="flex flex-col items-center gap-3 py-6 text-center">
          <span className="flex size-12 items-center justify-center rounded-full bg-accent-soft text-accent-text">
            <Mic size={22} aria-hidden />
          </span>
          <p className="max-w-sm text-sm text-muted">{texts.setUp.testCallHint}</p>
          <LinkButton
            look={isOutOfTalkTime(client) ? 'secondary' : 'primary'}
            href={`/app/clients/${client.id}/talk`}
          >
            {texts.setUp.testCall}
          </LinkButton>
        </div>
      </Card>
      <StepButtons step={step} submit={false} nextLabel={texts.setUp.finish} look="secondary" />
    </>
  );
}
