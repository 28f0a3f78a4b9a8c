// A telephone number as people read it out: digit by digit, with a breath between the groups, at home as it is dialled there.

/** Digits of a group where the plan of the country does not say. */
const GROUP = 3;
/** By language: the country's code, and what is dialled in place of it at home. */
const homes: Readonly<
  Record<string, { readonly code: string; readonly trunk: string; readonly group?: number }>
> = {
  'en-gb': { code: '44', trunk: '0' },
  'en-ie': { code: '353', trunk: '0' },
  'en-au': { code: '61', trunk: '0' },
  es: { code: '34', trunk: '' },
  fr: { code: '33', trunk: '0', group: 2 },
  de: { code: '49', trunk: '0' },
  'de-at': { code: '43', trunk: '0' },
  'de-ch': { code: '41', trunk: '0' },
  it: { code: '39', trunk: '' },
  pt: { code: '351', trunk: '' },
};

/**
 * `phoneNumber`: E.164; `language`: BCP 47, of who hears it. Numbers of the North American plan without their country
 * code; others without it only where they are heard at home.
 */
export function spokenNumber(phoneNumber: string, language: string): string {
  const digits = phoneNumber.replaceAll(/\D/g, '');
  const american = /^1(\d{3})(\d{3})(\d{4})$/.exec(digits);
  const tag = language.toLowerCase();
  // Of a language that is at home in several countries, only the one it is named after is taken for granted.
  const [primary = '', region = primary] = tag.split('-');
  const home = homes[tag] ?? (region === primary ? homes[primary] : undefined);
  const parts = american?.slice(1) ?? groups(atHome(digits, home), home?.group ?? GROUP);
  return parts.map((group) => group.split('').join(' ')).join(', ');
}

function atHome(digits: string, home: (typeof homes)[string] | undefined): string {
  if (!home || !digits.startsWith(home.code)) return digits;
  return home.trunk + digits.slice(home.code.length);
}

/** No digit is left alone at the end. */
function groups(digits: string, length: number): string[] {
  const found = digits.match(new RegExp(`\\d{1,${length}}`, 'g')) ?? [];
  const last = found.at(-1);
  if (last?.length === 1 && found.length > 1) return [...found.slice(0, -2), found.at(-2)! + last];
  return found;
}
