// What is said around a transfer, in each language: to the person who is called, and to a caller who comes back.

import { spokenNumber } from './spoken-number.ts';

export interface Announcement {
  readonly businessName: string;
  /** Empty when unknown. */
  readonly callerName: string;
  /** E.164; null when withheld. */
  readonly callerPhone: string | null;
  /** Empty when nobody said. */
  readonly reason: string;
  /** Whether we have called them. */
  readonly outbound: boolean;
}

interface Texts {
  readonly announce: (business: string, caller: string) => string;
  /** Of somebody whom we have called. */
  readonly called: (business: string, caller: string) => string;
  readonly about: (reason: string) => string;
  readonly unknown: string;
  readonly choose: string;
  readonly back: (name: string) => string;
}

const texts = {
  en: {
    announce: (business, caller) => `A call for ${business} from ${caller}.`,
    called: (business, caller) =>
      `${business} has called ${caller}, who would like to speak to you.`,
    about: (reason) => ` It is about: ${reason}.`,
    unknown: 'a caller without a number',
    choose: 'Press 1 to take the call, or any other key to decline.',
    back: (name) =>
      `I am sorry, ${name} cannot come to the phone right now. Shall I take a message, or can I help you with something else?`,
  },
  es: {
    announce: (business, caller) => `Una llamada para ${business} de ${caller}.`,
    called: (business, caller) =>
      `${business} ha llamado a ${caller}, que quiere hablar con usted.`,
    about: (reason) => ` Se trata de: ${reason}.`,
    unknown: 'alguien sin número',
    choose: 'Pulse 1 para aceptar la llamada, u otra tecla para rechazarla.',
    back: (name) =>
      `Lo siento, ${name} no puede atenderle ahora. ¿Quiere dejar un mensaje, o puedo ayudarle en otra cosa?`,
  },
  fr: {
    announce: (business, caller) => `Un appel pour ${business} de ${caller}.`,
    called: (business, caller) => `${business} a appelé ${caller}, qui souhaite vous parler.`,
    about: (reason) => ` C'est au sujet de : ${reason}.`,
    unknown: 'quelqu’un sans numéro',
    choose: 'Tapez 1 pour prendre l’appel, ou une autre touche pour refuser.',
    back: (name) =>
      `Je suis désolé, ${name} n’est pas disponible pour le moment. Voulez-vous laisser un message, ou puis-je vous aider autrement ?`,
  },
  de: {
    announce: (business, caller) => `Ein Anruf für ${business} von ${caller}.`,
    called: (business, caller) =>
      `${business} hat jemanden angerufen, der Sie sprechen möchte: ${caller}.`,
    about: (reason) => ` Es geht um: ${reason}.`,
    unknown: 'jemandem ohne Nummer',
    choose:
      'Drücken Sie die 1, um den Anruf anzunehmen, oder eine andere Taste, um ihn abzulehnen.',
    back: (name) =>
      `Es tut mir leid, ${name} ist gerade nicht zu erreichen. Soll ich eine Nachricht aufnehmen, oder kann ich Ihnen anders helfen?`,
  },
  it: {
    announce: (business, caller) => `Una chiamata per ${business} da ${caller}.`,
    called: (business, caller) =>
      `${business} ha chiamato ${caller}, che desidera parlare con lei.`,
    about: (reason) => ` Riguarda: ${reason}.`,
    unknown: 'qualcuno senza numero',
    choose: 'Prema 1 per accettare la chiamata, o un altro tasto per rifiutarla.',
    back: (name) =>
      `Mi dispiace, ${name} non può rispondere adesso. Vuole lasciare un messaggio, o posso aiutarla in altro modo?`,
  },
  pt: {
    announce: (business, caller) => `Uma chamada para ${business} de ${caller}.`,
    called: (business, caller) => `${business} ligou a ${caller}, que deseja falar consigo.`,
    about: (reason) => ` É sobre: ${reason}.`,
    unknown: 'alguém sem número',
    choose: 'Prima 1 para atender, ou outra tecla para recusar.',
    back: (name) =>
      `Lamento, ${name} não pode atender agora. Quer deixar uma mensagem, ou posso ajudar de outra forma?`,
  },
} satisfies Record<string, Texts>;

function textsOf(language: string): Texts {
  const name = language.split('-')[0]!.toLowerCase();
  return Object.hasOwn(texts, name) ? texts[name as keyof typeof texts] : texts.en;
}

/** What the person hears before the caller: who it is and why, and then how to choose. */
export function announcementOf(
  { businessName, callerName, callerPhone, reason, outbound }: Announcement,
  language: string,
): { announcement: string; choice: string } {
  const { announce, called, about, unknown, choose } = textsOf(language);
  const number = callerPhone === null ? '' : spokenNumber(callerPhone, language);
  const caller = [callerName, number].filter((part) => part !== '').join(', ') || unknown;
  const who = outbound ? called : announce;
  const why = reason.replace(/[.!?\s]+$/, '');
  return { announcement: who(businessName, caller) + (why && about(why)), choice: choose };
}

/** Said to a caller whom nobody took. */
export function backText(name: string, language: string): string {
  return textsOf(language).back(name);
}
