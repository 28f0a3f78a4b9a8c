// Which address shows which page. Every page is loaded when it is first opened; a new one is one line here.

import { Route, Switch } from 'wouter';
import { lazyPage } from './lib/lazy-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';

const HomePage = lazyPage(() => import('./pages/home/home-page.tsx'), 'HomePage');
const AccountPage = lazyPage(() => import('./pages/account/account-page.tsx'), 'AccountPage');
const ClientsPage = lazyPage(() => import('./pages/clients/clients-page.tsx'), 'ClientsPage');

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
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
