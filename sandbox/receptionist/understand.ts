// What a caller wants, from their words: typed, or as a small recogniser writes them down.

export interface Understood {
  readonly text: string;
  readonly book: boolean;
  readonly cancel: boolean;
  readonly move: boolean;
  readonly person: boolean;
  readonly message: boolean;
  readonly hours: boolean;
  /** When an appointment is that the caller has. */
  readonly recall: boolean;
  /** Something about the business itself. */
  readonly asks: boolean;
  readonly robot: boolean;
  /** Did not hear what we said. */
  readonly again: boolean;
  /** Wants us to wait. */
  readonly waits: boolean;
  /** Does not want any more what they wanted. */
  readonly dropsIt: boolean;
  readonly rude: boolean;
  readonly bye: boolean;
  readonly yes: boolean;
  readonly no: boolean;
  /** The words that name a day, as said. */
  readonly day: string | undefined;
  /** The words that name a time, as said. */
  readonly time: string | undefined;
  /** Minutes of the day that the time may mean: half past two is 150 and 870. */
  readonly minutes: readonly number[];
  readonly part: 'morning' | 'afternoon' | 'evening' | undefined;
  /** 0 for the first of what was offered. */
  readonly ordinal: number | undefined;
  /** As said: digits, and what stands between them. */
  readonly phone: string | undefined;
  /** A name given as one: "my name is Anna Miller". */
  readonly name: string | undefined;
}

const hourWords = 'twelve one two three four five six seven eight nine ten eleven'.split(' ');
const minuteWords: Readonly<Record<string, number>> = {
  "o'clock": 0,
  oh: 0,
  five: 5,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  'twenty five': 25,
  thirty: 30,
  'thirty five': 35,
  forty: 40,
  'forty five': 45,
  fifty: 50,
  'fifty five': 55,
};
const hour = `(?:${hourWords.join('|')}|1[0-2]|[1-9])`;
const minute = `(?:${Object.keys(minuteWords)
  .toSorted((a, b) => b.length - a.length)
  .join('|')})`;
const half = '(?: ?[ap]\\.? ?m\\b\\.?)?';

const clocks: readonly RegExp[] = [
  new RegExp(`\\b(half past|quarter past|a quarter past|quarter to|a quarter to) (${hour})\\b`),
  new RegExp(`\\b(${hour})(?::([0-5]\\d)|[ -](${minute}))(${half})`),
  /\b(noon|midday)\b/,
  new RegExp(`\\b(?:at|around|about|to|after|before|by|make it|the) (${hour})\\b(${half})(?! of)`),
  new RegExp(`\\b(${hour}) ?([ap] ?\\.? ?m\\b\\.?)`),
  new RegExp(
    `^(?:(?:at|um|uh|yes|no|okay|please) )*(${hour})(?: (?:please|would be|is|works|sounds).*)?$`,
  ),
];

const months =
  'january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec';
const weekday = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const ordinalDay =
  '(?:twenty |thirty )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth|\\d{1,2}(?:st|nd|rd|th)?';
const days: readonly RegExp[] = [
  /\b\d{4}-\d{2}-\d{2}\b/,
  new RegExp(`\\b(?:(?:${weekday}),? )?(?:the )?(?:${months}),? (?:the )?(?:${ordinalDay})\\b`),
  new RegExp(`\\b(?:the )?(?:${ordinalDay}) of (?:${months})\\b`),
  /\b(?:the )?day after tomorrow\b/,
  new RegExp(`\\b(?:(?:next|this|last) )?(?:${weekday})\\b`),
  /\b(?:today|tomorrow|tonight|yesterday|next week|this week)\b/,
  /\bas soon as possible\b|\bearliest\b|\bsoonest\b|\bfirst available\b|\bnext available\b/,
];

