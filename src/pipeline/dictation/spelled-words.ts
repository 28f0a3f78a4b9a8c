// Words that a caller spells: letters said one by one, by their names or by an alphabet of words, put together. Pure.

/** Fewer are initials and articles. */
const LETTERS_MIN = 3;
/** A name is not longer. */
const LETTERS_MAX = 40;

/** The alphabet of aviation, which people use everywhere. */
const aviation = new Set(
  (
    'alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa ' +
    'quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu'
  ).split(' '),
);
/**
 * The alphabets of countries, and what of aviation's is somebody's name. "Anna S M I T H" spells a Smith: these are
 * letters only beside words of alphabets, never beside letters.
 */
const named = new Set(
  (
    'charlie juliet juliett mike oscar romeo victor ' +
    // English
    'adam boy david edward frank george henry ida john king lincoln mary nora ocean paul queen robert sam tom union ' +
    'william young zebra ' +
    // German: names, and the towns that are to follow them
    'anton berta casar dora emil friedrich gustav heinrich julius konrad kaufmann ludwig martha nordpol otto paula ' +
    'quelle richard samuel siegfried theodor ulrich viktor wilhelm xanthippe ypsilon zacharias zeppelin ' +
    'aachen berlin chemnitz dusseldorf essen frankfurt goslar hamburg ingelheim jena koln leipzig munchen nurnberg ' +
    'offenbach potsdam quickborn rostock salzwedel tubingen unna volklingen wuppertal xanten zwickau ' +
    // French
    'anatole berthe celestin desire eugene francois gaston henri irma joseph kleber louis marcel nicolas pierre ' +
    'quintal raoul suzanne therese ursule xavier yvonne zoe ' +
    // Italian
    'ancona bologna como domodossola empoli firenze genova imola livorno milano napoli otranto palermo quarto roma ' +
    'savona torino udine venezia washington zara ' +
    // Spanish
    'antonio barcelona burgos carmen dolores enrique francia gerona historia ines jose lorenzo madrid navarra oviedo ' +
    'paris querido ramon sabado tarragona ulises valencia xiquena yegua zaragoza ' +
    // Portuguese
    'aveiro braga coimbra dafundo evora faro guarda horta italia lisboa maria nazare ovar porto queluz rossio ' +
    'setubal tavira unidade vidago zulmira'
  ).split(' '),
);
/** Letters whose names are several words. */
const longNames: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})double (?:you|[uv]|v[eé])(?!\p{L})/gu, 'w'],
  [
    /(?<!\p{L})(?:uve doble|doble (?:uve|ve|u)|ve doble|doppi[ao] v[ui]?|duplo v[eê]?)(?!\p{L})/gu,
    'w',
  ],
  [/(?<!\p{L})i (?:grec|griega|greca)(?!\p{L})/gu, 'y'],
];
/** How recognisers write letters that they take for words, in six languages, without marks; believed among letters only. */
const soundsLike: ReadonlyMap<string, string> = new Map(
  Object.entries({
    be: 'b',
    bee: 'b',
    see: 'c',
    sea: 'c',
    dee: 'd',
    gee: 'g',
    jay: 'j',
    kay: 'k',
    ell: 'l',
    em: 'm',
    en: 'n',
    oh: 'o',
    pee: 'p',
    cue: 'q',
    queue: 'q',
    are: 'r',
    ess: 's',
    tee: 't',
    tea: 't',
    you: 'u',
    vee: 'v',
    ex: 'x',
    why: 'y',
    zee: 'z',
    zed: 'z',
    ...lettersOf(
      'be ce de ef eff efe effe ge ha hache ache acca aga jota jot ji ka ca ele elle el',
    ),
    ...lettersOf(
      'eme emme ene enne pe pi qu ku cu kuh erre er ese esse es te ti ve vi vu we uve vau',
    ),
    ...lettersOf('dablio equis iks ics ix xis igrec ypsilon ipsilon zeta zett zet zede ze'),
  }),
);
export const twice = /^(double|doble|doppel|doppelt|doppio|doppia|dobro|deux)$/;
/** Before a word that shows which letter is meant: "B as in Boy", "K wie Kaufmann". */
export const example = /^(as|like|for|wie|como|comme|come)$/;
export const exampleMore = /^(in|dans|em|en|di)$/;
/** Said between letters, and no letters. */
const between =
  /^(capital|upper|big|majuscule|großes?|mayúscula|maiuscola|maiúscula|maiúsculo|hyphen|dash|apostrophe|space|and|bindestrich|apostroph|guion|apóstrofo|tiret|trattino|hífen|then|dann|und|et)$/;

