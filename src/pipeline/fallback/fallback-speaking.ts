// Speaks with the first voice that works, and lets another go on with what one that failed has left unsaid.

import { abortable } from '../../lib/abort.ts';
import type { Channel, Items } from '../../lib/channel.ts';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { produce } from '../../lib/produce.ts';
import { Chain, openFirst } from './fallback.ts';
import type { ChainParts, Member } from './fallback.ts';
import { SpokenPart } from './spoken-part.ts';
import { Script } from './script.ts';
import type { SpeakOptions, Speech, TextToSpeech } from '../types.ts';

/** Pieces of speech that a voice may be ahead of the line. */
const SPEECH_AHEAD = 64;
/** Silence in the middle of speech, in all, before the line counts as having run dry. */
const DRY_MS = 40;
/** Collected before a voice that has let the line run dry is heard again; more when there is no other voice. */
const REFILL_MS = 200;
const REFILL_MS_ALONE = 500;
/** The line has run dry so often: this voice is slower than speech. */
const DRY_MAX = 2;
/** A voice that is needed now must be open by then. */
const OPEN_MS = 1000;
/** No further voice is tried after so long without a sound: the caller hears an apology. */
const NEXT_MS = 3000;

/** Resolves when one voice can be reached. */
export async function openSpeaking(
  members: readonly Member<TextToSpeech>[],
  parts: ChainParts,
): Promise<TextToSpeech & Disposable> {
  const { clock, log } = parts;
  const chain = new Chain(members, parts);
  await openFirst(chain);
  return { synthesize, [Symbol.dispose]: () => chain[Symbol.dispose]() };

  function synthesize(text: AsyncIterable<string>, options: SpeakOptions): Channel<Speech> {
    return produce(SPEECH_AHEAD, options.signal, async (put, signal) => {
      const script = new Script(text, signal);
      const line = { ...options, signal };
      let saidMs = 0;
      let from = 0;
      let failure: unknown;
      /** Since the last text that was given, or the last sound. */
      let silentSinceMs = clock.elapsed();
      for (const member of withRepeats(chain)) {
        if (failure !== undefined && clock.elapsed() - silentSinceMs >= NEXT_MS) break;
        const part = new SpokenPart(saidMs);
        const { pricedAs } = member.vendor;
        let given = 0;
        try {
          const { name } = member.vendor;
          const late = () => new AppError('vendor_failed', `${name}: not open in time`);
          const voice = await within(clock, OPEN_MS, chain.session(member.vendor), late);
          const pieces = script.from(from, (piece) => {
            part.addText(piece);
            given += piece.length;
            if (failure === undefined) silentSinceMs = clock.elapsed();
            options.onGiven?.(pricedAs, piece.length);
          });
          const speech = abortable(voice.synthesize(pieces, line), signal);
          const others = chain.hasOther(member.vendor);
          const putOn = (each: Speech) => {
            if (each.type === 'audio') silentSinceMs = clock.elapsed();
            return put(each);
          };
          await speakInTime(part, speech, line.sampleRate, { clock, others, name, put: putOn });
          for (const words of part.lastWords()) await put(words);
          chain.worked(member.vendor);
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (script.failed) throw error;
          if (!part.heardAnything) options.onGiven?.(pricedAs, -given);
          failure = error;
          from += part.saidCharacters();
          saidMs = part.endMs;
          // Its connection was lost while it spoke: another voice in the same sentence would be the last resort.
          const lost = part.heardAnything && !isStalled(error);
          if (lost && !member.repeated) {
            log.warn('a voice was lost while it spoke', { vendor: member.vendor.name, error });
            member.repeat();
          } else chain.failed(member.vendor, error);
          if (script.ended && script.rest(from).trim() === '') return;
        }
      }
      throw failure;
    });
  }
}

interface Attempt {
  readonly vendor: Member<TextToSpeech>;
  readonly repeated: boolean;
  /** The same voice again, before others. */
  repeat(): void;
}

function* withRepeats(chain: Chain<TextToSpeech>): Generator<Attempt, undefined> {
  for (const vendor of chain.attempts()) {
    let again = false;
    yield { vendor, repeated: false, repeat: () => (again = true) };
    if (again) yield { vendor, repeated: true, repeat: () => {} };
  }
}

interface InTime {
  readonly clock: Clock;
  readonly others: boolean;
  readonly name: string;
  readonly put: (speech: Speech) => Promise<void>;
}

/** Passes the audio of one voice on as it comes, its words when their audio has come; rejects when it is slower than speech. */
async function speakInTime(
  part: SpokenPart,
  speech: Items<Speech>,
  sampleRate: number,
  { clock, others, name, put }: InTime,
): Promise<void> {
  /** What the line has to play, as far as we know, and how long it has had nothing. */
  let aheadMs = 0;
  let lateMs = 0;
  let dry = 0;
  let refilling: Speech[] = [];
  let missingMs = 0;
  try {
    while (true) {
      const sinceMs = clock.elapsed();
      const step = await speech.next();
      if (step.done) break;
      if (step.value.type === 'words') {
        part.addWords(step.value.words);
        continue;
      }
      const ms = (step.value.samples.length / sampleRate) * 1000;
      if (part.heardAnything && missingMs <= 0) aheadMs -= clock.elapsed() - sinceMs;
      if (aheadMs < 0 && part.owes) lateMs -= aheadMs;
      if (lateMs > DRY_MS) {
        dry += 1;
        lateMs = 0;
        if (dry >= DRY_MAX && others) {
          throw new AppError('vendor_failed', `${name}: slower than speech`, {
            upstream: { stalled: true },
          });
        }
        missingMs = others ? REFILL_MS : REFILL_MS_ALONE;
      }
      aheadMs = Math.max(0, aheadMs) + ms;
      refilling.push(step.value);
      missingMs -= ms;
      if (missingMs > 0) continue;
      await passOn(refilling);
      refilling = [];
    }
    await passOn(refilling);
  } finally {
    // Not awaited: the voice may be stuck in a read.
    speech.return().catch(() => {});
  }

  async function passOn(pieces: readonly Speech[]): Promise<void> {
    for (const piece of pieces) {
      for (const each of part.addAudio(piece, sampleRate)) await put(each);
    }
  }
}

function isStalled(error: unknown): boolean {
  return error instanceof AppError && error.upstream?.stalled === true;
}
