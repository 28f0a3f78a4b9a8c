// The command line of `npm run call`.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { places } from '../../sandbox/phone/places.ts';

export interface CallOptions {
  /** Undefined: the demo client's number. */
  readonly to: string | undefined;
  readonly from: string;
  readonly voice: string;
  /** What the caller says, one after the other; empty: books an appointment. */
  readonly say: readonly string[];
  /** Breaks into the agent's speech after this many milliseconds of it. */
  readonly bargeInMs: number | undefined;
  readonly dtmf: string | undefined;
  readonly hangUpAfterMs: number | undefined;
  readonly silent: boolean;
  /** By how many decibels the caller speaks more faintly than the voice is. */
  readonly fainterDb: number | undefined;
  /** Root mean square, in steps of 16-bit audio. */
  readonly noise: number | undefined;
  /** What the noise is; undefined: a line's. */
  readonly place: string | undefined;
  /** 1 is the voice's own pace. */
  readonly speed: number | undefined;
  /** Share of the caller's frames that are lost, from 0. */
  readonly loss: number | undefined;
  /** File with steps, or with a whole script: see sandbox/phone/caller-script.ts. */
  readonly script: string | undefined;
  /** Tells what the server has stored, turn by turn. */
  readonly record: boolean;
  readonly echo: { readonly delayMs: number; readonly fainterDb: number } | undefined;
  readonly calls: number;
  readonly json: boolean;
  readonly dataDir: string;
}

/** Line noise of `--noise`: some -40 dBFS. */
const NOISE_RMS = 300;
/** How loud the voices are in their words, root mean square: -18.5 dBFS; slt is 4 dB louder. */
const VOICE_RMS = 3900;
/** How much fainter `--echo` comes back, unless told: a phone on a table. */
const ECHO_FAINTER_DB = 15;
const CALLS_MAX = 500;

export const help = `Phones the running server (npm start) through the sandbox's phone and tells what happens.
Without options the caller books an appointment by voice.

  npm run call -- [options]

What the caller does
  --say TEXT          says TEXT when the agent has finished; may be given several times
  --barge-in MS       says the first --say (or "sorry, one moment") MS after the agent begins to speak
  --dtmf KEYS         presses keys (0-9 * # A-D) after the greeting
  --hang-up-after S   hangs up S seconds after dialling
  --silent            says nothing and waits until the agent gives up
  --fainter DB        speaks more faintly, by DB decibels (0 to 60)
  --noise             line noise behind the caller, some 20 dB below the voice
  --noise-below DB    so many decibels below the voice (0 to 60); 10 is a loud place, 5 a very loud one
  --place PLACE       what the noise is: line (default), car, street, or a WAV file of 8 kHz
  --echo MS[,DB]      the agent's voice comes back MS later (40 to 600) and DB decibels fainter (default 15)
  --speed FACTOR      how fast the caller speaks, 0.5 to 2
  --loss PERCENT      so much of what the caller says is lost on the way
  --script FILE       does what the file says: a JSON list of steps, or an object with steps and more of a
                      script, as sandbox/phone/caller-script.ts describes it
  --voice NAME        kal (default: the clearest), slt, rms or awb

Who calls whom
  --to NUMBER         number to call (default: the demo client's)
  --from NUMBER       number shown (default +14155550123)
  --calls N           N callers at once, numbers counted up from --from

Output
  --record            also tells what the server has stored: turns as heard, tools, messages, texts, summary
  --json              one JSON event a line, nothing else
  --data-dir DIR      where the server keeps its data (default: DATA_DIR, or ./data)
  --help              this text

The exit code is 0 when every call was answered, heard an agent and ended in good order.`;

/** Throws an Error with a sentence for the user. `undefined`: the help was asked for. */
export function readCallOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CallOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      to: { type: 'string' },
      from: { type: 'string', default: '+14155550123' },
      voice: { type: 'string', default: 'kal' },
      say: { type: 'string', multiple: true, default: [] },
      'barge-in': { type: 'string' },
      dtmf: { type: 'string' },
      'hang-up-after': { type: 'string' },
      silent: { type: 'boolean', default: false },
      fainter: { type: 'string' },
      noise: { type: 'boolean', default: false },
      'noise-below': { type: 'string' },
      place: { type: 'string' },
      echo: { type: 'string' },
      speed: { type: 'string' },
      loss: { type: 'string' },
      script: { type: 'string' },
      record: { type: 'boolean', default: false },
      calls: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { to, from, voice, say, dtmf, silent, json } = values;
  if (!['kal', 'slt', 'rms', 'awb'].includes(voice)) {
    throw new Error(`--voice must be kal, slt, rms or awb, not '${voice}'`);
  }
  if (dtmf !== undefined && !/^[0-9*#A-D]{1,32}$/.test(dtmf)) {
    throw new Error(`--dtmf must be keys out of 0-9 * # A-D, not '${dtmf}'`);
  }
  const speed = number('speed', values.speed, 2);
  if (speed !== undefined && speed < 0.5) throw new Error('--speed must be at least 0.5');
  const loss = number('loss', values.loss, 90);
  const seconds = number('hang-up-after', values['hang-up-after'], 3600);
  return {
    to,
    from,
    voice,
    say,
    bargeInMs: number('barge-in', values['barge-in'], 60_000),
    dtmf,
    hangUpAfterMs: seconds === undefined ? undefined : Math.round(seconds * 1000),
    silent,
    fainterDb: number('fainter', values.fainter, 60),
    noise: noiseOf(values),
    place: placeOf(values.place),
    echo: echoOf(values.echo),
    speed,
    loss: loss === undefined ? undefined : loss / 100,
    script: values.script,
    record: values.record,
    calls: Math.max(1, Math.floor(number('calls', values.calls, CALLS_MAX) ?? 1)),
    json,
    dataDir: values['data-dir'] ?? environment['DATA_DIR'] ?? 'data',
  };
}

/** Any of the three options makes the place loud. */
function noiseOf(values: {
  readonly noise?: boolean;
  readonly 'noise-below'?: string | undefined;
  readonly place?: string | undefined;
}): number | undefined {
  const belowDb = number('noise-below', values['noise-below'], 60);
  if (belowDb !== undefined) return Math.round(VOICE_RMS * 10 ** (-belowDb / 20));
  return values.noise || values.place !== undefined ? NOISE_RMS : undefined;
}

function placeOf(given: string | undefined): string | undefined {
  return given === undefined || places.includes(given) ? given : resolve(given);
}

function echoOf(given: string | undefined): CallOptions['echo'] {
  if (given === undefined) return undefined;
  const [delayMs = 0, fainterDb = ECHO_FAINTER_DB, ...others] = given.split(',').map(Number);
  const right = delayMs >= 40 && delayMs <= 600 && fainterDb >= 0 && fainterDb <= 60;
  if (right && others.length === 0) return { delayMs: Math.round(delayMs), fainterDb };
  throw new Error(
    `--echo must be milliseconds from 40 to 600, and decibels from 0 to 60 after a comma, not '${given}'`,
  );
}

function number(name: string, given: string | undefined, max: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (Number.isFinite(value) && value >= 0 && value <= max) return value;
  throw new Error(`--${name} must be a number from 0 to ${max}, not '${given}'`);
}
