// English, put together from one file for each part of the dashboard.

import { account } from './english/account.ts';
<<<<<<< HEAD
import { calls, conversations, live } from './english/calls.ts';
=======
import { analytics } from './english/analytics.ts';
import { calls } from './english/calls.ts';
>>>>>>> cc20ac3 (Show owners their contacts, their inbox and what came of their calls)
import { clients } from './english/clients.ts';
import { contacts } from './english/contacts.ts';
import { failures } from './english/failures.ts';
import { home } from './english/home.ts';
import { messages } from './english/messages.ts';
import { setUp } from './english/set-up.ts';
import { settings } from './english/settings.ts';
import { shell } from './english/shell.ts';
import { signIn } from './english/sign-in.ts';
import { ui } from './english/ui.ts';

export const english = {
  account,
  analytics,
  calls,
  clients,
<<<<<<< HEAD
  conversations,
  failures,
  home,
  live,
=======
  contacts,
  failures,
  home,
  messages,
>>>>>>> cc20ac3 (Show owners their contacts, their inbox and what came of their calls)
  setUp,
  settings,
  shell,
  signIn,
  ui,
};
