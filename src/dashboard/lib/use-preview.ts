// Hears a sentence in a voice: one at a time, as a caller would hear it.

import { useEffect, useRef, useState } from 'react';
import { api } from './api.ts';
import type { Given } from './api.ts';

type Wanted = Given<'POST /api/clients/{client_id}/voices/preview'>['body'];

export interface Preview {
  /** What is being fetched or heard now, by the key it was started with. */
  readonly playing: string | undefined;
  readonly isLoading: boolean;
  readonly error: unknown;
  play(key: string, wanted: Wanted): void;
  stop(): void;
}

export function usePreview(clientId: string): Preview {
  const [playing, setPlaying] = useState<string>();
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState<unknown>();
  const current = useRef<{
    readonly abort: AbortController;
    url?: string;
    audio?: HTMLAudioElement;
  }>(undefined);

  const stop = () => {
    const { abort, audio, url } = current.current ?? {};
    current.current = undefined;
    abort?.abort();
    audio?.pause();
    if (url) URL.revokeObjectURL(url);
    setPlaying(undefined);
    setLoading(false);
  };
  const latestStop = useRef(stop);
  useEffect(() => {
    latestStop.current = stop;
  });
  useEffect(() => () => latestStop.current(), []);

  const play = async (key: string, wanted: Wanted) => {
    stop();
    const mine: NonNullable<typeof current.current> = { abort: new AbortController() };
    current.current = mine;
    setPlaying(key);
    setLoading(true);
    setError(undefined);
    try {
      const sound = await api.call(
        'POST /api/clients/{client_id}/voices/preview',
        { params: { client_id: clientId }, body: wanted },
        { signal: mine.abort.signal },
      );
      if (current.current !== mine) return;
      mine.url = URL.createObjectURL(sound);
      mine.audio = new Audio(mine.url);
      mine.audio.addEventListener('ended', () => {
        if (current.current === mine) stop();
      });
      setLoading(false);
      await mine.audio.play();
    } catch (failure) {
      if (current.current !== mine) return;
      stop();
      setError(failure);
    }
  };
  return { playing, isLoading, error, stop, play: (key, wanted) => void play(key, wanted) };
}
