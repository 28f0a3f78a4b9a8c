// What we say without being asked, in every language a call can be held in.

/** In English; their spare recordings are in `assets/clips`. */
export const stockSentences = {
  apology: "I'm sorry, I didn't catch that. Could you say it again?",
  givingUp: "I'm sorry, I'm having trouble on my side. Please bear with me.",
  stillThere: 'Are you still there?',
  goodbye: 'Thank you for calling. Goodbye.',
  wrapUp: 'Only a few seconds are left. Please say your name and number, and we will call back.',
  leaveMessage: 'Please leave your name, your number and your message after the tone.',
  leaveMessageOrPress:
    'Press one to speak to a person, or leave your name, your number and your message after the tone.',
  messageTaken: 'Thank you. Your message will be passed on. Goodbye.',
  filler1: 'One moment, please.',
  filler2: 'Thank you for waiting, just a little longer.',
  goodbyeOutbound: 'Thank you for your time. Goodbye.',
  wrapUpOutbound:
    'Only a few seconds are left. If there is something we should know, please say it now.',
  leaveMessageOutbound:
    'If there is something you would like to tell us, please leave a message after the tone.',
  leaveMessageOrPressOutbound: 'Press one to speak to a person, or leave a message after the tone.',
} as const;

export type StockSentence = keyof typeof stockSentences;

/** What is said in place of these to people whom we have called: they did not call, and whose number it is we know. */
export const outboundSentences = {
  goodbye: 'goodbyeOutbound',
  wrapUp: 'wrapUpOutbound',
  leaveMessage: 'leaveMessageOutbound',
  leaveMessageOrPress: 'leaveMessageOrPressOutbound',
} as const satisfies Partial<Record<StockSentence, StockSentence>>;

type Sentences = Readonly<Record<StockSentence, string>>;

