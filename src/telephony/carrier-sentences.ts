// What the carrier's own voice says where we cannot speak ourselves, in every language a call can be held in.

export type Refusal =
  | 'unknown-number'
  | 'inactive'
  | 'no-credit'
  | 'too-many-calls'
  | 'client-daily'
  | 'unavailable';

export interface CarrierSentence {
  readonly sentence: string;
  /** BCP 47: of the sentence, which is in English where we do not know the language asked for. */
  readonly language: string;
}

interface Sentences {
  /** Before a number is dialled. */
  readonly through: string;
  readonly busyThrough: string;
  readonly unknown: string;
  readonly closed: string;
  readonly busy: string;
  readonly unavailable: string;
  readonly lost: string;
  readonly nobody: string;
  /** To somebody whom we have called. */
  readonly over: string;
}

const english: Sentences = {
  through: 'One moment please, I am putting you through.',
  busyThrough: 'All lines are busy. One moment please, I am putting you through.',
  unknown: 'This number is not in service. Goodbye.',
  closed: 'We cannot take your call at the moment. Please try again another time. Goodbye.',
  busy: 'All our lines are busy. Please call again in a few minutes. Goodbye.',
  unavailable:
    'We are sorry, we cannot take your call right now. Please call again in a few minutes. Goodbye.',
  lost: 'I am sorry, we have lost the connection.',
  nobody: 'I am sorry, nobody is there to take your call. Please call again later. Goodbye.',
  over: 'I am sorry, we cannot go on with this call. Goodbye.',
};

const others: Readonly<Record<string, Sentences>> = {
  es: {
    through: 'Un momento, por favor, le paso.',
    busyThrough: 'Todas las líneas están ocupadas. Un momento, por favor, le paso.',
    unknown: 'Este número no está en servicio. Adiós.',
    closed: 'No podemos atender su llamada en este momento. Inténtelo en otro momento. Adiós.',
    busy: 'Todas nuestras líneas están ocupadas. Vuelva a llamar dentro de unos minutos. Adiós.',
    unavailable:
      'Lo sentimos, ahora no podemos atender su llamada. Vuelva a llamar dentro de unos minutos. Adiós.',
    lost: 'Lo siento, se ha cortado la conexión.',
    nobody: 'Lo siento, nadie puede atender su llamada. Vuelva a llamar más tarde. Adiós.',
    over: 'Lo siento, no podemos continuar esta llamada. Adiós.',
  },
  fr: {
    through: "Un instant, s'il vous plaît, je vous mets en relation.",
    busyThrough:
      "Toutes les lignes sont occupées. Un instant, s'il vous plaît, je vous mets en relation.",
    unknown: "Ce numéro n'est pas en service. Au revoir.",
    closed:
      'Nous ne pouvons pas prendre votre appel pour le moment. Réessayez à un autre moment. Au revoir.',
    busy: 'Toutes nos lignes sont occupées. Rappelez dans quelques minutes. Au revoir.',
    unavailable:
      'Nous sommes désolés, nous ne pouvons pas prendre votre appel maintenant. Rappelez dans quelques minutes. Au revoir.',
    lost: 'Je suis désolée, la connexion est perdue.',
    nobody:
      "Je suis désolée, personne n'est là pour prendre votre appel. Rappelez plus tard. Au revoir.",
    over: 'Je suis désolée, nous ne pouvons pas poursuivre cet appel. Au revoir.',
  },
  de: {
    through: 'Einen Moment bitte, ich verbinde Sie.',
    busyThrough: 'Alle Leitungen sind besetzt. Einen Moment bitte, ich verbinde Sie.',
    unknown: 'Diese Nummer ist nicht vergeben. Auf Wiederhören.',
    closed:
      'Wir können Ihren Anruf gerade nicht annehmen. Bitte versuchen Sie es ein anderes Mal. Auf Wiederhören.',
    busy: 'Alle Leitungen sind besetzt. Bitte rufen Sie in einigen Minuten noch einmal an. Auf Wiederhören.',
    unavailable:
      'Es tut uns leid, wir können Ihren Anruf gerade nicht annehmen. Bitte rufen Sie in einigen Minuten noch einmal an. Auf Wiederhören.',
    lost: 'Es tut mir leid, die Verbindung ist abgebrochen.',
    nobody:
      'Es tut mir leid, es ist gerade niemand da. Bitte rufen Sie später noch einmal an. Auf Wiederhören.',
    over: 'Es tut mir leid, wir können das Gespräch nicht fortsetzen. Auf Wiederhören.',
  },
  it: {
    through: 'Un attimo, per favore, la metto in contatto.',
    busyThrough: 'Tutte le linee sono occupate. Un attimo, per favore, la metto in contatto.',
    unknown: 'Questo numero non è attivo. Arrivederci.',
    closed: 'Al momento non possiamo rispondere. Riprovi in un altro momento. Arrivederci.',
    busy: 'Tutte le nostre linee sono occupate. Richiami tra qualche minuto. Arrivederci.',
    unavailable:
      'Ci dispiace, adesso non possiamo rispondere. Richiami tra qualche minuto. Arrivederci.',
    lost: 'Mi dispiace, la comunicazione si è interrotta.',
    nobody: "Mi dispiace, non c'è nessuno che possa rispondere. Richiami più tardi. Arrivederci.",
    over: 'Mi dispiace, non possiamo continuare questa chiamata. Arrivederci.',
  },
  pt: {
    through: 'Um momento, por favor, vou transferir a chamada.',
    busyThrough: 'Todas as linhas estão ocupadas. Um momento, por favor, vou transferir a chamada.',
    unknown: 'Este número não está em serviço. Até logo.',
    closed: 'Não podemos atender agora. Tente noutra altura, por favor. Até logo.',
    busy: 'Todas as nossas linhas estão ocupadas. Volte a ligar dentro de alguns minutos. Até logo.',
    unavailable:
      'Lamentamos, não podemos atender agora. Volte a ligar dentro de alguns minutos. Até logo.',
    lost: 'Lamento, a ligação caiu.',
    nobody: 'Lamento, não está ninguém que possa atender. Volte a ligar mais tarde. Até logo.',
    over: 'Lamento, não podemos continuar esta chamada. Até logo.',
  },
};

