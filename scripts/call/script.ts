// What the caller of `npm run call` does, as a script for the sandbox's phone.

import { readFileSync } from 'node:fs';
import type { CallerScript, Step } from '../../sandbox/phone/caller-script.ts';
import type { CallOptions } from './options.ts';

/** A caller who books: answers what is asked, in any order, and says these in turn where the question is not understood. */
const booking: Step = {
  do: 'converse',
  rules: [
    {
      hears: 'how can i|help you|what can i do|book, move|^(?!.*booked).*anything else',
      say: "I'd like to book an appointment.",
      times: 3,
    },
    {
      hears: 'what day|which day|when would|day and time|day or time',
      say: 'Tomorrow morning.',
      times: 3,
    },
    {
      hears: 'which one|which of|which would|does that work',
      say: 'The first one please.',
      times: 3,
    },
    { hears: 'name', say: 'My name is Emily Johnson.', times: 2 },
    { hears: 'number|reach you', say: "The number I'm calling from.", times: 2 },
    { hears: 'correct|right|shall i|should i|confirm', say: 'Yes please.', times: 3 },
    { hears: 'booked|anything else', say: 'No thank you goodbye.', times: 3 },
  ],
};

/** Whether the caller of these options means to book. */
export function meansToBook({ say, dtmf, silent, hangUpAfterMs, script }: CallOptions): boolean {
  const told = say.length > 0 || dtmf !== undefined || script !== undefined;
  return !told && !silent && hangUpAfterMs === undefined;
}

/** The script for caller number `index`, counted from 0. */
export function scriptFor(options: CallOptions, to: string, index: number): CallerScript {
  const { voice, fainterDb, noise, place, echo, speed, loss, hangUpAfterMs, silent } = options;
  const written = options.script === undefined ? {} : readScript(options.script);
  const steps = silent ? [] : stepsOf(options);
  return {
    to,
    from: numberFrom(options.from, index),
    voice,
    steps,
    ...(fainterDb === undefined ? {} : { fainterDb }),
    ...(noise === undefined ? {} : { noise }),
    ...(place === undefined ? {} : { place }),
    ...(echo === undefined ? {} : { echo }),
    ...(speed === undefined ? {} : { speed }),
    ...(loss === undefined ? {} : { loss }),
    ...(hangUpAfterMs === undefined ? {} : { hangUpAfterMs }),
    // A caller who says nothing, or keys only, waits for the other side to end the call.
    ...(silent ? { stay: true } : {}),
    ...written,
  };
}

/** Throws an Error with a sentence for the user. The phone checks what stands in it. */
function readScript(file: string): Partial<CallerScript> {
  try {
    const written = JSON.parse(readFileSync(file, 'utf8')) as Step[] | Partial<CallerScript>;
    return Array.isArray(written) ? { steps: written } : written;
  } catch (error) {
    throw new Error(`--script ${file} cannot be read: ${String(error)}`, { cause: error });
  }
}

function stepsOf({ say, bargeInMs, dtmf }: CallOptions): Step[] {
  const steps: Step[] = [];
  const texts = [...say];
  if (bargeInMs !== undefined) {
    const text = texts.shift() ?? 'Sorry, one moment.';
    steps.push({ do: 'barge-in', afterMs: Math.round(bargeInMs), text });
  }
  if (dtmf !== undefined) steps.push({ do: 'press', digits: dtmf });
  for (const text of texts) steps.push({ do: 'say', text });
  if (say.length === 0 && dtmf === undefined) steps.push(booking);
  return steps;
}

/** The number `index` places after `first`: callers who phone at once are different people. */
function numberFrom(first: string, index: number): string {
  if (index === 0 || !/^\+\d{7,15}$/.test(first)) return first;
  return `+${BigInt(first.slice(1)) + BigInt(index)}`;
}