const sentences: Readonly<Record<string, Sentences>> = {
  en: stockSentences,
  es: {
    apology: 'Perdone, no le he entendido. ¿Puede repetirlo?',
    givingUp: 'Lo siento, tengo un problema técnico. Un momento, por favor.',
    stillThere: '¿Sigue usted ahí?',
    goodbye: 'Gracias por su llamada. Adiós.',
    wrapUp:
      'Le aviso de que solo nos quedan unos segundos. Dígame por favor su nombre y su número, y le llamaremos.',
    leaveMessage: 'Deje su nombre, su número y su mensaje después de la señal.',
    leaveMessageOrPress:
      'Pulse uno para hablar con una persona, o deje su nombre, su número y su mensaje después de la señal.',
    messageTaken: 'Gracias. Le pasaremos su mensaje. Adiós.',
    filler1: 'Un momento, por favor.',
    filler2: 'Gracias por esperar, ya casi está.',
    goodbyeOutbound: 'Gracias por su tiempo. Adiós.',
    wrapUpOutbound:
      'Solo nos quedan unos segundos. Si hay algo que debamos saber, dígalo ahora, por favor.',
    leaveMessageOutbound: 'Si desea decirnos algo, deje un mensaje después de la señal.',
    leaveMessageOrPressOutbound:
      'Pulse uno para hablar con una persona, o deje un mensaje después de la señal.',
  },
  fr: {
    apology: "Excusez-moi, je n'ai pas compris. Pouvez-vous répéter ?",
    givingUp: "Je suis désolée, j'ai un problème technique. Un instant, s'il vous plaît.",
    stillThere: 'Êtes-vous toujours là ?',
    goodbye: 'Merci de votre appel. Au revoir.',
    wrapUp:
      'Il ne nous reste que quelques secondes. Dites-moi votre nom et votre numéro, et nous vous rappellerons.',
    leaveMessage: 'Laissez votre nom, votre numéro et votre message après le signal.',
    leaveMessageOrPress:
      'Appuyez sur un pour parler à une personne, ou laissez votre nom, votre numéro et votre message après le signal.',
    messageTaken: 'Merci. Votre message sera transmis. Au revoir.',
    filler1: "Un instant, s'il vous plaît.",
    filler2: "Merci de patienter, c'est presque prêt.",
    goodbyeOutbound: "Merci de m'avoir accordé un moment. Au revoir.",
    wrapUpOutbound:
      "Il ne nous reste que quelques secondes. Si nous devons savoir quelque chose, dites-le maintenant, s'il vous plaît.",
    leaveMessageOutbound:
      'Si vous souhaitez nous dire quelque chose, laissez un message après le signal.',
    leaveMessageOrPressOutbound:
      'Appuyez sur un pour parler à une personne, ou laissez un message après le signal.',
  },
  de: {
    apology: 'Entschuldigung, das habe ich nicht verstanden. Können Sie es wiederholen?',
    givingUp: 'Es tut mir leid, ich habe gerade eine Störung. Einen Moment bitte.',
    stillThere: 'Sind Sie noch da?',
    goodbye: 'Vielen Dank für Ihren Anruf. Auf Wiederhören.',
    wrapUp:
      'Wir haben leider nur noch wenige Sekunden. Bitte nennen Sie mir Ihren Namen und Ihre Nummer, wir rufen zurück.',
    leaveMessage:
      'Bitte hinterlassen Sie nach dem Ton Ihren Namen, Ihre Nummer und Ihre Nachricht.',
    leaveMessageOrPress:
      'Drücken Sie die Eins, um mit einem Menschen zu sprechen, oder hinterlassen Sie nach dem Ton Ihren Namen, Ihre Nummer und Ihre Nachricht.',
    messageTaken: 'Vielen Dank. Ihre Nachricht wird weitergegeben. Auf Wiederhören.',
    filler1: 'Einen Moment bitte.',
    filler2: 'Danke für Ihre Geduld, gleich habe ich es.',
    goodbyeOutbound: 'Vielen Dank für Ihre Zeit. Auf Wiederhören.',
    wrapUpOutbound:
      'Wir haben leider nur noch wenige Sekunden. Wenn wir noch etwas wissen sollen, sagen Sie es bitte jetzt.',
    leaveMessageOutbound:
      'Wenn Sie uns etwas sagen möchten, hinterlassen Sie bitte nach dem Ton eine Nachricht.',
    leaveMessageOrPressOutbound:
      'Drücken Sie die Eins, um mit einem Menschen zu sprechen, oder hinterlassen Sie nach dem Ton eine Nachricht.',
  },
  it: {
    apology: 'Mi scusi, non ho capito. Può ripetere?',
    givingUp: 'Mi dispiace, ho un problema tecnico. Un momento, per favore.',
    stillThere: 'È ancora in linea?',
    goodbye: 'Grazie per aver chiamato. Arrivederci.',
    wrapUp:
      'Ci restano solo pochi secondi. Mi dica il suo nome e il suo numero, e la richiameremo.',
    leaveMessage: 'Lasci il suo nome, il suo numero e il suo messaggio dopo il segnale.',
    leaveMessageOrPress:
      'Prema uno per parlare con una persona, oppure lasci il suo nome, il suo numero e il suo messaggio dopo il segnale.',
    messageTaken: 'Grazie. Il suo messaggio sarà riferito. Arrivederci.',
    filler1: 'Un attimo, per favore.',
    filler2: 'Grazie per la pazienza, ci siamo quasi.',
    goodbyeOutbound: 'Grazie per il suo tempo. Arrivederci.',
    wrapUpOutbound:
      "Ci restano solo pochi secondi. Se c'è qualcosa che dobbiamo sapere, lo dica ora, per favore.",
    leaveMessageOutbound: 'Se desidera dirci qualcosa, lasci un messaggio dopo il segnale.',
    leaveMessageOrPressOutbound:
      'Prema uno per parlare con una persona, oppure lasci un messaggio dopo il segnale.',
  },
  pt: {
    apology: 'Desculpe, não entendi. Pode repetir?',
    givingUp: 'Desculpe, estou com um problema técnico. Um momento, por favor.',
    stillThere: 'Ainda está aí?',
    goodbye: 'Obrigada por ligar. Até logo.',
    wrapUp:
      'Só temos mais alguns segundos. Diga-me por favor o seu nome e o seu número, e ligaremos de volta.',
    leaveMessage: 'Deixe o seu nome, o seu número e a sua mensagem depois do sinal.',
    leaveMessageOrPress:
      'Marque um para falar com uma pessoa, ou deixe o seu nome, o seu número e a sua mensagem depois do sinal.',
    messageTaken: 'Obrigada. A sua mensagem será transmitida. Até logo.',
    filler1: 'Um momento, por favor.',
    filler2: 'Obrigada por esperar, só mais um pouco.',
    goodbyeOutbound: 'Obrigada pelo seu tempo. Até logo.',
    wrapUpOutbound:
      'Só temos mais alguns segundos. Se houver algo que devamos saber, diga agora, por favor.',
    leaveMessageOutbound: 'Se quiser dizer-nos alguma coisa, deixe uma mensagem depois do sinal.',
    leaveMessageOrPressOutbound:
      'Marque um para falar com uma pessoa, ou deixe uma mensagem depois do sinal.',
  },
};

