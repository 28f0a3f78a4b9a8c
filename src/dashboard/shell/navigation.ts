// What the navigation lists: one line for each page.

import {
  CalendarDays,
  ChartColumn,
  CreditCard,
  House,
  Inbox,
  MessagesSquare,
  Mic,
  PhoneCall,
  PhoneOutgoing,
  Send,
  Settings2,
  ShieldCheck,
  Users,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { texts } from '../texts/texts.ts';

const { shell } = texts;

export interface Place {
  readonly label: string;
  readonly icon: LucideIcon;
  /** Of the page; below `/app/clients/{id}/` where it is about one client. */
  readonly path: string;
  readonly ofClient: boolean;
}

const general = (path: string, label: string, icon: LucideIcon): Place => ({
  path,
  label,
  icon,
  ofClient: false,
});
const ofClient = (path: string, label: string, icon: LucideIcon): Place => ({
  path,
  label,
  icon,
  ofClient: true,
});

export const places = {
  home: general('/', shell.home, House),
  live: general('/app/live', shell.live, PhoneCall),
  conversations: ofClient('conversations', shell.conversations, MessagesSquare),
  calendar: ofClient('calendar', shell.calendar, CalendarDays),
  messages: ofClient('messages', shell.messages, Inbox),
  contacts: ofClient('contacts', shell.contacts, Users),
  outgoing: ofClient('outgoing', shell.outgoing, PhoneOutgoing),
  talk: ofClient('talk', shell.talk, Mic),
  settings: ofClient('settings', shell.settings, Settings2),
  analytics: ofClient('analytics', shell.analytics, ChartColumn),
  billing: ofClient('billing', shell.billing, CreditCard),
  deliveries: ofClient('deliveries', shell.deliveries, Send),
  admin: general('/app/admin', shell.admin, ShieldCheck),
} as const;

/** On the left of a wide window, and behind `More` on a phone. */
export const groups: readonly { readonly label?: string; readonly places: readonly Place[] }[] = [
  { places: [places.home, places.live] },
  {
    label: shell.work,
    places: [
      places.conversations,
      places.calendar,
      places.messages,
      places.contacts,
      places.outgoing,
    ],
  },
  { label: shell.receptionist, places: [places.talk, places.settings] },
  { label: shell.business, places: [places.analytics, places.deliveries, places.billing] },
];

/** At the bottom of a phone, beside `More`. */
export const phonePlaces: readonly Place[] = [
  places.home,
  places.conversations,
  places.calendar,
  places.messages,
];

export function hrefOf(place: Place, clientId: string | undefined): string {
  if (!place.ofClient) return place.path;
  return clientId ? `/app/clients/${clientId}/${place.path}` : '/app/clients';
}

export function isAt(place: Place, path: string): boolean {
  if (place.path === '/') return path === '/';
  if (!place.ofClient) return path === place.path || path.startsWith(`${place.path}/`);
  return new RegExp(`^/app/clients/[0-9a-f-]{36}/${place.path}(/|$)`).test(path);
}
