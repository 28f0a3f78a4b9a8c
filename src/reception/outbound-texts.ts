// What is said on calls that a business makes: who calls and why, on a machine, and to a machine that screens calls.

import { spokenNumber } from './spoken-number.ts';

interface Texts {
  readonly hello: (business: string) => string;
  readonly voicemail: (business: string, text: string, number: string) => string;
  readonly screening: (business: string, text: string) => string;
}

const texts = {
  en: {
    hello: (business) => `Hello, this is ${business}, an automated assistant speaking.`,
    voicemail: (business, text, number) =>
      `Hello, this is ${business}. ${text} You can call us back at ${number}. Goodbye.`,
    screening: (business, text) => `This is ${business}. ${text}`,
  },
  es: {
    hello: (business) => `Hola, le llama ${business}, habla un asistente automático.`,
    voicemail: (business, text, number) =>
      `Hola, le llama ${business}. ${text} Puede llamarnos al ${number}. Adiós.`,
    screening: (business, text) => `Le llama ${business}. ${text}`,
  },
  fr: {
    hello: (business) => `Bonjour, ici ${business}, un assistant automatique vous parle.`,
    voicemail: (business, text, number) =>
      `Bonjour, ici ${business}. ${text} Vous pouvez nous rappeler au ${number}. Au revoir.`,
    screening: (business, text) => `Ici ${business}. ${text}`,
  },
  de: {
    hello: (business) => `Guten Tag, hier ist ${business}, es spricht ein automatischer Assistent.`,
    voicemail: (business, text, number) =>
      `Guten Tag, hier ist ${business}. ${text} Sie erreichen uns unter ${number}. Auf Wiederhören.`,
    screening: (business, text) => `Hier ist ${business}. ${text}`,
  },
  it: {
    hello: (business) => `Buongiorno, qui ${business}, parla un assistente automatico.`,
    voicemail: (business, text, number) =>
      `Buongiorno, qui ${business}. ${text} Può richiamarci al ${number}. Arrivederci.`,
    screening: (business, text) => `Qui ${business}. ${text}`,
  },
  pt: {
    hello: (business) => `Olá, fala ${business}, um assistente automático.`,
    voicemail: (business, text, number) =>
      `Olá, fala ${business}. ${text} Pode ligar-nos para ${number}. Adeus.`,
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
  readonly text: string;
  /** Empty: made of the text. */
  readonly voicemailText: string;
}

/** The first words to whoever answers. */
export function outboundGreeting({ businessName, language, text }: Calling): string {
  return `${textsOf(language).hello(businessName)} ${sentence(text)}`;
}

/** Left on an answering machine. */
export function voicemailText(calling: Calling): string {
  const { businessName, ownNumber, language, text } = calling;
  if (calling.voicemailText !== '') return calling.voicemailText;
  const number = spokenNumber(ownNumber ?? '');
  return textsOf(language).voicemail(businessName, sentence(text), number);
}

/** Said to a machine that asks who is calling and why. */
export function screeningAnswer({ businessName, language, text }: Calling): string {
  return textsOf(language).screening(businessName, sentence(text));
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