/** Reads one utterance. Pure. */
export function understand(said: string): Understood {
  const text = plain(said);
  const has = (pattern: RegExp) => pattern.test(text);
  const { time, minutes } = clockOf(text);
  const day = firstMatch(text, days);
  const soon = day !== undefined && /possible|earliest|soonest|available/.test(day);
  return {
    text,
    book: has(
      /\b(book|schedule|make|set up|get|arrange|have)\b.*\b(appointment|visit|cleaning|check ?up|haircut|consultation|slot|time|table|massage)\b|\bcome in\b|\b(an|any) (appointment|opening)s?\b|\bdo you have (anything|something|a slot|time)\b|\bbook\b/,
    ),
    cancel: has(/\bcancel\b/),
    move: has(
      /\b(reschedule|move)\b|\bchange (my|the|our|that) (appointment|booking|visit|time)\b/,
    ),
    person: has(/\b(person|human|operator|someone|somebody|receptionist|manager|representative)\b/),
    message: has(/\b(message|call me back)\b/),
    hours: has(
      /\b(opening )?hours\b|\b(when|what time)\b.*\b(open|close)\b|\bare you open\b|\bdo you open\b/,
    ),
    recall: has(/\b(when|what time|what day)('s| is) my (appointment|booking|visit)\b/),
    asks: has(
      /\b(is there|where (is|are|do)|how (much|long|do i)|what('s| is| are| does| services| else)|do you (take|have|offer|sell|accept|do)|can i (park|pay))\b/,
    ),
    robot: has(
      /\b(robot|machine|real person|computer|bot)\b.*|\bare you (an? )?(ai|human|real)\b|\b(what's|what is) your name\b|\bwho are you\b/,
    ),
    again: has(
      /\b(repeat (that|it)|say (that|it) again|what did you say|what was that|didn't catch that|come again)\b|^(pardon|excuse me|sorry|what)( please)?$/,
    ),
    waits: has(
      /^(no |please |oh |just )?(wait|hold on|hang on|one (moment|second|minute)|just a (moment|second|minute)|give me a (moment|second|minute))( please| a (moment|second|minute))?$/,
    ),
    dropsIt: has(/\bnever ?mind\b|\bforget (it|about it)\b/),
    rude: has(/\b(stupid|idiot|useless|dumb|shut up|damn|hell|crap|terrible service)\b/),
    bye: has(/\b(good ?bye|bye)\b|\bthat('s| is| will be) (all|it|everything)\b|\bnothing else\b/),
    yes: has(
      /^(oh |um |uh )?(yes|yeah|yep|yup|sure|okay|ok|correct|perfect|great|please do|go ahead|exactly|of course|that works|that('s| is) (right|fine|good|great)|sounds good)\b/,
    ),
    no: has(/^(oh |um |uh )?(no|nope|nah|not really)\b/),
    day: soon ? undefined : day,
    time,
    minutes,
    part: partOf(text),
    ordinal: ordinalOf(text),
    phone: /\+?\d(?:[ ().-]{0,2}\d){6,14}/.exec(said)?.[0],
    name: nameOf(text),
  };
}

/** A name said alone, in answer to our question; undefined when the words are about something else. */
export function bareName(said: string): string | undefined {
  const words = plain(said)
    .replace(/ (and )?(my|the) (phone |telephone )?number\b.*$/, '')
    .replace(/^(yes|yeah|sure|okay|um|uh|well|oh|hi|hello)\b ?/, '')
    .replace(/ ?\b(please|thanks|thank you|here|speaking)$/, '')
    .split(' ')
    .filter((word) => word !== '');
  const fits =
    words.length >= 1 && words.length <= 4 && words.every((word) => /^[\p{L}'-]{2,}$/u.test(word));
  const other =
    /\b(yes|no|book|cancel|appointment|morning|afternoon|tomorrow|what|when|the|want|not)\b/;
  return fits && !other.test(words.join(' ')) ? titled(words.join(' ')) : undefined;
}

function plain(said: string): string {
  return said
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[,;!?"]|\.(?!\d)(?![a-z]\.)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function firstMatch(text: string, patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match) return match[0];
  }
  return undefined;
}

function clockOf(text: string): { time: string | undefined; minutes: number[] } {
  for (const [index, pattern] of clocks.entries()) {
    const match = pattern.exec(text);
    if (!match) continue;
    const time = match[0].replace(/^(at|around|about|to|after|before|by|make it|the) /, '');
    if (index === 2) return { time, minutes: [720] };
    if (index === 0) {
      const past = match[1]!.includes('half') ? 30 : match[1]!.includes('past') ? 15 : -15;
      return { time, minutes: bothHalves(hourOf(match[2]!) * 60 + past) };
    }
    const rest = index === 1 ? (match[3] ? minuteWords[match[3]]! : Number(match[2])) : 0;
    const suffix = (index === 1 ? match[4] : match[2]) ?? '';
    const base = hourOf(match[1]!) * 60 + rest;
    if (/p/.test(suffix)) return { time, minutes: [(base % 720) + 720] };
    if (/a/.test(suffix)) return { time, minutes: [base % 720] };
    return { time, minutes: bothHalves(base) };
  }
  return { time: undefined, minutes: [] };
}

function bothHalves(minutes: number): number[] {
  const base = ((minutes % 720) + 720) % 720;
  return [base, base + 720];
}

function hourOf(word: string): number {
  const index = hourWords.indexOf(word);
  return index >= 0 ? index : Number(word) % 12;
}

function partOf(text: string): Understood['part'] {
  const match = /\b(morning|afternoon|evening|tonight)\b/.exec(text)?.[1];
  if (match === undefined || /\bgood (morning|afternoon|evening)\b/.test(text)) return undefined;
  return match === 'tonight' ? 'evening' : (match as 'morning' | 'afternoon' | 'evening');
}

function ordinalOf(text: string): number | undefined {
  if (new RegExp(`\\b(${months})\\b`).test(text)) return undefined;
  const words = ['first', 'second', 'third', 'fourth'];
  const index = words.findIndex((word) =>
    new RegExp(`\\bthe ${word}( (one|time|slot|appointment))?\\b|\\b${word} one\\b|^${word}$`).test(
      text,
    ),
  );
  if (index >= 0) return index;
  if (/\b(the )?last (one|time|slot)\b/.test(text)) return -1;
  return undefined;
}

function nameOf(text: string): string | undefined {
  const match =
    /\b(?:my name is|my name's|the name is|name's|this is|it is under|it's under|under the name|(?:no|sorry|said) it's|(?:no|sorry) i said)( [\p{L}'-]+){1,3}/u.exec(
      text,
    );
  if (!match) return undefined;
  const name = match[0]
    .replace(
      /^(my name is|my name's|the name is|name's|this is|it is under|it's under|under the name|(?:no|sorry|said) it's|(?:no|sorry) i said) /,
      '',
    )
    .replace(/ (and|my|please|thanks|thank|i|for|on|at|tomorrow|today|the)\b.*$/, '');
  return /^(a|an|the|fine|good|not|for|on|at|in|about|my)\b/.test(name) ? undefined : titled(name);
}

function titled(name: string): string {
  return name.replaceAll(
    /(^|[\s'-])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}
