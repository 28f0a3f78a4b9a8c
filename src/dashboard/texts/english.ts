// English, put together from one file for each part of the dashboard.

import { account } from './english/account.ts';
import { calendar } from './english/calendar.ts';
import { calls, conversations, live } from './english/calls.ts';
import { clients } from './english/clients.ts';
import { deliveries } from './english/deliveries.ts';
import { failures } from './english/failures.ts';
import { home } from './english/home.ts';
import { recording } from './english/recording.ts';
import { line } from './english/line.ts';
import { setUp } from './english/set-up.ts';
import { settings } from './english/settings.ts';
import { shell } from './english/shell.ts';
import { signIn } from './english/sign-in.ts';
import { talk } from './english/talk.ts';
import { ui } from './english/ui.ts';
import { contacts } from './english/contacts.ts';
import { messages } from './english/messages.ts';
import { analytics } from './english/analytics.ts';
import { billing } from './english/billing.ts';
import { admin } from './english/admin.ts';
import { callers } from './english/callers.ts';
import { outgoing } from './english/outgoing.ts';

export const english = {
  callers,
  admin,
  billing,
  analytics,
  messages,
  contacts,
  account,
  calendar,
  calls,
  clients,
  conversations,
  deliveries,
  failures,
  home,
  line,
  live,
  outgoing,
  recording,
  setUp,
  settings,
  shell,
  signIn,
  talk,
  ui,
};
