// What is wrong with a value, in words that say what to do about it: the one place where JSON Schema's faults become sentences.

/** One fault as validators report it. */
export interface SchemaFault {
  /** The rule of the schema that was broken. */
  readonly keyword: string;
  /** What the rule asks: `limit`, `type`, `pattern` …, by keyword. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema's own words for it. */
  readonly text?: string | undefined;
}

const NAME_RULE = 'Small letters, digits and _ only, beginning with a letter,';

/** What each pattern means. A test finds patterns of the API that are missing here. */
const patternTexts: Readonly<Record<string, string>> = {
  '\\S': 'This field may not be blank.',
  '^\\+[1-9][0-9]{6,14}$':
    'Must be a telephone number with its country code, such as +12025550123.',
  '^([01][0-9]|2[0-3]):[0-5][0-9]$': 'Must be a time of day such as 09:00.',
  '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$':
    'Must be a time of day such as 17:00, or 24:00 for midnight.',
  '^\\d{4}-\\d{2}-\\d{2}$': 'Must be a day such as 2026-12-25.',
  '^[a-z]{3}$': 'Must be the three small letters of a currency, such as usd.',
  '^[A-Z]{2}$': 'Must be the two capital letters of a country, such as US.',
  '^[a-z]{2,3}$': 'Must be the small letters of a language, such as en.',
  '^[a-z][a-z0-9_]{0,39}$': `${NAME_RULE} at most 40: such as party_size.`,
  '^[a-z][a-z0-9_]{0,47}$': `${NAME_RULE} at most 48: such as order_status.`,
  '^[a-z][a-z0-9_]{0,23}$': `${NAME_RULE} at most 24: such as stock.`,
  '^[\\w.:-]{0,100}$': 'Letters, digits and . : - _ only, at most 100, without spaces.',
  '^[\\w.:-]{1,100}$': 'Letters, digits and . : - _ only, at most 100, without spaces.',
  '[\\p{L}\\p{N}]{2}': 'At least two letters or digits in a row.',
  '^[\\x20-\\x7E]*$': 'Letters without accents, digits and signs only, in one line.',
  '^[A-Za-z][A-Za-z0-9-]{0,63}$': 'Letters, digits and - only, beginning with a letter.',
};

const formatTexts: Readonly<Record<string, string>> = {
  email: 'Enter a valid email address.',
  uuid: 'Must be an id as our answers have it, such as 019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a.',
  'date-time': 'Must be a moment such as 2026-02-06T10:00:00Z.',
  date: 'Must be a day such as 2026-02-06.',
  uri: 'Must be an address such as https://example.com/.',
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

/** These only sum up what is said about their parts. */
const sums = new Set(['if', 'anyOf', 'oneOf', 'allOf']);

/**
 * All that is wrong with one value, each thing once; where one of several things would do, they are said as one. Empty when
 * these faults only sum up what is wrong further inside.
 */
export function faultTexts(faults: readonly SchemaFault[]): string[] {
  const parts = faults.filter(({ keyword }) => !sums.has(keyword));
  const hasSum = parts.length < faults.length;
  // Of a value that may be left empty: that it is not is no fault.
  const said = hasSum ? parts.filter((fault) => !asksForNull(fault)) : parts;
  const types = [...new Set(said.flatMap(typesOf))];
  const values = said.flatMap(({ keyword, params }) =>
    keyword === 'const' ? [params['allowedValue']] : [],
  );
  const texts = said.map((fault) => {
    if (fault.text !== undefined) return fault.text;
    if (fault.keyword === 'type')
      return `Must be ${types.map((type) => typeNames[type] ?? type).join(' or ')}.`;
    return fault.keyword === 'const' ? oneOf(values) : textOf(fault);
  });
  return [...new Set(texts)];
}

/** Types that a fault asks for. */
function typesOf({ keyword, params }: SchemaFault): string[] {
  if (keyword !== 'type') return [];
  const type = params['type'];
  return (Array.isArray(type) ? type : [type]).map(String);
}

function asksForNull(fault: SchemaFault): boolean {
  const types = typesOf(fault);
  return types.length > 0 && types.every((type) => type === 'null');
}

function textOf({ keyword, params }: SchemaFault): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'required':
      return 'This field is required.';
    case 'minLength':
      return limit === '1' ? 'This field may not be blank.' : `At least ${limit} characters.`;
    case 'maxLength':
      return `At most ${limit} characters.`;
    case 'minItems':
    case 'minProperties':
      return limit === '1' ? 'At least one is needed.' : `At least ${limit} of them.`;
    case 'maxItems':
    case 'maxProperties':
      return `At most ${limit} of them.`;
    case 'uniqueItems':
      return 'Each may stand there once.';
    case 'minimum':
      return `Must be ${limit} or more.`;
    case 'maximum':
      return `Must be ${limit} or less.`;
    case 'pattern':
      return patternTexts[String(params['pattern'])] ?? 'Not in the form that is expected.';
    case 'format':
      return formatTexts[String(params['format'])] ?? 'Not in the form that is expected.';
    case 'enum':
      return oneOf((params['allowedValues'] as unknown[] | undefined) ?? []);
    default:
      return 'Not valid.';
  }
}

function oneOf(values: readonly unknown[]): string {
  const [only, ...others] = values.map(String);
  return others.length === 0 ? `Must be ${only}.` : `Must be one of: ${values.join(', ')}.`;
}
