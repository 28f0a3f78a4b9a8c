// What benchmarks of loud places go through: both halves of the speech, each place at each loudness, and recognisers that hear others' words.

import { silence } from '../../test/support/sounds.ts';
import { haveRecordings } from './labelled-speech.ts';
import { overheard, placeNoise, places } from './loud-lines.ts';
import type { Place } from './loud-lines.ts';
import { printMachine } from './measure.ts';
import { RATE, spokenTurns } from './spoken-turns.ts';
import type { SpokenTurn, TimedWord } from './spoken-turns.ts';

const BELOW_DB = [20, 10, 5];

export interface Noise {
  readonly sound: Int16Array;
  /** What others say in it from a sample on, for so long, where the recogniser hears that. */
  readonly wordsOf: (from: number, ms: number) => readonly TimedWord[];
}

export interface LoudTables {
  /** What stands above its columns, behind place and loudness. */
  readonly heads: readonly string[];
  /** Every so-many-th turn is looked at, unless the command line says otherwise. */
  readonly every: number;
  /** Looked at in any case. */
  readonly always?: (turn: SpokenTurn) => boolean;
  /** A row's columns. */
  figures(turns: readonly SpokenTurn[], noise: Noise): Promise<readonly string[]>;
}

/** Prints one for each half. The command line names every how manieth turn, the half, and the places. */
export async function printLoudTables(tables: LoudTables): Promise<void> {
  if (!haveRecordings()) throw new Error('the recordings are not beside the project');
  const [every = tables.every, half, names] = process.argv.slice(2);
  const chosen = names?.split(',') ?? places;
  printMachine();
  for (const each of [0, 1] as const) {
    if (half !== undefined && half !== String(each)) continue;
    const turns = spokenTurns(each).filter(
      (turn, index) => tables.always?.(turn) || index % Number(every) === 0,
    );
    console.log(`\n## ${each === 0 ? 'Tuned on' : 'Held out'}\n`);
    console.log(`| place | below | ${tables.heads.join(' | ')} |`);
    console.log(`|${' --- |'.repeat(tables.heads.length + 2)}`);
    const row = async (name: string, below: string, noise: Noise) =>
      console.log(`| ${[name, below, ...(await tables.figures(turns, noise))].join(' | ')} |`);
    await row('quiet', '', { sound: silence(RATE, 1000), wordsOf: () => [] });
    for (const place of places.filter((one) => chosen.includes(one))) {
      for (const belowDb of BELOW_DB) {
        const sound = placeNoise(place, belowDb, each);
        await row(place, `${belowDb} dB`, { sound, wordsOf: () => [] });
        if (place !== 'television') continue;
        await row(`${place}, understood`, `${belowDb} dB`, {
          sound,
          wordsOf: wordsIn(place, each),
        });
      }
    }
  }
}

function wordsIn(place: Place, half: 0 | 1): Noise['wordsOf'] {
  return (from, ms) => overheard(place, half, from, ms);
}
