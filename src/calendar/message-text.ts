// Text messages about an appointment, short enough for one or two parts, in the client's language where we have it.

export type MessageKind = 'confirmed' | 'moved' | 'cancelled' | 'sorry' | 'reminder';

export interface MessageParts {
  /** BCP 47 */
  readonly language: string;
  readonly businessName: string;
  /** IANA */
  readonly zone: string;
  readonly startMs: number;
  /** Of the invitation for the caller's own calendar. */
  readonly url: string | undefined;
}

type Wording = Readonly<Record<MessageKind, (business: string, when: string) => string>>;

const wordings: Readonly<Record<string, Wording>> = {
  en: {
    confirmed: (business, when) => `${business}: your appointment is booked for ${when}.`,
    moved: (business, when) => `${business}: your appointment is moved to ${when}.`,
    cancelled: (business, when) => `${business}: your appointment on ${when} is cancelled.`,
    sorry: (business, when) =>
      `${business}: we are sorry, ${when} is no longer free and nothing is booked. Please call us for another time.`,
    reminder: (business, when) => `${business}: a reminder of your appointment on ${when}.`,
  },
  de: {
    confirmed: (business, when) => `${business}: Ihr Termin ist gebucht: ${when}.`,
    moved: (business, when) => `${business}: Ihr Termin ist verlegt auf ${when}.`,
    cancelled: (business, when) => `${business}: Ihr Termin ${when} ist abgesagt.`,
    sorry: (business, when) =>
      `${business}: ${when} ist leider nicht mehr frei, es ist nichts gebucht. Bitte rufen Sie uns noch einmal an.`,
    reminder: (business, when) => `${business}: Erinnerung an Ihren Termin ${when}.`,
  },
  es: {
    confirmed: (business, when) => `${business}: su cita está reservada: ${when}.`,
    moved: (business, when) => `${business}: su cita se ha cambiado a ${when}.`,
    cancelled: (business, when) => `${business}: su cita de ${when} está cancelada.`,
    sorry: (business, when) =>
      `${business}: lo sentimos, ${when} ya no está libre y no hay nada reservado. Llámenos para otra hora.`,
    reminder: (business, when) => `${business}: le recordamos su cita: ${when}.`,
  },
  fr: {
    confirmed: (business, when) => `${business} : votre rendez-vous est pris : ${when}.`,
    moved: (business, when) => `${business} : votre rendez-vous est déplacé : ${when}.`,
    cancelled: (business, when) => `${business} : votre rendez-vous (${when}) est annulé.`,
    sorry: (business, when) =>
      `${business} : désolés, ${when} n’est plus libre et rien n’est réservé. Rappelez-nous pour une autre heure.`,
    reminder: (business, when) => `${business} : rappel de votre rendez-vous : ${when}.`,
  },
};

/** The offset is named in the night in which clocks are set back: it is then the only difference. */
export function messageText(kind: MessageKind, parts: MessageParts): string {
  const { language, businessName, zone, startMs, url } = parts;
  const [primary = 'en'] = language.toLowerCase().split('-');
  const known = wordings[primary];
  const when = spokenDate(startMs, zone, known ? language : 'en-US');
  const text = (known ?? wordings['en']!)[kind](businessName.slice(0, 100), when);
  return url === undefined ? text : `${text} ${url}`;
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
