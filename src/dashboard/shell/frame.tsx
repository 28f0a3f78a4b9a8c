// The frame around all pages of somebody who is signed in: navigation on the left, or at the bottom of a phone.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { Ellipsis } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { classes } from '../lib/class-names.ts';
import { useClientId, useClients } from '../lib/clients.ts';
import type { Me } from '../lib/me.ts';
import { useHeldSeconds } from '../lib/patience.ts';
import { usePageFocus } from '../lib/use-page-focus.ts';
import { usePulse } from '../lib/pulse.ts';
import { useOnline } from '../lib/use-online.ts';
import { texts } from '../texts/texts.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/mark.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ClientSwitcher } from './client-switcher.tsx';
import { NavLink } from './nav-link.tsx';
import { groups, hrefOf, isAt, phonePlaces, places } from './navigation.ts';
import type { Place } from './navigation.ts';

/** How many calls run is looked at this often, in all windows that are looked at. */
const PULSE_EVERY_MS = 10_000;

export function Frame({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  const clientId = useClientId();
  const [path] = useLocation();
  const content = usePageFocus(path);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-accent px-3 py-2 text-sm text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {texts.shell.skip}
      </a>
      <aside className="sticky top-0 flex h-dvh flex-col border-r border-line bg-canvas p-3 max-md:hidden">
        <Navigation me={me} clientId={clientId} />
      </aside>
      <div className="flex min-h-dvh min-w-0 flex-col max-md:pb-[calc(3.75rem+env(safe-area-inset-bottom))]">
        <OfflineBar />
        <WhosePage clientId={clientId} />
        <main ref={content} id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          {children}
        </main>
      </div>
      <PhoneBar me={me} clientId={clientId} />
    </div>
  );
}

/** On a phone, of several clients, the one that the page is about: the navigation with its name is out of sight. */
function WhosePage({ clientId }: { readonly clientId: string | undefined }) {
  const [path] = useLocation();
  const { clients = [] } = useClients();
  if (clients.length < 2 || !path.startsWith('/app/clients/') || path.endsWith('/new')) return null;
  return (
    <div className="px-4 pt-3 sm:px-6 md:hidden">
      <ClientSwitcher clientId={clientId} />
    </div>
  );
}

interface NavigationProps {
  readonly me: Me;
  readonly clientId: string | undefined;
  /** Called when somebody goes to another page by it. */
  readonly onGo?: () => void;
}

function Navigation({ me, clientId, onGo }: NavigationProps) {
  const count = useCounts(clientId);
  const admin = me.role !== 'user';
  return (
    <>
      <Link
        href="/"
        className="mb-3 flex items-center gap-2.5 rounded-lg px-2 py-1 text-base font-semibold tracking-tight max-md:hidden"
      >
        <Mark />
        {texts.shell.product}
      </Link>
      <ClientSwitcher clientId={clientId} {...(onGo && { onGo })} />
      <nav
        aria-label={texts.shell.navigation}
        className="-mx-1 mt-3 min-h-0 flex-1 space-y-4 overflow-y-auto px-1 py-1"
      >
        {groups.map(({ label, places: listed }) => (
          <div key={label ?? 'first'}>
            {label && <p className="mb-1 px-2.5 text-xs font-medium text-faint">{label}</p>}
            <ul className="space-y-0.5">
              {listed.map((place) => (
                <li key={place.label}>
                  <NavLink
                    place={place}
                    clientId={clientId}
                    count={count(place)}
                    {...(onGo && { onGo })}
                  />
                </li>
              ))}
            </ul>
          </div>
        ))}
        {admin && <NavLink place={places.admin} clientId={clientId} {...(onGo && { onGo })} />}
      </nav>
      <div className="mt-2 border-t border-line pt-2">
        <AccountMenu me={me} {...(onGo && { onGo })} />
      </div>
    </>
  );
}

/** Calls that run, and messages nobody has read. */
function useCounts(clientId: string | undefined): (place: Place) => number {
  const { data } = usePulse(PULSE_EVERY_MS);
  const unread = data?.unread_messages.find((each) => each.client_id === clientId)?.unread;
  return (place) => {
    if (place === places.live) return data?.active_calls.length ?? 0;
    if (place === places.messages) return unread ?? 0;
    return 0;
  };
}

function PhoneBar({ me, clientId }: NavigationProps) {
  const [path] = useLocation();
  const [open, setOpen] = useState(false);
  const elsewhere = !phonePlaces.some((place) => isAt(place, path));
  const style = (here: boolean) =>
    classes(
      'flex h-15 w-full flex-col items-center justify-center gap-1 text-2xs font-medium',
      here ? 'text-accent-text' : 'text-muted',
    );
  return (
    <>
      <nav
        aria-label={texts.shell.navigation}
        className="fixed inset-x-0 bottom-0 z-40 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        <ul className="grid grid-cols-5">
          {phonePlaces.map((place) => (
            <li key={place.label}>
              <Link
                href={hrefOf(place, clientId)}
                aria-current={isAt(place, path) ? 'page' : undefined}
                className={style(isAt(place, path))}
              >
                <place.icon size={20} aria-hidden />
                {place === places.conversations ? texts.shell.calls : place.label}
              </Link>
            </li>
          ))}
          <li>
            <button
              type="button"
              aria-haspopup="dialog"
              className={style(elsewhere)}
              onClick={() => setOpen(true)}
            >
              <Ellipsis size={20} aria-hidden />
              {texts.shell.more}
            </button>
          </li>
        </ul>
      </nav>
      {open && (
        <Dialog title={texts.shell.product} onClose={() => setOpen(false)}>
          <div className="flex flex-col pb-4">
            <Navigation me={me} clientId={clientId} onGo={() => setOpen(false)} />
          </div>
        </Dialog>
      )}
    </>
  );
}

/** Why what is shown may be old, or is not there yet. */
function OfflineBar() {
  const online = useOnline();
  const held = useHeldSeconds();
  if (online && held === undefined) return null;
  return (
    <p
      role="status"
      className="border-b border-line bg-warn-soft px-4 py-2 text-center text-sm text-warn"
    >
      {online ? texts.failures.heldBack(held ?? 0) : texts.failures.offline}
    </p>
  );
}
