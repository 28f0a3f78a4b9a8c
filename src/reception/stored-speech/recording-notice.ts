// The sentence that tells callers of a recording, before it begins.

import type { Client } from '../../store/clients/clients.ts';

const usual: Readonly<Record<string, string>> = {
  en: 'This call is recorded.',
  es: 'Esta llamada se graba.',
  fr: 'Cet appel est enregistré.',
  de: 'Dieses Gespräch wird aufgezeichnet.',
  it: 'Questa chiamata viene registrata.',
  pt: 'Esta chamada é gravada.',
};

/** Said first of all; empty where nothing is recorded. */
export function recordingNotice(
  client: Pick<Client, 'recordingEnabled' | 'recordingNotice' | 'language'>,
): string {
  if (!client.recordingEnabled) return '';
  const own = client.recordingNotice.trim();
  if (own !== '') return own;
  return usualNotice(client.language);
}

/** Said where the owner has no words of their own. */
export function usualNotice(language: string): string {
  return usual[language.split('-')[0]!.toLowerCase()] ?? usual['en']!;
}

/** Whether a caller who heard this of the greeting has heard the whole notice. */
export function heardNotice(client: Client, heard: string): boolean {
  return words(heard).startsWith(words(recordingNotice(client)));
}

function words(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
