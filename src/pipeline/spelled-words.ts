// Words that a caller spells: letters said one by one, by their names or by an alphabet of words, put together. Pure.

/** Fewer are initials and articles. */
const LETTERS_MIN = 3;
/** A name is not longer. */
const LETTERS_MAX = 40;

/** The alphabet of aviation, which people use everywhere. */
const alphabet = new Set(
  (
    'alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa ' +
    'quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu'
  ).split(' '),
);
/** How recognisers write letters that they take for words; believed among letters only. */
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
  }),
);
const twice = /^(double|doble|doppel|doppelt|doppio|doppia|dobro|deux)$/;
/** Before a word that shows which letter is meant: "B as in Boy", "K wie Kaufmann". */
const example = /^(as|like|for|wie|como|comme|come)$/;
const exampleMore = /^(in|dans|em|en|di)$/;
/** Said between letters, and no letters. */
const between =
  /^(hyphen|dash|apostrophe|space|and|bindestrich|apostroph|guion|apóstrofo|tiret|trattino|hífen|then|dann|und|et)$/;

/** What was spelled in a text, in lower case and without marks, in order: "it's K O W A L S K I" has "kowalski". */
export function spelledIn(text: string): string[] {
  const words = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}']+/gu, ' ')
    .trim()
    .split(' ');
  const found: string[] = [];
  let letters = '';
  let times = 1;
  const end = () => {
    if (letters.length >= LETTERS_MIN && letters.length <= LETTERS_MAX) found.push(letters);
    letters = '';
    times = 1;
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const next = words[at + 1] ?? '';
    const letter = letterOf(word, letters !== '' && (next === '' || isLetter(next)));
    if (letter !== undefined) {
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

function isLetter(word: string): boolean {
  return letterOf(word, true) !== undefined;
}

function letterOf(word: string, amongLetters: boolean): string | undefined {
  const bare = word.replaceAll("'", '');
  if (/^\p{L}\p{M}?$/u.test(bare)) return plainLetters(bare);
  if (alphabet.has(bare)) return bare[0];
  return amongLetters ? soundsLike.get(bare) : undefined;
}
