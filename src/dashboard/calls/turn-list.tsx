// What was said, turn by turn, with the tools that ran in between.

import { classes } from '../lib/class-names.ts';
import { formatLatency, formatTime } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import { ToolLine } from './tool-line.tsx';
import type { Turn, Utterance } from './turns.ts';

export interface TurnListProps {
  readonly turns: readonly Turn[];
  /** For the times; without it none are shown. */
  readonly zone?: string | undefined;
  /** Words of the caller that belong to no turn yet. */
  readonly settled?: string;
  readonly interim?: string;
}

export function TurnList({ turns, zone, settled = '', interim = '' }: TurnListProps) {
  return (
    <ol className="space-y-3">
      {turns.map(({ number, user, assistant, tools, latency }) => (
        <li key={number} className="space-y-2">
          {user && <Bubble who="caller" said={user} zone={zone} />}
          {tools.map((run, place) => (
            // Tools of a turn come in order and are only added to.
            // oxlint-disable-next-line react/no-array-index-key
            <ToolLine key={place} run={run} />
          ))}
          {assistant && (
            <Bubble
              who="receptionist"
              said={assistant}
              zone={zone}
              note={
                latency?.response_ms === null || latency?.response_ms === undefined
                  ? undefined
                  : texts.calls.answeredIn(formatLatency(latency.response_ms))
              }
            />
          )}
        </li>
      ))}
      {(settled !== '' || interim !== '') && (
        <li className="flex justify-end">
          <p className="max-w-[85%] rounded-2xl rounded-br-md border border-dashed border-line-strong px-3.5 py-2 text-sm">
            <span className="sr-only">{texts.calls.caller}: </span>
            {settled} <span className="text-faint">{interim}</span>
          </p>
        </li>
      )}
    </ol>
  );
}

interface BubbleProps {
  readonly who: 'caller' | 'receptionist';
  readonly said: Utterance;
  readonly zone: string | undefined;
  readonly note?: string | undefined;
}

function Bubble({ who, said, zone, note }: BubbleProps) {
  const ofCaller = who === 'caller';
  const below = [zone && formatTime(said.timestamp, zone), note].filter(Boolean).join(' · ');
  return (
    <div className={classes('flex flex-col', ofCaller ? 'items-end' : 'items-start')}>
      <p
        className={classes(
          'max-w-[85%] rounded-2xl px-3.5 py-2 text-sm whitespace-pre-wrap',
          ofCaller ? 'rounded-br-md bg-hover' : 'rounded-bl-md bg-accent-soft',
        )}
      >
        <span className="sr-only">
          {ofCaller ? texts.calls.caller : texts.calls.receptionist}:{' '}
        </span>
        {said.content}
        {said.interrupted && (
          <span className="text-xs text-faint">
            {' '}
            <span aria-hidden className="line-through">
              {' '}
              …{' '}
            </span>{' '}
            {texts.calls.interrupted}
          </span>
        )}
      </p>
      {below && <p className="numbers mt-0.5 px-1 text-2xs text-faint">{below}</p>}
    </div>
  );
}
