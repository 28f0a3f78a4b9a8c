// Speaks with the first voice that works, and lets another go on with what one that failed has left unsaid.

import { abortable, Scope } from '../lib/abort.ts';
import type { Items } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { Chain, openFirst } from './fallback.ts';
import type { ChainParts, Member } from './fallback.ts';
import { SpokenPart } from './spoken-part.ts';
import { Script } from './script.ts';
import type { SpeakOptions, Speech, TextToSpeech } from './types.ts';

/** Silence in the middle of speech, in all, before the line counts as having run dry. */
const DRY_MS = 40;
/** Collected before a voice that has let the line run dry is heard again; more when there is no other voice. */
const REFILL_MS = 200;
const REFILL_MS_ALONE = 500;
/** The line has run dry so often: this voice is slower than speech. */
const DRY_MAX = 2;

/** Resolves when one voice can be reached. */
export async function openSpeaking(
  members: readonly Member<TextToSpeech>[],
  parts: ChainParts,
): Promise<TextToSpeech & Disposable> {
  const { clock, log } = parts;
  const chain = new Chain(members, parts);
  await openFirst(chain);
  return { synthesize, [Symbol.dispose]: () => chain[Symbol.dispose]() };

  async function* synthesize(
    text: AsyncIterable<string>,
    options: SpeakOptions,
  ): AsyncGenerator<Speech> {
    using scope = new Scope(options.signal);
    const script = new Script(text, scope.signal);
    const line = { ...options, signal: scope.signal };
    let saidMs = 0;
    let from = 0;
    let failure: unknown;
    try {
      for (const member of withRepeats(chain)) {
        const part = new SpokenPart(saidMs);
        try {
          const voice = await chain.session(member.vendor);
          const pieces = script.from(from, (piece) => part.addText(piece));
          const speech = abortable(voice.synthesize(pieces, line), scope.signal);
          const others = chain.hasOther(member.vendor);
          yield* inTime(part, speech, line.sampleRate, { clock, others, name: member.vendor.name });
          yield* part.lastWords();
          chain.worked(member.vendor);
          return;
        } catch (error) {
          options.signal.throwIfAborted();
          if (script.failed) throw error;
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
    } finally {
      scope.abort(new Error('nobody hears this voice any more'));
    }
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

/** The audio of one voice as it comes, its words when their audio has come; rejects when it is slower than speech. */
async function* inTime(
  part: SpokenPart,
  speech: Items<Speech>,
  sampleRate: number,
  { clock, others, name }: { clock: Clock; others: boolean; name: string },
): AsyncGenerator<Speech> {
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
      for (const each of refilling) yield* part.addAudio(each, sampleRate);
      refilling = [];
    }
    for (const each of refilling) yield* part.addAudio(each, sampleRate);
  } finally {
    // Not awaited: the voice may be stuck in a read.
    speech.return().catch(() => {});
  }
}

function isStalled(error: unknown): boolean {
  return error instanceof AppError && error.upstream?.stalled === true;
}
