// Connecting Google Calendar: a window of Google's, and its word when it is done.

import { useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useChange } from '../../lib/api.ts';
import { every } from '../../lib/clock.ts';
import { texts } from '../../texts/texts.ts';
import { useToasts } from '../../ui/toasts.tsx';

const LOOK_MS = 500;
const WINDOW = 'popup,width=520,height=700';

interface Done {
  readonly type: 'calendar-oauth';
  readonly status: 'connected' | 'failed';
}

export function useConnect(clientId: string): { isConnecting: boolean; connect: () => void } {
  const initiate = useChange('POST /api/clients/{client_id}/calendar/oauth/initiate');
  const [isConnecting, setConnecting] = useState(false);
  const popup = useRef<Window | null>(null);
  const queries = useQueryClient();
  const toasts = useToasts();

  useEffect(() => {
    if (!isConnecting) return;
    const refresh = () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [name] }) => String(name).includes('/calendar/'),
      });
    const done = ({ data }: MessageEvent<Done>) => {
      if (data.type !== 'calendar-oauth') return;
      setConnecting(false);
      void refresh();
      if (data.status === 'connected') toasts.done(texts.calendar.nowConnected);
      else toasts.refused(texts.calendar.connectFailed);
    };
    const channel = new BroadcastChannel('calendar-oauth');
    channel.addEventListener('message', done);
    // Closed by hand: nothing more will come.
    const stop = every(LOOK_MS, () => {
      if (!popup.current?.closed) return;
      setConnecting(false);
      void refresh();
    });
    return () => {
      channel.close();
      stop();
    };
  }, [isConnecting, queries, toasts]);

  const connect = async () => {
    // At once, while the click counts: later the browser would block it.
    popup.current = window.open('', 'calendar-oauth', WINDOW);
    if (!popup.current) {
      toasts.refused(texts.calendar.popupBlocked);
      return;
    }
    try {
      const { authorization_url: address } = await initiate.mutateAsync({
        params: { client_id: clientId },
      });
      popup.current.location.href = address;
      setConnecting(true);
    } catch (error) {
      popup.current.close();
      toasts.failed(error);
    }
  };
  return { isConnecting: isConnecting || initiate.isPending, connect: () => void connect() };
}
