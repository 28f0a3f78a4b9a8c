// What text messages say, in each language: to callers about their appointment, to owners about a message.

import type { BookingChange } from '../store/calendar/booking-changes.ts';

/** With this many characters a text message is still one. */
const SMS_CHARACTERS_MAX = 1600;
/** Of a caller's words; the whole message is in the dashboard. */
const QUOTE_CHARACTERS_MAX = 600;

interface Texts {
  readonly booked: (business: string, when: string) => string;
  readonly rescheduled: (business: string, when: string) => string;
  readonly cancelled: (business: string, when: string) => string;
  /** How to be left alone: the first text of a business must say it. */
  readonly stop: string;
  readonly message: (name: string, phone: string, text: string, urgent: boolean) => string;
}

const texts = {
  en: {
    booked: (business, when) => `${business}: your appointment is on ${when}.`,
    rescheduled: (business, when) => `${business}: your appointment is now on ${when}.`,
    cancelled: (business, when) => `${business}: your appointment on ${when} is cancelled.`,
    stop: 'Reply STOP to get no more texts.',
    message: (name, phone, text, urgent) =>
      `${urgent ? 'URGENT message' : 'Message'} from ${name}${phone && `, ${phone}`}: ${text}`,
  },
  es: {
    booked: (business, when) => `${business}: su cita es el ${when}.`,
    rescheduled: (business, when) => `${business}: su cita es ahora el ${when}.`,
    cancelled: (business, when) => `${business}: su cita del ${when} está cancelada.`,
    stop: 'Responda STOP para no recibir más mensajes.',
    message: (name, phone, text, urgent) =>
      `${urgent ? 'Mensaje URGENTE' : 'Mensaje'} de ${name}${phone && `, ${phone}`}: ${text}`,
  },
  fr: {
    booked: (business, when) => `${business} : votre rendez-vous est le ${when}.`,
    rescheduled: (business, when) => `${business} : votre rendez-vous est désormais le ${when}.`,
    cancelled: (business, when) => `${business} : votre rendez-vous du ${when} est annulé.`,
    stop: 'Répondez STOP pour ne plus recevoir de messages.',
    message: (name, phone, text, urgent) =>
      `${urgent ? 'Message URGENT' : 'Message'} de ${name}${phone && `, ${phone}`} : ${text}`,
  },
  de: {
    booked: (business, when) => `${business}: Ihr Termin ist am ${when}.`,
    rescheduled: (business, when) => `${business}: Ihr Termin ist jetzt am ${when}.`,
    cancelled: (business, when) => `${business}: Ihr Termin am ${when} ist abgesagt.`,
    stop: 'Antworten Sie STOP, um keine Nachrichten mehr zu erhalten.',
    message: (name, phone, text, urgent) =>
      `${urgent ? 'DRINGENDE Nachricht' : 'Nachricht'} von ${name}${phone && `, ${phone}`}: ${text}`,
  },
  it: {
    booked: (business, when) => `${business}: il suo appuntamento è ${when}.`,
    rescheduled: (business, when) => `${business}: il suo appuntamento è ora ${when}.`,
    cancelled: (business, when) => `${business}: il suo appuntamento di ${when} è annullato.`,
    stop: 'Risponda STOP per non ricevere altri messaggi.',
    message: (name, phone, text, urgent) =>
      `Messaggio${urgent ? ' URGENTE' : ''} da ${name}${phone && `, ${phone}`}: ${text}`,
  },
  pt: {
    booked: (business, when) => `${business}: a sua consulta é ${when}.`,
    rescheduled: (business, when) => `${business}: a sua consulta é agora ${when}.`,
    cancelled: (business, when) => `${business}: a sua consulta de ${when} foi cancelada.`,
    stop: 'Responda STOP para não receber mais mensagens.',
    message: (name, phone, text, urgent) =>
      `Mensagem${urgent ? ' URGENTE' : ''} de ${name}${phone && `, ${phone}`}: ${text}`,
  },
} satisfies Record<string, Texts>;

/** English where we do not write the language. */
function textsOf(language: string): Texts {
  const name = language.split('-')[0]!.toLowerCase();
  return Object.hasOwn(texts, name) ? texts[name as keyof typeof texts] : texts.en;
}

/** For the caller whose appointment it is; with the address of an invitation, while there is something to go to. */
export function bookingText(change: BookingChange, invitationUrl?: string): string {
  const { language, zone, kind, businessName, startsAt } = change;
  const say = textsOf(language);
  const when = new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: zone,
    ...(isTwice(startsAt, zone) && { timeZoneName: 'short' as const }),
  }).format(startsAt);
  // The space that browsers like before AM makes a text message cost double.
  const plain = when.replaceAll(/[\u202F\u00A0]/g, ' ');
  const url = invitationUrl === undefined || kind === 'cancelled' ? '' : ` ${invitationUrl}`;
  return `${say[kind](businessName, plain)}${url} ${say.stop}`.slice(0, SMS_CHARACTERS_MAX);
}

/** In the night in which the clocks are set back, when only the offset tells two hours apart. */
function isTwice(at: Date, zone: string): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDateTime();
  const [one, other] = (['earlier', 'later'] as const).map(
    (disambiguation) => local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds,
  );
  return one !== other;
}

/** For the business, about what a caller left. */
export function messageText(
  { name, phone, text, urgent }: { name: string; phone: string; text: string; urgent: boolean },
  language: string,
): string {
  const quote =
    text.length > QUOTE_CHARACTERS_MAX
      ? `${text.slice(0, QUOTE_CHARACTERS_MAX - 1).trimEnd()}…`
      : text;
  return textsOf(language).message(name, phone, quote, urgent).slice(0, SMS_CHARACTERS_MAX);
}
