// Tokens in, speakable pieces out: the first as early as it can be spoken, the others as whole sentences.

/** Words that are enough for a first piece even without a clause. */
const FIRST_WORDS = 4;
/** A sentence that never ends is cut at a space here. */
const PIECE_CHARACTERS_MAX = 300;

const abbreviation =
  /(?:^|[\s(–-])(?:dra?|sra|srta|dña|mme|mlle|mm|hr|hrn|fr|bzw|ca|usw|dott|sig|sigg|avd|avda|av|bd|pza|pl|apt|apto|tel|tél|tfno|mr|mrs|ms|prof|profa|avv|ing|geom|rag|med|hl|st|ste|mt|ft|rev|gen|lt|sgt|vs|etc|ecc|e\.g|i\.e|dept|sq|appt|ext|approx|aprox|env|inkl|zzgl|evtl|ggf|mind|jr|sr|ave|blvd|rd|ln|rte|hwy|str|abs|art|a\.m|p\.m|u\.s|p\.es|p\. ?ej|ee|[a-z])\.$|\p{L}str\.$/iu;

/** Before a number, a stop is one of these: "Jan. 5", "sáb. 9-13", "pág. 3". "No. We are closed." are two sentences. */
const beforeNumber =
  /(?:^|[\s(–-])(?:nos?|nr|n|núm|vol|figs?|pp?|pgs?|págs?|pagg?|réf|ref|rif|min|máx|mín|max|ph|jan|janv|ene|feb|febr|fev|fév|févr|mar|mrz|apr|avr|abr|may|mag|mai|jun|giu|jul|juil|lug|aug|ago|sept?|set|sett|oct|okt|ott|out|nov|dec|déc|dic|dez|mon|tues?|wed|thur?s?|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mié|mie|jue|vie|sáb|sab|dom|mer|jeu|ven|sam|dim|gio|seg|ter|qua|qui|sex)\.$/i;

/** After these, figures and a stop are an ordinal: "im 2. Stock". */
const beforeOrdinal =
  /(?:^|\s)(?:der|die|das|den|dem|des|im|am|zum|zur|vom|beim|ins|ihre?[mnr]?)\s\d{1,3}\.$/i;

/** "27. November" is a day and "2. Stock" a floor, and no end of a sentence. */
const afterOrdinal = (
  'Januar Februar März April Mai Juni Juli August September Oktober November Dezember Jan Feb Febr Mrz Apr Jun Jul Aug Sept Okt ' +
  'Nov Dez Stock Etage OG UG Obergeschoss Untergeschoss Stunde Woche Mal'
).split(' ');

/** Between one of these and figures a comma or a dash ends nothing: "Tuesday, 12/8". */
const day =
  /(?:^|[\s(])(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|wed|thu|sat|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|mo|di|mi|do|fr|sa|so|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|(?:lune|marte|mercole|giove|vener)dì|sabato|domenica|segunda|terça|quarta|quinta|sexta|lun|mar|mié|jue|vie|sáb|dom|mer|jeu|ven|sam|dim|gio|sab|seg|ter|qua|qui|sex)\.?$/i;

/** A bracket that has been opened is closed within so many characters, or it is none. */
const OPEN_CHARACTERS_MAX = 120;

/**
 * Cuts a stream of text where a voice may pause. The pieces joined are exactly the text. Numbers, times and
 * abbreviations stay whole: a full stop ends a sentence only when white space and something that can begin one follow.
 */
export async function* sentences(tokens: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  let first = true;
  for await (const token of tokens) {
    text += token;
    for (let end = cut(text, first); end > 0; end = cut(text, first)) {
      yield text.slice(0, end);
      text = text.slice(end);
      first = false;
    }
  }
  if (text.trim() !== '') yield text;
}

/**
 * Where the first speakable piece of `text` ends, its white space included; 0 when more text has to come. Only as much is
 * looked at as a piece may hold, and what follows it: a long text that is here at once would be looked through again
 * for each of its pieces.
 */
function cut(text: string, first: boolean): number {
  const near = text.slice(0, PIECE_CHARACTERS_MAX + 1);
  return (
    sentenceEnd(near) ||
    (first ? clauseEnd(near) || wordsEnd(near, FIRST_WORDS) : 0) ||
    tooLong(near)
  );
}

function sentenceEnd(text: string): number {
  for (const match of text.matchAll(/[.!?…:;]+["')\]]*\s+(?=\S)|\n+(?=\S)/g)) {
    const at = match.index + match[0].length;
    const before = text.slice(0, match.index + match[0].trimEnd().length);
    if (before.trim() === '' || isOpen(text, at)) continue;
    if (match[0].includes('\n') || !goesOn(before, text.slice(at))) return at;
  }
  return 0;
}

/** Whether a sentence that has a mark after `before` goes on with `rest`. */
function goesOn(before: string, rest: string): boolean {
  if (/^[-–—&+/=%°×]/.test(rest)) return true;
  if (!/[.:]["')\]]*$/.test(before)) return false;
  if (/^\p{Ll}/u.test(rest)) return true;
  const figures = /^[\d#(+$€£]/.test(rest);
  if (before.endsWith(':') && figures) return true;
  if (abbreviation.test(before) || (figures && beforeNumber.test(before))) return true;
  return isOrdinal(before, rest);
}

/** A month that has only begun to come may still be one. */
function isOrdinal(before: string, rest: string): boolean {
  if (beforeOrdinal.test(before)) return true;
  if (!/(?:^|[\s–-])\d{1,2}\.$/.test(before)) return false;
  const word = /^\p{L}+/u.exec(rest)?.[0];
  return word !== undefined && afterOrdinal.some((each) => each.startsWith(word));
}

function clauseEnd(text: string): number {
  for (const match of text.matchAll(/[,–—]\s+(?=\S)/g)) {
    const at = match.index + match[0].length;
    const before = text.slice(0, match.index).trimEnd();
    const rest = text.slice(at);
    if (before === '' || isOpen(text, at)) continue;
    const parted = match[0].startsWith(',')
      ? /\d$/.test(before) || (/^\d/.test(rest) && day.test(before))
      : /[\d%€$£]$|\d\s?\p{L}\.?\s?\p{L}?\.?$|Uhr$/u.test(before) ||
        /^[\d€$£]/.test(rest) ||
        day.test(before);
    if (!parted) return at;
  }
  return 0;
}

/** After `count` words, unless that would part a title or a number from what belongs to it. */
function wordsEnd(text: string, count: number): number {
  for (const [index, word] of [...text.matchAll(/\S+\s+(?=\S)/g)].entries()) {
    const at = word.index + word[0].length;
    if (index + 1 >= count && !isParted(text, at)) return at;
  }
  return 0;
}

/** Whether what stands before and after `at` is written as two words and said as one. */
function isParted(text: string, at: number): boolean {
  const last = /\S+$/.exec(text.slice(0, at).trimEnd())?.[0] ?? '';
  const rest = text.slice(at);
  return (
    /[\d½¼¾⅓⅔](?:[°ºª%€$£]|\p{L}{0,3}\.?)$/u.test(last) ||
    /(?:^[^\p{L}\p{N}]+|[/&+#@–-])$/u.test(last) ||
    abbreviation.test(` ${last}`) ||
    /^(?:Dra?|Dre|Mrs?|Ms|Sra?|Pr|Me|Ste?)$/.test(last) ||
    /^[\d½¼¾⅓⅔\-–—−&+/=@#*%€$£¥°×|~(]/.test(rest) ||
    /^(?:[IVX]$|(?!I\P{L})[IVX]+(?:$|\P{L}))/u.test(rest) ||
    isOpen(text, at)
  );
}

/** Whether `at` stands inside a link or a tag. */
function isOpen(text: string, at: number): boolean {
  return /\[[^\]\n]*$|<[a-z/][^<>\n]*$/i.test(
    text.slice(Math.max(0, at - OPEN_CHARACTERS_MAX), at),
  );
}

function tooLong(text: string): number {
  if (text.length <= PIECE_CHARACTERS_MAX) return 0;
  const spaces = [...text.slice(0, PIECE_CHARACTERS_MAX + 1).matchAll(/\s(?=\S)/g)].map(
    (match) => match.index + 1,
  );
  return spaces.findLast((at) => !isParted(text, at)) ?? spaces.at(-1) ?? PIECE_CHARACTERS_MAX;
}