interface OtherSentences {
  readonly thanks: string;
  readonly offer: string;
  readonly transfer: string;
  /** Around what the caller has dictated. */
  readonly readBack: readonly [before: string, after: string];
}

const others: Readonly<Record<string, OtherSentences>> = {
  en: {
    thanks: 'Thank you for calling',
    offer: 'How can I help you?',
    transfer: 'One moment, I am putting you through.',
    readBack: ['I have ', '. Is that right?'],
  },
  es: {
    thanks: 'Gracias por llamar a',
    offer: '¿En qué puedo ayudarle?',
    transfer: 'Un momento, le paso con un compañero.',
    readBack: ['He anotado ', '. ¿Es correcto?'],
  },
  fr: {
    thanks: 'Merci d’appeler',
    offer: 'Comment puis-je vous aider ?',
    transfer: 'Un instant, je vous mets en relation.',
    readBack: ['J’ai noté ', '. Est-ce exact ?'],
  },
  de: {
    thanks: 'Willkommen bei',
    offer: 'Wie kann ich Ihnen helfen?',
    transfer: 'Einen Moment, ich verbinde Sie.',
    readBack: ['Ich habe notiert: ', '. Stimmt das?'],
  },
  it: {
    thanks: 'Grazie per aver chiamato',
    offer: 'Come posso aiutarla?',
    transfer: 'Un attimo, la metto in contatto.',
    readBack: ['Ho segnato ', '. È corretto?'],
  },
  pt: {
    thanks: 'Obrigada por ligar para',
    offer: 'Em que posso ajudar?',
    transfer: 'Um momento, vou transferir a chamada.',
    readBack: ['Anotei ', '. Está certo?'],
  },
};

/** The languages of the sentences above as they are spoken where. */
export const offeredLanguages = [
  'en-US',
  'en-GB',
  'en-AU',
  'es-ES',
  'es-MX',
  'fr-FR',
  'fr-CA',
  'de-DE',
  'it-IT',
  'pt-BR',
  'pt-PT',
] as const;

/** `language`: BCP 47. In English where we do not know the language. */
export function stockSentencesIn(language: string): Sentences {
  return sentences[spokenIn(language)] ?? stockSentences;
}

/** Said where the owner has set no greeting. It ends with a question: nobody is left to guess that it is their turn. */
export function greetingFor(businessName: string, language: string): string {
  const { thanks, offer } = others[spokenIn(language)] ?? others['en']!;
  return `${thanks} ${businessName.replace(/\.$/, '')}. ${offer}`;
}

/** Said before a caller is put through to a person. */
export function transferSentence(language: string): string {
  return (others[spokenIn(language)] ?? others['en']!).transfer;
}

/** Reads back what a caller has dictated, and asks. */
export function readBackSentence(language: string, value: string): string {
  const [before, after] = (others[spokenIn(language)] ?? others['en']!).readBack;
  return `${before}${value}${after}`;
}

function spokenIn(language: string): string {
  return language.split('-')[0]!.toLowerCase();
}
