// What a caller dictates is read back before anything is done with it: a rule of ours, not of the model.

import {
  dictatedIn,
  dictatedPhone,
  isIn,
  isSameNumber,
  spelledName,
  wasConfirmed,
  wasTyped,
} from '../../pipeline/dictation/confirmed-values.ts';
import type { Dictated } from '../../pipeline/dictation/confirmed-values.ts';
import { isMailbox } from '../../pipeline/dictation/email-address.ts';
import { listeningWords } from '../../pipeline/languages/find-language.ts';
import type { ListeningWords } from '../../pipeline/languages/language.ts';
import { plainLetters } from '../../pipeline/dictation/spelled-words.ts';
import { asEmail, emailsIn, hasAt } from '../../pipeline/dictation/spoken-emails.ts';
import type { Message, Tool, ToolContext, ToolResult } from '../../pipeline/types.ts';
import { readBackSentence } from '../stored-speech/stock-sentences.ts';

/** Of one value: a line on which it cannot be understood must not go round in circles. */
const READ_BACKS_MAX = 2;
/** Values of one call that are counted. */
const VALUES_MAX = 50;
/** Of what was said last, in characters, as much is looked through: a chat may hold a hundred times more. */
const SAID_CHARACTERS_MAX = 20_000;
/** As deep as arguments are looked through. */
const DEPTH_MAX = 4;

/** Names of arguments that hold a number or an address, whoever has said it. */
const valueNames = /phone|mobile|\btel|_tel|fax|whats_?app|e_?-?mail/i;
/** Of these, the ones that hold nothing but an address. */
const emailNames = /(?:^|[a-z_])e_?-?mail(?:_?address(?:es)?|s)?$/i;
/** And those that hold somebody's name, which is read back when it was spelled. */
const nameNames = /name$/i;

const hint =
  'Nothing is done yet. When the caller says yes, call this again with the same values; when they correct you, with the right ones.';
const spelledHint =
  'Nothing is done yet. When the caller says yes, call this again with the name exactly as it was spelled; when they correct you, with the right one.';
const misspelled =
  'Nothing is done: the caller spelled it otherwise. Call this again with the name as it was spelled.';
const noEmail =
  'Nothing is done: no mailbox can have this address. Ask the caller to say it again, letter by letter, or call this again without it.';
const givenUp =
  'It could not be confirmed. Call this again without it, and say in the text, if there is one, that it is uncertain.';

/**
 * The same tool, which first has numbers, addresses and names that were spelled confirmed: read back to the caller, as
 * they were heard, and answered with a yes. A name is taken only as it was spelled, an address as it is written, and only
 * where a mailbox can have it. The number that the caller calls from needs none, nor does what somebody has typed.
 */
export function withReadBack(tool: Tool, language: string): Tool {
  /** How often each was read back. */
  const counts = new Map<string, number>();
  return {
    ...tool,
    async run(given, context) {
      const words = listeningWords(language);
      const said = lately(context.said());
      const dictated = said
        .flatMap((each) => (each.role === 'user' ? emailsIn(each.text, words, true) : []))
        .map(({ address }) => address);
      const args = withAddresses(given, words, new Set(dictated));
      const impossible = emailsOf(args).find((each) => !canBeEmail(each, words));
      if (impossible !== undefined) {
        const rest = { given: impossible, hint: noEmail };
        return { text: JSON.stringify({ error: 'invalid_email', ...rest }) };
      }
      const values = [...valuesIn(args, { language, said })];
      const unconfirmed = values.find((each) => isOpen(each, context, said));
      if (unconfirmed) return readBack(unconfirmed.value, context);
      const wrong = values.find(isWrong);
      // Not for ever: a model that does not listen would never book.
      if (!wrong || countOf(wrong.value) > READ_BACKS_MAX) return tool.run(args, context);
      count(wrong.value);
      const { text: spelled } = wrong.value;
      return { text: JSON.stringify({ error: 'misspelled', spelled, hint: misspelled }) };
    },
  };

  function isOpen(
    { value, named }: Found,
    { callerPhone, typed }: ToolContext,
    said: readonly Message[],
  ): boolean {
    if (callerPhone !== undefined && isSameNumber(value, callerPhone)) return false;
    if (typed && (value.kind === 'name' || wasTyped(value, said))) return false;
    if (!named && countOf(value) >= READ_BACKS_MAX) return false;
    if (!named && value.kind !== 'name' && !wasDictated(value, said, language)) return false;
    return !wasLookedUp(value, said, language) && !wasConfirmed(value, said, language);
  }

  function readBack(value: Dictated, context: ToolContext): ToolResult {
    if (count(value) > READ_BACKS_MAX) {
      return { text: JSON.stringify({ error: 'unconfirmed', hint: givenUp }) };
    }
    context.stay();
    return {
      text: JSON.stringify({
        error: NEEDS_READ_BACK,
        ...(value.kind === 'name' ? { spelled: value.text, hint: spelledHint } : { hint }),
      }),
      say: readBackSentence(language, value.text),
      asks: true,
    };
  }

  function count(value: Dictated): number {
    const counted = countOf(value) + 1;
    if (counts.size < VALUES_MAX) counts.set(keyOf(value), counted);
    return counted;
  }

  function countOf(value: Dictated): number {
    return counts.get(keyOf(value)) ?? 0;
  }
}