/** What was spelled in a text, in lower case and without marks, in order: "it's K O W A L S K I" has "kowalski". */
export function spelledIn(text: string): string[] {
  const words = longNames
    .reduce((told, [name, letter]) => told.replaceAll(name, letter), text.toLowerCase())
    .replaceAll(/[^\p{L}\p{M}']+/gu, ' ')
    .trim()
    .split(' ');
  const found: string[] = [];
  let letters = '';
  let times = 1;
  /** Whether the letters so far are words of a country's alphabet, or cannot be. */
  let wordy: boolean | undefined;
  const end = () => {
    if (letters.length >= LETTERS_MIN && letters.length <= LETTERS_MAX) found.push(letters);
    letters = '';
    times = 1;
    wordy = undefined;
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const next = words[at + 1] ?? '';
    const among = letters !== '' && (next === '' || isLetter(next));
    const letter = letterOf(word, among || (letters === '' && beginsSpelling(words, at)));
    if (letter !== undefined) {
      const bare = plainLetters(word);
      const kind = named.has(bare) ? true : aviation.has(bare) ? wordy : false;
      if (letters !== '' && wordy !== undefined && kind !== wordy) end();
      wordy = kind;
      letters += letter.repeat(times);
      times = 1;
      continue;
    }
    if (twice.test(word) && isLetter(next)) {
      times = 2;
      continue;
    }
    const shown = example.test(word) ? at + (exampleMore.test(next) ? 2 : 1) : undefined;
    if (
      shown !== undefined &&
      letters !== '' &&
      plainLetters(words[shown] ?? '')[0] === letters.at(-1)
    ) {
      at = shown;
      continue;
    }
    if (letters === '' || !between.test(word) || !isLetter(next)) end();
  }
  end();
  return found;
}

/** How many words of an alphabet are said one after the other at the end: "it is martha emil" has two. */
export function alphabetWords(text: string): number {
  const words = text.split(' ').map(plainLetters);
  const others = words.findLastIndex((word) => !aviation.has(word) && !named.has(word));
  return words.length - 1 - others;
}

/** Letters only, in lower case, without marks: how names are compared. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^\p{L}]/gu, '');
}

/** Whether one may be a mishearing of the other: a third of the letters may differ. */
export function isNearly(one: string, other: string): boolean {
  const allowed = Math.floor(Math.max(one.length, other.length) / 3);
  if (Math.abs(one.length - other.length) > allowed) return false;
  // Levenshtein's distance, a row at a time.
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row.at(-1)! <= allowed;
}

/** The letter that a word names, and how: by itself, by an alphabet, or as recognisers write it that took it for a word. */
export function letterNamed(
  word: string,
):
  | { readonly letter: string; readonly by: 'itself' | 'aviation' | 'alphabet' | 'sound' }
  | undefined {
  const bare = plainLetters(word);
  if (bare.length === 1) return { letter: bare, by: 'itself' };
  if (named.has(bare)) return { letter: bare[0]!, by: 'alphabet' };
  if (aviation.has(bare)) return { letter: bare[0]!, by: 'aviation' };
  const letter = soundsLike.get(bare);
  return letter === undefined ? undefined : { letter, by: 'sound' };
}

/** Names of letters that are no words, or hardly any that begin what people say. */
const nameOnly =
  /^(bee|dee|eff?|efe|effe|jay|jota|kay|ell|ele|em|eme|emme|ene|enne|pee|ess|ese|esse|erre|tee|vee|zee|zed|zett?|ache|acca|hache)$/;

/** What may be a word is a letter where two more follow it, or a word that shows which it is. */
function beginsSpelling(words: readonly string[], at: number): boolean {
  const [first = '', ...next] = words.slice(at, at + 4).map(plainLetters);
  if (example.test(next[0] ?? '')) {
    const shown = next[exampleMore.test(next[1] ?? '') ? 2 : 1] ?? '';
    return shown !== '' && shown[0] === soundsLike.get(first);
  }
  const letters = next.filter((word) => !twice.test(word)).slice(0, 2);
  return nameOnly.test(first) && letters.length === 2 && letters.every(isLetter);
}

function isLetter(word: string): boolean {
  return letterOf(word, true) !== undefined;
}

function letterOf(word: string, amongLetters: boolean): string | undefined {
  const bare = plainLetters(word);
  if (bare.length === 1) return bare;
  if (aviation.has(bare) || named.has(bare)) return bare[0];
  return amongLetters ? soundsLike.get(bare) : undefined;
}

/** Names of letters with the letters that they name. */
function lettersOf(names: string): Record<string, string> {
  const odd: Record<string, string> = {
    aga: 'h',
    ache: 'h',
    acca: 'h',
    ca: 'k',
    cu: 'q',
    ku: 'q',
    kuh: 'q',
    vau: 'v',
    we: 'w',
    dablio: 'w',
    uve: 'v',
    ypsilon: 'y',
    ipsilon: 'y',
    igrec: 'y',
    equis: 'x',
    iks: 'x',
    ics: 'x',
    ix: 'x',
    xis: 'x',
  };
  const sounded = (name: string) => (/^e[flmnrs]/.test(name) ? name[1]! : name[0]!);
  return Object.fromEntries(names.split(' ').map((name) => [name, odd[name] ?? sounded(name)]));
}
