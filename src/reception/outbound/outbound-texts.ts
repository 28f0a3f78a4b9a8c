// What is said on calls that a business makes: who calls and why, on a machine, and to a machine that screens calls.

import { spokenNumber } from '../tools/spoken-number.ts';

interface Texts {
  readonly hello: (business: string) => string;
  /** Behind it, where the business has no words of its own for who is speaking. */
  readonly machine: string;
  readonly callBack: (number: string) => string;
  readonly screening: (business: string, text: string) => string;
}

const texts = {
  en: {
    hello: (business) => `Hello, this is ${business}`,
    machine: ', an automated assistant speaking',
    callBack: (number) => `You can call us back at ${number}. Goodbye.`,
    screening: (business, text) => `This is ${business}. ${text}`,
  },
  es: {
    hello: (business) => `Hola, le llama ${business}`,
    machine: ', habla un asistente automático',
    callBack: (number) => `Puede llamarnos al ${number}. Adiós.`,
    screening: (business, text) => `Le llama ${business}. ${text}`,
  },
  fr: {
    hello: (business) => `Bonjour, ici ${business}`,
    machine: ', un assistant automatique vous parle',
    callBack: (number) => `Vous pouvez nous rappeler au ${number}. Au revoir.`,
    screening: (business, text) => `Ici ${business}. ${text}`,
  },
  de: {
    hello: (business) => `Guten Tag, hier ist ${business}`,
    machine: ', es spricht ein automatischer Assistent',
    callBack: (number) => `Sie erreichen uns unter ${number}. Auf Wiederhören.`,
    screening: (business, text) => `Hier ist ${business}. ${text}`,
  },
  it: {
    hello: (business) => `Buongiorno, qui ${business}`,
    machine: ', parla un assistente automatico',
    callBack: (number) => `Può richiamarci al ${number}. Arrivederci.`,
    screening: (business, text) => `Qui ${business}. ${text}`,
  },
  pt: {
    hello: (business) => `Olá, fala ${business}`,
    machine: ', um assistente automático',
    callBack: (number) => `Pode ligar-nos para ${number}. Adeus.`,
    screening: (business, text) => `Fala ${business}. ${text}`,
  },
} satisfies Record<string, Texts>;

function textsOf(language: string): Texts {
  const name = language.split('-')[0]!.toLowerCase();
  return Object.hasOwn(texts, name) ? texts[name as keyof typeof texts] : texts.en;
}

export interface Calling {
  readonly businessName: string;
  /** E.164 */
  readonly ownNumber: string | null;
  /** BCP 47 */
  readonly language: string;
  /** Who is speaking, in the words of the business; empty: ours. */
  readonly disclosure: string;
  readonly text: string;
  /** Empty: made of the text. */
  readonly voicemailText: string;
}

/** The first words to whoever answers. */
export function outboundGreeting(calling: Calling): string {
  const { businessName, language, disclosure, text } = calling;
  const { hello, machine } = textsOf(language);
  const who = disclosure.trim() === '' ? `${machine}.` : `. ${sentence(disclosure)}`;
  return `${hello(businessName)}${who} ${sentence(text)}`;
}

/** Left on an answering machine. */
export function voicemailText(calling: Calling): string {
  const { businessName, ownNumber, language, text } = calling;
  if (calling.voicemailText !== '') return calling.voicemailText;
  const { hello, callBack } = textsOf(language);
  return `${hello(businessName)}. ${sentence(text)} ${callBack(spokenNumber(ownNumber ?? '', language))}`;
}

/** Said to a machine that asks who is calling and why. */
export function screeningAnswer({ businessName, language, text }: Calling): string {
  return textsOf(language).screening(businessName, sentence(text));
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