const NEEDS_READ_BACK = 'needs_read_back';

interface Found {
  readonly value: Dictated;
  /** The argument is for such a value; else it stands in a text. */
  readonly named: boolean;
  /** What stands in the argument. */
  readonly given: string;
}

/** The model has taken down something else than was spelled. */
function isWrong({ value, given }: Found): boolean {
  return value.kind === 'name' && !plainLetters(given).includes(value.letters);
}

/** Arguments for addresses, and within texts those that were `dictated`, as they are written. */
function withAddresses(
  args: unknown,
  words: ListeningWords,
  dictated: ReadonlySet<string>,
  name = '',
  depth = 0,
): unknown {
  if (typeof args === 'string') {
    if (emailNames.test(name)) return asEmail(args, words) ?? args;
    return emailsIn(args, words, true)
      .filter(({ address }) => dictated.has(address))
      .reduceRight(
        (text, { address, start, end }) => text.slice(0, start) + address + text.slice(end),
        args,
      );
  }
  if (typeof args !== 'object' || args === null || depth === DEPTH_MAX) return args;
  if (Array.isArray(args))
    return args.map((each) => withAddresses(each, words, dictated, name, depth + 1));
  const entries = Object.entries(args).map(([key, each]) => [
    key,
    withAddresses(each, words, dictated, key, depth + 1),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** What has no @ in it says something else: "none". */
function canBeEmail(text: string, words: ListeningWords): boolean {
  return (
    isMailbox(text) ||
    !hasAt(text, words) ||
    (/\s/.test(text) && emailsIn(text, words, true).length > 0)
  );
}

/** What stands in arguments that hold nothing but an address. */
function emailsOf(args: unknown, name = '', depth = 0): string[] {
  if (typeof args === 'string') return emailNames.test(name) && args !== '' ? [args] : [];
  if (typeof args !== 'object' || args === null || depth === DEPTH_MAX) return [];
  return Object.entries(args).flatMap(([key, each]) =>
    emailsOf(each, Array.isArray(args) ? name : key, depth + 1),
  );
}

/** The last messages, as many as are looked through; the very last one in any case. */
function lately(said: readonly Message[]): readonly Message[] {
  let characters = 0;
  const since = said.findLastIndex((each) => {
    characters += each.role === 'tool' ? each.result.length : each.text.length;
    return characters > SAID_CHARACTERS_MAX;
  });
  return said.slice(Math.min(since + 1, said.length - 1));
}

interface Heard {
  readonly language: string;
  readonly said: readonly Message[];
}

function* valuesIn(args: unknown, heard: Heard, name = '', depth = 0): Generator<Found> {
  const { language, said } = heard;
  if (typeof args === 'string') {
    const given = args;
    const spelled = nameNames.test(name) ? spelledName(given, said) : undefined;
    if (spelled) yield { value: spelled, named: false, given };
    const named = valueNames.test(name);
    const phone = named ? dictatedPhone(args, language) : undefined;
    if (phone) yield { value: phone, named, given };
    else for (const value of dictatedIn(args)) yield { value, named, given };
    return;
  }
  if (typeof args !== 'object' || args === null || depth === DEPTH_MAX) return;
  for (const [key, each] of Object.entries(args)) {
    yield* valuesIn(each, heard, Array.isArray(args) ? name : key, depth + 1);
  }
}

/** Whether the caller has said it: what stands in a text may come from anywhere. */
function wasDictated(value: Dictated, said: readonly Message[], language: string): boolean {
  return said.some(
    ({ role, ...each }) => role === 'user' && 'text' in each && isIn(value, each.text, language),
  );
}

/** Whether it comes from a tool and not from the caller. */
function wasLookedUp(value: Dictated, said: readonly Message[], language: string): boolean {
  return said.some(
    (each) =>
      each.role === 'tool' &&
      !each.result.includes(NEEDS_READ_BACK) &&
      isIn(value, each.result, language),
  );
}

function keyOf(value: Dictated): string {
  return value.kind === 'phone' ? value.digits : value.text.toLowerCase();
}
