// Cuts the text of a context into what can be spoken at once: its whole sentences.

/** Not the end of a sentence, though a full stop follows. */
const abbreviation =
  /(?:^|[\s(])(?:dr|mr|mrs|ms|prof|st|vs|no|ext|ave|blvd|rd|[a-z]|[a-z]\.[a-z])\.$/i;

/** The whole sentences of `text`, each with the space after it, and what is left. Joined they are `text`. */
export function speakable(text: string): { sentences: string[]; rest: string } {
  const sentences: string[] = [];
  let from = 0;
  for (const { index, 0: stop } of text.matchAll(/[.!?]+["')\]]*\s+/g)) {
    const end = index + stop.length;
    const goesOn = /^[\p{Ll}\d]/u.test(text.slice(end)) && stop.startsWith('.');
    if (goesOn || abbreviation.test(text.slice(from, end).trimEnd())) continue;
    sentences.push(text.slice(from, end));
    from = end;
  }
  return { sentences, rest: text.slice(from) };
}
