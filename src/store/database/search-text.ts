// What somebody has typed to find rows by, as patterns of LIKE.

/** Whatever has it somewhere. */
export function containing(typed: string): string {
  return `%${typed.replaceAll(/[%_\\]/g, '\\$&')}%`;
}

/** Whatever has it as a part of a telephone number, which is stored without what people write between the digits; nothing of words. */
export function containingNumber(typed: string): string | null {
  const digits = typed.replaceAll(/[\s()+./-]/g, '');
  return /^\d+$/.test(digits) ? containing(digits) : null;
}
