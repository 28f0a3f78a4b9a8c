// The rule-based receptionist and the tools that owners bring: which one a caller means, and what it has to be told.

import type { ChatMessage } from './dialogue.ts';
import type { Reply } from './reply.ts';
import { bareName, understand } from './understand.ts';

/** A tool as it is offered: JSON Schema. */
export interface OfferedTool {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: {
    readonly properties?: Readonly<Record<string, Parameter>>;
    readonly required?: readonly string[];
  };
}

interface Parameter {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
}

/** The product's own: they have rules of their own. */
const builtIn = new Set(
  (
    'get_available_slots book_appointment reschedule_appointment cancel_appointment take_message transfer_call ' +
    'stop_calling press_keys end_call recall_caller text_code check_code look_up'
  ).split(' '),
);
/** In the names and descriptions of too many tools to tell one from another, or words of appointments and messages. */
const common = new Set(
  (
    'a an and or of for to the is are be it its in on at by with from how what when where which who this that my your our their i ' +
    'you we they me can could do does get gets find finds check checks look looks up lookup list lists show shows tell tells give ' +
    'gives make makes send sends ask asks first caller callers customer number numbers name tool api one has have about please ' +
    'appointment appointments message call time day book'
  ).split(' '),
);
const digitWords = 'zero one two three four five six seven eight nine'.split(' ');
/** Asked so often for one thing, it is left. */
const ASKED_MAX = 2;
const PHONE_DIGITS_MIN = 7;
/** As much of an answer as is read out. */
const ANSWER_MAX = 300;

/** What a caller is about, with a tool of the owner's. */
interface Wish {
  readonly tool: OfferedTool;
  readonly args: Record<string, unknown>;
  asked: number;
  /** Sent to the tool: until its answer shows that it has still to be confirmed there is nothing more to do. */
  sent: boolean;
}

/** The next step with an owner's tool; undefined where the caller means none. Pure. */
export function ownToolReply(
  messages: readonly ChatMessage[],
  offered: readonly OfferedTool[],
): Reply | undefined {
  const tools = offered.filter(({ name }) => !builtIn.has(name));
  if (tools.length === 0) return undefined;
  const last = messages.findLast(({ role }) => role === 'user' || role === 'tool');
  const names = new Map<string, string>();
  let wish: Wish | undefined;
  for (const message of messages) {
    for (const { id, function: asked } of message.tool_calls ?? []) {
      names.set(id, asked.name);
      if (wish?.tool.name === asked.name) wish.sent = true;
    }
    const { role, content } = message;
    if (role === 'user') wish = afterWords(wish, content ?? '', tools);
    if (role !== 'tool') continue;
    const of = names.get(message.tool_call_id ?? '') ?? '';
    if (message === last && tools.some(({ name }) => name === of)) return answered(content ?? '');
    if (wish?.tool.name === of && !isUnconfirmed(content ?? '')) wish = undefined;
  }
  return last?.role === 'user' && wish ? next(wish) : undefined;
}

function afterWords(wish: Wish | undefined, said: string, tools: readonly OfferedTool[]) {
  const heard = understand(said);
  const meant = toolMeant(heard.text, tools, wish === undefined);
  if (meant && meant !== wish?.tool) return begun(meant, said);
  if (!wish) return undefined;
  const other =
    heard.bye || heard.person || heard.book || heard.move || heard.message || heard.hours;
  if (other) return undefined;
  if (wish.sent) {
    // It was read back to them: a yes has it sent again, anything else is what it should have been.
    wish.sent = false;
    if (heard.yes) return wish;
    for (const name of required(wish.tool)) delete wish.args[name];
  }
  const [wanted] = missing(wish);
  if (wanted === undefined) return undefined;
  const value = valueOf(wanted, parameterOf(wish.tool, wanted), said, true);
  wish.asked = value === undefined ? wish.asked + 1 : 0;
  if (value !== undefined) wish.args[wanted] = value;
  return wish.asked > ASKED_MAX ? undefined : wish;
}

/** Fills in what the first words say already. */
function begun(tool: OfferedTool, said: string): Wish {
  const args: Record<string, unknown> = {};
  for (const name of required(tool)) {
    const value = valueOf(name, parameterOf(tool, name), said, false);
    if (value !== undefined) args[name] = value;
  }
  return { tool, args, asked: 0, sent: false };
}

/**
 * A word of a tool's name and another of its name or description, or, where nothing else is under way and no other wish is
 * heard, one word of its name, or two of its description. The better match wins.
 */
