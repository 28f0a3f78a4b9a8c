// The dashboard as a whole: who is signed in sees its pages, everybody else the entrance.

import { Suspense, useEffect } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { Route, Router, Switch, useLocation } from 'wouter';
import { lazyPage } from './lib/lazy-page.tsx';
import { useGuardedLocation } from './lib/location.ts';
import { useMe, useOtherWindows, useSessionEnded } from './lib/me.ts';
import { useHeldSeconds } from './lib/patience.ts';
import { SignInAgain } from './pages/sign-in/sign-in-again.tsx';
import { Routes } from './routes.tsx';
import { Frame } from './shell/frame.tsx';
import { PageBoundary } from './shell/page-boundary.tsx';
import { texts } from './texts/texts.ts';
import { ConfirmProvider } from './ui/confirm.tsx';
import { Spinner } from './ui/spinner.tsx';
import { Failure } from './ui/states.tsx';
import { ToastProvider } from './ui/toasts.tsx';

const SignInPage = lazyPage(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage');
const RegisterPage = lazyPage(() => import('./pages/sign-in/register-page.tsx'), 'RegisterPage');

export function App({ queryClient }: { readonly queryClient: QueryClient }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Router hook={useGuardedLocation}>
        <ToastProvider>
          <ConfirmProvider>
            <Inside />
          </ConfirmProvider>
        </ToastProvider>
      </Router>
    </QueryClientProvider>
  );
}

/** Before it is known who is there: nothing for a moment, then that something is on its way, and why it takes so long. */
function Waiting() {
  const held = useHeldSeconds();
  return (
    <div
      role="status"
      aria-label={held === undefined ? texts.ui.loading : undefined}
      className="grid min-h-dvh animate-late place-items-center text-faint"
    >
      {held === undefined ? <Spinner /> : texts.failures.heldBack(held)}
    </div>
  );
}

function Inside() {
  const [path, navigate] = useLocation();
  const me = useMe();
  const ended = useSessionEnded();
  useOtherWindows();
  const atEntrance = path === '/app/sign-in' || path === '/app/register';
  const signedIn = Boolean(me.data);
  useEffect(() => {
    if (signedIn && atEntrance) navigate('/', { replace: true });
  }, [signedIn, atEntrance, navigate]);

  if (me.data === undefined) {
    return me.isError ? (
      <Failure error={me.error} retry={() => void me.refetch()} className="min-h-dvh" />
    ) : (
      <Waiting />
    );
  }
  if (me.data === null) {
    return (
      <Suspense>
        <Switch>
          <Route path="/app/register">
            <RegisterPage />
          </Route>
          <Route>
            <SignInPage ended={ended} />
          </Route>
        </Switch>
      </Suspense>
    );
  }
  return (
    <>
      <Frame key={me.data.id} me={me.data}>
        <PageBoundary page={path}>
          <Suspense>
            <Routes />
          </Suspense>
        </PageBoundary>
      </Frame>
      {ended && (
        <SignInAgain>
          <Suspense>
            <SignInPage ended />
          </Suspense>
        </SignInAgain>
      )}
    </>
  );
}
