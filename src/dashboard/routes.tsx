// Which address shows which page. Every page is loaded when it is first opened; a new one is one line here.

import { Route, Switch } from 'wouter';
import { lazyPage } from './lib/lazy-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';

const HomePage = lazyPage(() => import('./pages/home/home-page.tsx'), 'HomePage');
const AccountPage = lazyPage(() => import('./pages/account/account-page.tsx'), 'AccountPage');
const ClientsPage = lazyPage(() => import('./pages/clients/clients-page.tsx'), 'ClientsPage');
const NewClientPage = lazyPage(() => import('./pages/set-up/new-client-page.tsx'), 'NewClientPage');
const SetUpPage = lazyPage(() => import('./pages/set-up/set-up-page.tsx'), 'SetUpPage');
const SettingsPage = lazyPage(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage');
const LivePage = lazyPage(() => import('./pages/live/live-page.tsx'), 'LivePage');
const LiveCallPage = lazyPage(() => import('./pages/live/live-call-page.tsx'), 'LiveCallPage');
const ConversationsPage = lazyPage(
  () => import('./pages/conversations/conversations-page.tsx'),
  'ConversationsPage',
);
const ConversationPage = lazyPage(
  () => import('./pages/conversations/conversation-page.tsx'),
  'ConversationPage',
);
const ContactsPage = lazyPage(() => import('./pages/contacts/contacts-page.tsx'), 'ContactsPage');
const OutgoingPage = lazyPage(() => import('./pages/outgoing/outgoing-page.tsx'), 'OutgoingPage');
const DeliveriesPage = lazyPage(
  () => import('./pages/deliveries/deliveries-page.tsx'),
  'DeliveriesPage',
);
const MessagesPage = lazyPage(() => import('./pages/messages/messages-page.tsx'), 'MessagesPage');
const AnalyticsPage = lazyPage(
  () => import('./pages/analytics/analytics-page.tsx'),
  'AnalyticsPage',
);
const TalkPage = lazyPage(() => import('./pages/talk/talk-page.tsx'), 'TalkPage');
const BillingPage = lazyPage(() => import('./pages/billing/billing-page.tsx'), 'BillingPage');
const StatementPage = lazyPage(() => import('./pages/billing/statement-page.tsx'), 'StatementPage');
const ReceiptsPage = lazyPage(() => import('./pages/billing/receipts-page.tsx'), 'ReceiptsPage');
const CalendarPage = lazyPage(() => import('./pages/calendar/calendar-page.tsx'), 'CalendarPage');
const HealthPage = lazyPage(() => import('./pages/admin/health-page.tsx'), 'HealthPage');
const UsersPage = lazyPage(() => import('./pages/admin/users-page.tsx'), 'UsersPage');
const AllConversationsPage = lazyPage(
  () => import('./pages/admin/all-conversations-page.tsx'),
  'AllConversationsPage',
);
const AllClientsPage = lazyPage(
  () => import('./pages/admin/all-clients-page.tsx'),
  'AllClientsPage',
);
const SalesPage = lazyPage(() => import('./pages/admin/sales-page.tsx'), 'SalesPage');
const CommandsPage = lazyPage(() => import('./pages/admin/commands-page.tsx'), 'CommandsPage');
const ConfigurationPage = lazyPage(
  () => import('./pages/admin/configuration-page.tsx'),
  'ConfigurationPage',
);

export function Routes() {
  return (
    <Switch>
      <Route path="/">
        <HomePage />
      </Route>
      <Route path="/app/account">
        <AccountPage />
      </Route>
      <Route path="/app/clients">
        <ClientsPage />
      </Route>
      <Route path="/app/clients/new">
        <NewClientPage />
      </Route>
      <Route path="/app/clients/:clientId/set-up/:step">
        <SetUpPage />
      </Route>
      <Route path="/app/clients/:clientId/settings/:section?">
        <SettingsPage />
      </Route>
      <Route path="/app/live">
        <LivePage />
      </Route>
      <Route path="/app/live/:callId">
        <LiveCallPage />
      </Route>
      <Route path="/app/clients/:clientId/conversations">
        <ConversationsPage />
      </Route>
      <Route path="/app/clients/:clientId/conversations/:conversationId">
        <ConversationPage />
      </Route>
      <Route path="/app/clients/:clientId/contacts">
        <ContactsPage />
      </Route>
      <Route path="/app/clients/:clientId/outgoing">
        <OutgoingPage />
      </Route>
      <Route path="/app/clients/:clientId/deliveries">
        <DeliveriesPage />
      </Route>
      <Route path="/app/clients/:clientId/messages">
        <MessagesPage />
      </Route>
      <Route path="/app/clients/:clientId/analytics">
        <AnalyticsPage />
      </Route>
      <Route path="/app/clients/:clientId/calendar">
        <CalendarPage />
      </Route>
      <Route path="/app/clients/:clientId/talk">
        <TalkPage />
      </Route>
      <Route path="/app/clients/:clientId/billing">
        <BillingPage />
      </Route>
      <Route path="/app/clients/:clientId/billing/statement">
        <StatementPage />
      </Route>
      <Route path="/app/clients/:clientId/billing/receipts">
        <ReceiptsPage />
      </Route>
      <Route path="/app/admin">
        <HealthPage />
      </Route>
      <Route path="/app/admin/users">
        <UsersPage />
      </Route>
      <Route path="/app/admin/conversations">
        <AllConversationsPage />
      </Route>
      <Route path="/app/admin/clients">
        <AllClientsPage />
      </Route>
      <Route path="/app/admin/sales">
        <SalesPage />
      </Route>
      <Route path="/app/admin/commands">
        <CommandsPage />
      </Route>
      <Route path="/app/admin/configuration">
        <ConfigurationPage />
      </Route>
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