function toolMeant(
  text: string,
  tools: readonly OfferedTool[],
  idle: boolean,
): OfferedTool | undefined {
  const { book, cancel, move, message, person, hours, recall, bye } = understand(text);
  const quiet = idle && ![book, cancel, move, message, person, hours, recall, bye].includes(true);
  const said = new Set(wordsOf(text));
  const scored = tools.map((tool) => {
    const inName = wordsOf(tool.name).filter((word) => said.has(word)).length;
    const inText = wordsOf(tool.description ?? '').filter((word) => said.has(word)).length;
    const clear = inName >= 1 && inName + inText >= 3;
    const fits = clear || (quiet && (inName >= 1 || inText >= 2));
    return { tool, score: fits ? 2 * inName + inText : 0 };
  });
  const [best] = scored.toSorted((a, b) => b.score - a.score);
  return best && best.score > 0 ? best.tool : undefined;
}

/** Words that tell something, without their endings; each once. */
function wordsOf(text: string): string[] {
  const plain = text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const words = plain.split(/[^\p{L}]+/u).filter((word) => word.length > 2 && !common.has(word));
  return [...new Set(words.map((word) => word.replace(/(?:ies|es|s|ing|ed)$/, '').slice(0, 7)))];
}

function next(wish: Wish): Reply {
  const [wanted] = missing(wish);
  if (wanted === undefined) {
    return { text: '', calls: [{ name: wish.tool.name, arguments: wish.args }] };
  }
  const sorry = wish.asked > 0 ? 'I am sorry, I did not get that. ' : '';
  const { description = '' } = parameterOf(wish.tool, wanted);
  const label = description.split(/[.,;:(]/)[0]!.trim() || `the ${wanted.replaceAll(/[_-]/g, ' ')}`;
  const what = /^(the|a|an|your) /i.test(label) ? lower(label) : `the ${lower(label)}`;
  return { text: `${sorry}What is ${what}?`, calls: [] };
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function required({ parameters }: OfferedTool): readonly string[] {
  return parameters?.required ?? [];
}

function missing({ tool, args }: Wish): string[] {
  return required(tool).filter((name) => args[name] === undefined);
}

function parameterOf({ parameters }: OfferedTool, name: string): Parameter {
  return parameters?.properties?.[name] ?? {};
}

/** `asked`: these words answer our question for it. */
function valueOf(name: string, parameter: Parameter, said: string, asked: boolean): unknown {
  const { type = 'string', description = '' } = parameter;
  const heard = understand(said);
  const chosen = parameter.enum?.find((each) => heard.text.includes(String(each).toLowerCase()));
  if (parameter.enum) return chosen;
  if (type === 'boolean') return heard.yes || (heard.no ? false : undefined);
  const digits = digitsIn(heard.text);
  if (type === 'number' || type === 'integer') return digits && Number(digits);
  if (type !== 'string') return undefined;
  const about = `${name} ${description}`.toLowerCase();
  if (/mail/.test(about)) return /[\w.+-]+@[\w-]+\.[\w.]+/.exec(said)?.[0];
  if (/phone|number|code|\bid\b|_id\b|\bno\b/.test(about)) {
    const least = /phone/.test(about) ? PHONE_DIGITS_MIN : asked ? 1 : 2;
    return digits && digits.length >= least ? digits : undefined;
  }
  if (name.endsWith('name')) return heard.name ?? (asked ? bareName(said) : undefined);
  if (/date|\bday\b/.test(about)) return heard.day;
  const whole = asked || /^(query|question|text|what|request)$/.test(name);
  return whole && said.trim() !== '' ? said.trim() : undefined;
}

/** "four five six", "45 6" and "456" are 456. */
function digitsIn(text: string): string | undefined {
  const numerals = text
    .replaceAll(/\boh\b/g, 'zero')
    .replaceAll(new RegExp(`\\b(?:${digitWords.join('|')})\\b`, 'g'), (word) =>
      String(digitWords.indexOf(word)),
    );
  return /\d(?:[\d -]*\d)?/.exec(numerals)?.[0].replaceAll(/\D/g, '');
}

/** Something is read back to the caller before the tool runs. */
function isUnconfirmed(content: string): boolean {
  return content.includes('"needs_read_back"');
}

function answered(content: string): Reply {
  const end = content.lastIndexOf('}');
  let value: { error?: unknown; answer?: unknown } = {};
  try {
    value = JSON.parse(content.slice(0, end + 1)) as typeof value;
  } catch {
    value = { error: content };
  }
  const told = spoken(value.answer).slice(0, ANSWER_MAX);
  const sorry = 'I am sorry, that did not work.';
  const text =
    value.error === undefined ? told || 'That is done.' : told ? `${sorry} ${told}` : sorry;
  return {
    text: `${text.replace(/[^.!?]$/, '$&.')} Is there anything else I can do for you?`,
    calls: [],
  };
}

/** A value as it is said: fields by their names, no signs. */
function spoken(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(spoken).join(', ');
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  return Object.entries(value)
    .map(([name, each]) => `${name.replaceAll(/[_-]/g, ' ')} is ${spoken(each)}`)
    .join(', ');
}
