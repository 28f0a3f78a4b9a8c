// A telephone number as people read it out: digit by digit, with a breath between the groups.

/** Digits of a group where the plan of the country does not say. */
const GROUP = 3;

/** `phoneNumber`: E.164. Those of the North American plan without their country code, as they are dialled there. */
export function spokenNumber(phoneNumber: string): string {
  const digits = phoneNumber.replaceAll(/\D/g, '');
  const american = /^1(\d{3})(\d{3})(\d{4})$/.exec(digits);
  return (american?.slice(1) ?? groups(digits))
    .map((group) => group.split('').join(' '))
    .join(', ');
}

/** In threes, and no digit left alone at the end. */
function groups(digits: string): string[] {
  const found = digits.match(new RegExp(`\\d{1,${GROUP}}`, 'g')) ?? [];
  const last = found.at(-1);
  if (last?.length === 1 && found.length > 1) return [...found.slice(0, -2), found.at(-2)! + last];
  return found;
}
