// Whole numbers as words, in six languages, from 0 up to a billion.

/** Beyond this numbers are read digit by digit. */
export const CARDINAL_MAX = 999_999_999;

type Cardinal = (value: number) => string;

const list = (words: string) => words.split(' ');

const en = {
  small: list(
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
  ),
  tens: list('- - twenty thirty forty fifty sixty seventy eighty ninety'),
};

function english(value: number): string {
  if (value < 20) return en.small[value]!;
  if (value < 100) return withOnes(en.tens[Math.floor(value / 10)]!, value % 10, '-', english);
  if (value < 1000) return parts(value, 100, (count) => `${english(count)} hundred`, english);
  if (value < 1e6) return parts(value, 1000, (count) => `${english(count)} thousand`, english);
  return parts(value, 1e6, (count) => `${english(count)} million`, english);
}

const es = {
  small: list(
    'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho ' +
      'diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve',
  ),
  tens: list('- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa'),
  hundreds: list(
    '- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos',
  ),
};

function spanish(value: number): string {
  if (value < 30) return es.small[value]!;
  if (value < 100) return withOnes(es.tens[Math.floor(value / 10)]!, value % 10, ' y ', spanish);
  if (value === 100) return 'cien';
  if (value < 1000) return parts(value, 100, (count) => es.hundreds[count]!, spanish);
  const before = (count: number) => spanish(count).replace(/uno$/, 'ún').replace(/^ún$/, 'un');
  if (value < 1e6) {
    return parts(value, 1000, (n) => (n === 1 ? 'mil' : `${before(n)} mil`), spanish);
  }
  return parts(value, 1e6, (n) => (n === 1 ? 'un millón' : `${before(n)} millones`), spanish);
}

const fr = {
  small: list(
    'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf',
  ),
  tens: list('- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt'),
};

function french(value: number): string {
  if (value < 20) return fr.small[value]!;
  if (value < 100) {
    const ten = Math.floor(value / 10);
    const rest = value - (ten === 7 ? 60 : ten === 9 ? 80 : ten * 10);
    if (value === 80) return 'quatre-vingts';
    if (rest === 0) return fr.tens[ten]!;
    const joint = (rest === 1 || rest === 11) && ten < 8 ? ' et ' : '-';
    return `${fr.tens[ten]}${joint}${french(rest)}`;
  }
  const plain = (count: number) => french(count).replace(/(cent|quatre-vingt)s$/, '$1');
  if (value < 1000) {
    if (value % 100 === 0 && value > 100) return `${french(value / 100)} cents`;
    return parts(value, 100, (n) => (n === 1 ? 'cent' : `${french(n)} cent`), french);
  }
  if (value < 1e6) {
    return parts(value, 1000, (n) => (n === 1 ? 'mille' : `${plain(n)} mille`), french);
  }
  return parts(value, 1e6, (n) => `${french(n)} million${n > 1 ? 's' : ''}`, french);
}

const de = {
  small: list(
    'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn',
  ),
  tens: list('- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'),
};

function german(value: number): string {
  if (value < 20) return de.small[value]!;
  const before = (count: number) => german(count).replace(/eins$/, 'ein');
  if (value < 100) {
    const ten = de.tens[Math.floor(value / 10)]!;
    return value % 10 === 0 ? ten : `${before(value % 10)}und${ten}`;
  }
  if (value < 1000) return joined(value, 100, (n) => `${before(n)}hundert`, german);
  if (value < 1e6) return joined(value, 1000, (n) => `${before(n)}tausend`, german);
  const millions = (n: number) => (n === 1 ? 'eine Million' : `${before(n)} Millionen`);
  return parts(value, 1e6, millions, german);
}

const it = {
  small: list(
    'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette ' +
      'diciotto diciannove',
  ),
  tens: list('- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta'),
};

function italian(value: number): string {
  if (value < 20) return it.small[value]!;
  if (value < 100) {
    const ten = it.tens[Math.floor(value / 10)]!;
    const one = value % 10;
    if (one === 0) return ten;
    const stem = one === 1 || one === 8 ? ten.slice(0, -1) : ten;
    return one === 3 ? `${stem}tré` : `${stem}${italian(one)}`;
  }
  if (value < 1000) {
    const hundreds = joined(value, 100, (n) => (n === 1 ? 'cento' : `${italian(n)}cento`), italian);
    return hundreds.replace('centoott', 'centott');
  }
  if (value < 1e6) {
    const thousands = (n: number) =>
      n === 1 ? 'mille' : `${italian(n).replace(/tré$/, 'tre')}mila`;
    return parts(value, 1000, thousands, italian);
  }
  return parts(value, 1e6, (n) => (n === 1 ? 'un milione' : `${italian(n)} milioni`), italian);
}

const pt = {
  small: list(
    'zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove',
  ),
  tens: list('- - vinte trinta quarenta cinquenta sessenta setenta oitenta noventa'),
  hundreds: list(
    '- cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos',
  ),
};

function portuguese(value: number): string {
  if (value < 20) return pt.small[value]!;
  if (value < 100) return withOnes(pt.tens[Math.floor(value / 10)]!, value % 10, ' e ', portuguese);
  if (value === 100) return 'cem';
  if (value < 1000) {
    const rest = value % 100;
    const hundred = pt.hundreds[Math.floor(value / 100)]!;
    return rest === 0 ? hundred : `${hundred} e ${portuguese(rest)}`;
  }
  if (value < 1e6) {
    const rest = value % 1000;
    const count = Math.floor(value / 1000);
    const thousand = count === 1 ? 'mil' : `${portuguese(count)} mil`;
    if (rest === 0) return thousand;
    return `${thousand}${rest < 100 || rest % 100 === 0 ? ' e ' : ' '}${portuguese(rest)}`;
  }
  return parts(value, 1e6, (n) => (n === 1 ? 'um milhão' : `${portuguese(n)} milhões`), portuguese);
}

function withOnes(ten: string, one: number, joint: string, cardinal: Cardinal): string {
  return one === 0 ? ten : `${ten}${joint}${cardinal(one)}`;
}

function parts(value: number, unit: number, head: Cardinal, cardinal: Cardinal): string {
  const rest = value % unit;
  const first = head(Math.floor(value / unit));
  return rest === 0 ? first : `${first} ${cardinal(rest)}`;
}

/** The same in languages that write numbers as one word. */
function joined(value: number, unit: number, head: Cardinal, cardinal: Cardinal): string {
  const rest = value % unit;
  const first = head(Math.floor(value / unit));
  return rest === 0 ? first : `${first}${cardinal(rest)}`;
}

export const cardinals: Readonly<Record<string, Cardinal>> = {
  de: german,
  en: english,
  es: spanish,
  fr: french,
  it: italian,
  pt: portuguese,
};
