// Text messages about an appointment, short enough for one or two parts, in the client's language where we have it.

export type MessageKind = 'sorry' | 'reminder';

export interface MessageParts {
  /** BCP 47 */
  readonly language: string;
  readonly businessName: string;
  /** IANA */
  readonly zone: string;
  readonly startMs: number;
}

type Wording = Readonly<Record<MessageKind, (business: string, when: string) => string>>;

const wordings: Readonly<Record<string, Wording>> = {
  en: {
    sorry: (business, when) =>
      `${business}: we are sorry, we could not confirm ${when}, and nothing is booked. Please call us for another time.`,
    reminder: (business, when) => `${business}: a reminder of your appointment on ${when}.`,
  },
  de: {
    sorry: (business, when) =>
      `${business}: ${when} können wir leider nicht bestätigen, es ist nichts gebucht. Bitte rufen Sie uns noch einmal an.`,
    reminder: (business, when) => `${business}: Erinnerung an Ihren Termin am ${when}.`,
  },
  es: {
    sorry: (business, when) =>
      `${business}: lo sentimos, no hemos podido confirmar el ${when} y no hay nada reservado. Llámenos para otra hora.`,
    reminder: (business, when) => `${business}: le recordamos su cita del ${when}.`,
  },
  fr: {
    sorry: (business, when) =>
      `${business} : désolés, nous n’avons pas pu confirmer le ${when}, et rien n’est réservé. Rappelez-nous pour une autre heure.`,
    reminder: (business, when) => `${business} : rappel de votre rendez-vous le ${when}.`,
  },
  it: {
    sorry: (business, when) =>
      `${business}: ci dispiace, non abbiamo potuto confermare ${when} e nulla è prenotato. Ci richiami per un altro orario.`,
    reminder: (business, when) => `${business}: le ricordiamo il suo appuntamento di ${when}.`,
  },
  pt: {
    sorry: (business, when) =>
      `${business}: lamentamos, não conseguimos confirmar ${when} e nada está marcado. Ligue-nos para outra hora.`,
    reminder: (business, when) => `${business}: lembramos a sua consulta de ${when}.`,
  },
};

/** The offset is named in the night in which clocks are set back: it is then the only difference. */
export function messageText(kind: MessageKind, parts: MessageParts): string {
  const { language, businessName, zone, startMs } = parts;
  const [primary = 'en'] = language.toLowerCase().split('-');
  const known = wordings[primary];
  const when = spokenDate(startMs, zone, known ? language : 'en-US');
  return (known ?? wordings['en']!)[kind](businessName.slice(0, 100), when);
}

function spokenDate(startMs: number, zone: string, language: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(zone);
  const twice =
    at.toPlainDateTime().toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds !==
    at.toPlainDateTime().toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds;
  return new Intl.DateTimeFormat(language, {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: 'numeric',
    minute: '2-digit',
    ...(twice && { timeZoneName: 'short' as const }),
  })
    .format(startMs)
    .replaceAll(/[\u202f\u00a0]/g, ' ');
}
