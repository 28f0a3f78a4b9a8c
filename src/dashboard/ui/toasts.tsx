// Short news of what has just been done, or could not be; they go away by themselves.

import { createContext, useCallback, useContext, useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { after } from '../lib/clock.ts';
import { explain } from '../lib/failures.ts';
import { texts } from '../texts/texts.ts';

const SHOWN_MS = 5000;
/** A failure is read more slowly. */
const FAILURE_SHOWN_MS = 9000;
const TOASTS_MAX = 3;

interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

interface Say {
  readonly done: (text: string) => void;
  readonly failed: (error: unknown) => void;
  /** What could not be done, in words of ours. */
  readonly refused: (text: string) => void;
}

interface Shown {
  readonly toasts: readonly Toast[];
  readonly drop: (id: number) => void;
  /** Of the places for them that there are now, the last one opened. */
  readonly top: string | undefined;
  /** Opens a place, and gives what closes it. */
  readonly open: (place: string) => () => void;
}

const Saying = createContext<Say>({ done: () => {}, failed: () => {}, refused: () => {} });

const Showing = createContext<Shown>({
  toasts: [],
  drop: () => {},
  top: undefined,
  open: () => () => {},
});

export function useToasts(): Say {
  return useContext(Saying);
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const drop = useCallback(
    (id: number) => setToasts((before) => before.filter((each) => each.id !== id)),
    [],
  );
  const add = useCallback(
    (tone: Toast['tone'], text: string) => {
      const id = (next.current += 1);
      setToasts((before) => [...before, { id, tone, text }].slice(-TOASTS_MAX));
      after(tone === 'bad' ? FAILURE_SHOWN_MS : SHOWN_MS, () => drop(id));
    },
    [drop],
  );
  const [say] = useState<Say>(() => ({
    done: (text) => add('good', text),
    failed: (error) => add('bad', explain(error)),
    refused: (text) => add('bad', text),
  }));
  const [places, setPlaces] = useState<readonly string[]>([]);
  const open = useCallback((place: string) => {
    setPlaces((before) => [...before, place]);
    return () => setPlaces((before) => before.filter((each) => each !== place));
  }, []);
  return (
    <Saying value={say}>
      <Showing value={{ toasts, drop, open, top: places.at(-1) }}>
        {children}
        <ToastPlace />
      </Showing>
    </Saying>
  );
}

/**
 * Where they are shown: on the page, and in each dialog, because what is outside an open dialog is out of reach and not read out.
 * Only the last place has any.
 */
export function ToastPlace() {
  const place = useId();
  const { toasts, drop, top, open } = useContext(Showing);
  useEffect(() => open(place), [open, place]);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-20 z-50 flex flex-col items-center gap-2 md:inset-x-auto md:right-5 md:bottom-5 md:items-end"
    >
      {(place === top ? toasts : []).map(({ id, tone, text }) => (
        <div
          key={id}
          className="pointer-events-auto flex max-w-md animate-rise items-start gap-2.5 rounded-xl border border-line bg-surface py-2.5 pr-2 pl-3.5 text-sm shadow-raised"
        >
          {tone === 'good' ? (
            <CircleCheck size={17} aria-hidden className="mt-px shrink-0 text-good" />
          ) : (
            <CircleAlert size={17} aria-hidden className="mt-px shrink-0 text-bad" />
          )}
          <span className="min-w-0 flex-1">{text}</span>
          <button
            type="button"
            aria-label={texts.ui.dismiss}
            className="-m-1 rounded-md p-1.5 text-faint hover:text-ink"
            onClick={() => drop(id)}
          >
            <X size={15} aria-hidden />
          </button>
        </div>
      ))}
    </div>
  );
}
