// What a text message means that somebody sends us: leave me alone, go on, or something else.

/** Alone in a message, in any of the languages we write in. CANCEL is one: carriers take it so as well. */
const stopWords = new Set(
  'STOP STOPALL STOPP UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT ALTO PARAR BAJA ARRET ARRÊT ABMELDEN SAIR BASTA FERMA'.split(
    ' ',
  ),
);
const startWords = new Set(['START', 'UNSTOP', 'YES']);

export type SmsMeaning = 'stop' | 'start' | 'other';

export function meaningOf(body: string): SmsMeaning {
  const word = body
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
  if (stopWords.has(word)) return 'stop';
  return startWords.has(word) ? 'start' : 'other';
}