/** Said where nobody is dialled. Never why: that is between us and the owner. */
const refused: Readonly<Record<Refusal, keyof Sentences>> = {
  'unknown-number': 'unknown',
  inactive: 'closed',
  'no-credit': 'closed',
  'client-daily': 'closed',
  'too-many-calls': 'busy',
  unavailable: 'unavailable',
};

export interface Whom {
  /** BCP 47; undefined: it is not known who was called. */
  readonly language: string | undefined;
  /** Whether we have called them. */
  readonly outbound?: boolean | undefined;
}

/** For a call that does not come in or go on; `dials`: somebody else is tried next. */
export function refusalSentence(refusal: Refusal, whom: Whom, dials: boolean): CarrierSentence {
  if (dials) return said(refusal === 'too-many-calls' ? 'busyThrough' : 'through', whom);
  return said(whom.outbound ? 'over' : refused[refusal], whom);
}

/** For a stream that has died. */
export function lostSentence(language: string): CarrierSentence {
  return said('lost', { language });
}

/** Nobody took the call, and we cannot go on with it either. */
export function nobodySentence(whom: Whom): CarrierSentence {
  return said(whom.outbound ? 'over' : 'nobody', whom);
}

function said(name: keyof Sentences, { language = 'en-US' }: Whom): CarrierSentence {
  const spoken = language.split('-')[0]!.toLowerCase();
  if (spoken === 'en') return { sentence: english[name], language };
  const sentences = others[spoken];
  return sentences
    ? { sentence: sentences[name], language }
    : { sentence: english[name], language: 'en-US' };
}
