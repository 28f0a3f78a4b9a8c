// What was said, turn by turn, with the tools that ran in between.

import { classes } from '../lib/class-names.ts';
import { formatLatency, formatTime } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import { ToolLine } from './tool-line.tsx';
import { isUnderWay } from './turns.ts';
import type { Turn, Utterance } from './turns.ts';

export interface TurnListProps {
  readonly turns: readonly Turn[];
  /** For the times; without it none are shown. */
  readonly zone?: string | undefined;
  /** Words of the caller that belong to no turn yet. */
  readonly settled?: string;
  readonly interim?: string;
  /** Of a recording that is played: the moment that is heard, and how to hear another. */
  readonly heardAt?: number | undefined;
  readonly onHear?: ((timestamp: string) => void) | undefined;
}

export function TurnList({
  turns,
  zone,
  settled = '',
  interim = '',
  heardAt,
  onHear,
}: TurnListProps) {
  const said = turns.flatMap(({ user, assistant }) => [user, assistant].filter((each) => !!each));
  const heard =
    heardAt === undefined
      ? undefined
      : said.findLast(({ timestamp }) => Date.parse(timestamp) <= heardAt);
  const items = turns.map(({ number, user, assistant, tools, latency }) => (
    <li key={number} className="space-y-2">
      {user && (
        <Bubble who="caller" said={user} zone={zone} isHeard={user === heard} onHear={onHear} />
      )}
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
          isHeard={assistant === heard}
          onHear={onHear}
          note={
            latency?.response_ms === null || latency?.response_ms === undefined
              ? undefined
              : texts.calls.answeredIn(formatLatency(latency.response_ms))
          }
        />
      )}
    </li>
  ));
  if (settled !== '' || interim !== '') {
    // The tools of the turn under way were asked for by these words.
    const place = isUnderWay(turns.at(-1)) ? turns.length - 1 : turns.length;
    items.splice(place, 0, <Words key="words" settled={settled} interim={interim} />);
  }
  return <ol className="space-y-3">{items}</ol>;
}

/** Read out once they are certain and their turn is there: not with each of their changes. */
function Words({ settled, interim }: { readonly settled: string; readonly interim: string }) {
  return (
    <li className="flex justify-end" aria-live="off">
      <p className="max-w-[85%] rounded-2xl rounded-br-md border border-dashed border-line-strong px-3.5 py-2 text-sm">
        <span className="sr-only">{texts.calls.caller}: </span>
        {settled} <span className="text-faint">{interim}</span>
      </p>
    </li>
  );
}

/** The rest of what was broken off; records of old have only that there was one. */
function Unheard({ text }: { readonly text: string | null | undefined }) {
  return (
    <span className="text-muted">
      {text ? (
        <>
          <span className="sr-only">{texts.calls.unheard} </span>
          <s>
            <bdi>{text}</bdi>
          </s>
        </>
      ) : (
        <s aria-hidden> … </s>
      )}{' '}
      <span className="text-xs">{texts.calls.interrupted}</span>
    </span>
  );
}

interface BubbleProps {
  readonly who: 'caller' | 'receptionist';
  readonly said: Utterance;
  readonly zone: string | undefined;
  readonly note?: string | undefined;
  readonly isHeard: boolean;
  readonly onHear: TurnListProps['onHear'];
}

function Bubble({ who, said, zone, note, isHeard, onHear }: BubbleProps) {
  const ofCaller = who === 'caller';
  const time = zone && formatTime(said.timestamp, zone);
  return (
    <div className={classes('flex flex-col', ofCaller ? 'items-end' : 'items-start')}>
      <p
        className={classes(
          'max-w-[85%] rounded-2xl px-3.5 py-2 text-sm wrap-anywhere whitespace-pre-wrap',
          ofCaller ? 'rounded-br-md bg-hover' : 'rounded-bl-md bg-accent-soft',
          isHeard && 'outline-2 outline-accent',
        )}
      >
        <span className="sr-only">
          {ofCaller ? texts.calls.caller : texts.calls.receptionist}:{' '}
        </span>
        <bdi>{said.content}</bdi>
        {(said.interrupted || said.unheard) && (
          <>
            {said.content !== '' && ' '}
            <Unheard text={said.unheard} />
          </>
        )}
      </p>
      {(time || note) && (
        <p className="numbers mt-0.5 px-1 text-2xs text-faint">
          {time && onHear ? (
            <button
              type="button"
              title={texts.recording.hearFrom(time)}
              className="rounded-sm underline decoration-dotted underline-offset-2 hover:text-ink"
              onClick={() => onHear(said.timestamp)}
            >
              {time}
            </button>
          ) : (
            time
          )}
          {time && note && ' · '}
          {note}
        </p>
      )}
    </div>
  );
}
