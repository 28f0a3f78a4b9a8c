// What a caller dictates is read back before anything is done with it: a rule of ours, not of the model.

import {
  dictatedIn,
  dictatedPhone,
  isIn,
  isSameNumber,
  wasConfirmed,
  wasTyped,
} from '../pipeline/confirmed-values.ts';
import type { Dictated } from '../pipeline/confirmed-values.ts';
import type { Message, Tool, ToolContext, ToolResult } from '../pipeline/types.ts';
import { readBackSentence } from './stock-sentences.ts';

/** Of one value: a line on which it cannot be understood must not go round in circles. */
const READ_BACKS_MAX = 2;
/** Values of one call that are counted. */
const VALUES_MAX = 50;
/** As deep as arguments are looked through. */
const DEPTH_MAX = 4;

/** Names of arguments that hold a number or an address, whoever has said it. */
const valueNames = /phone|mobile|\btel|_tel|fax|whats_?app|e_?-?mail/i;

const hint =
  'Nothing is done yet. When the caller says yes, call this again with the same values; when they correct you, with the right ones.';
const givenUp =
  'It could not be confirmed. Call this again without it, and say in the text, if there is one, that it is uncertain.';

/**
 * The same tool, which first has numbers and addresses confirmed: read back to the caller, as it was heard, and answered
 * with a yes. The number that the caller calls from needs none, nor does what somebody has typed.
 */
export function withReadBack(tool: Tool, language: string): Tool {
  /** How often each was read back. */
  const counts = new Map<string, number>();
  return {
    ...tool,
    async run(args, context) {
      const unconfirmed = [...valuesIn(args, language)].find((each) => isOpen(each, context));
      if (!unconfirmed) return tool.run(args, context);
      return readBack(unconfirmed.value, context);
    },
  };

  function isOpen({ value, named }: Found, context: ToolContext): boolean {
    const { callerPhone, typed } = context;
    const said = context.said();
    if (callerPhone !== undefined && isSameNumber(value, callerPhone)) return false;
    if (typed && wasTyped(value, said)) return false;
    if (!named && (countOf(value) >= READ_BACKS_MAX || !wasDictated(value, said, language))) {
      return false;
    }
    return !wasLookedUp(value, said, language) && !wasConfirmed(value, said, language);
  }

  function readBack(value: Dictated, context: ToolContext): ToolResult {
    const count = countOf(value) + 1;
    if (counts.size < VALUES_MAX) counts.set(keyOf(value), count);
    if (count > READ_BACKS_MAX) {
      return { text: JSON.stringify({ error: 'unconfirmed', hint: givenUp }) };
    }
    context.stay();
    return {
      text: JSON.stringify({ error: NEEDS_READ_BACK, hint }),
      say: readBackSentence(language, value.text),
      asks: true,
    };
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
}

function* valuesIn(args: unknown, language: string, name = '', depth = 0): Generator<Found> {
  if (typeof args === 'string') {
    const named = valueNames.test(name);
    const phone = named ? dictatedPhone(args, language) : undefined;
    if (phone) yield { value: phone, named };
    else for (const value of dictatedIn(args)) yield { value, named };
    return;
  }
  if (typeof args !== 'object' || args === null || depth === DEPTH_MAX) return;
  for (const [key, each] of Object.entries(args)) {
    yield* valuesIn(each, language, Array.isArray(args) ? name : key, depth + 1);
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
