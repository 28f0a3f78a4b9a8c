// Signing in without a password: with Google, and in the sandbox as the demo owner.

import { DoorOpen } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import { useSignedInAs } from '../../lib/me.ts';
import { useLeaving } from '../../lib/use-leaving.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';

export function OtherWays() {
  const { data: ways } = useRead('GET /auth/ways', {}, { freshMs: Infinity });
  const demo = useChange('POST /auth/demo');
  const google = useChange('POST /auth/google/initiate');
  const [isLeaving, leave] = useLeaving();
  const signedInAs = useSignedInAs();
  const toasts = useToasts();
  if (!ways?.google && !ways?.demo) return null;

  const enterDemo = async () => {
    try {
      signedInAs(await demo.mutateAsync({}));
    } catch (error) {
      toasts.failed(error);
    }
  };
  const goToGoogle = async () => {
    try {
      const { authorization_url: address } = await google.mutateAsync({});
      leave(address);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <>
      <p className="my-5 flex items-center gap-3 text-xs text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {texts.signIn.or}
      </p>
      <div className="space-y-2.5">
        {ways.google && (
          <Button
            className="w-full"
            pending={google.isPending || isLeaving}
            onClick={() => void goToGoogle()}
          >
            <GoogleSign />
            {texts.signIn.google}
          </Button>
        )}
        {ways.demo && (
          <>
            <Button
              className="w-full"
              icon={DoorOpen}
              pending={demo.isPending}
              onClick={() => void enterDemo()}
            >
              {texts.signIn.demo}
            </Button>
            <p className="text-center text-xs text-faint">{texts.signIn.demoHint}</p>
          </>
        )}
      </div>
    </>
  );
}

function GoogleSign() {
  return (
    <svg width="16" height="16" viewBox="0 0 24 24" aria-hidden>
      <path
        fill="#4285f4"
        d="M23 12.3c0-.8-.1-1.6-.2-2.3H12v4.5h6.2a5.3 5.3 0 0 1-2.3 3.5v2.9h3.7c2.2-2 3.4-5 3.4-8.6z"
      />
      <path
        fill="#34a853"
        d="M12 23.5c3.1 0 5.7-1 7.6-2.8l-3.7-2.9a6.9 6.9 0 0 1-10.3-3.6H1.8v3A11.5 11.5 0 0 0 12 23.500z"
      />
      <path
        fill="#fbbc05"
        d="M5.600 14.200a6.900 6.900 0 0 1 0-4.400v-3H1.800a11.500 11.500 0 0 0 0 10.400z"
      />
      <path
        fill="#ea4335"
        d="M12 5.100c1.700 0 3.200.6 4.400 1.700l3.300-3.300A11.500 11.500 0 0 0 1.800 6.800l3.800 3A6.900 6.900 0 0 1 12 5.100z"
      />
    </svg>
  );
}
