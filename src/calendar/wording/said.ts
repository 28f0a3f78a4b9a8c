// What is told of a booking word for word, in every language a call can be held in.

/** What happened, and the sentence that tells it; `when` is a moment as `spokenMoment` says it, relative day or not. */
export interface BookingSentences {
  booked(when: string, name: string): string;
  moved(when: string): string;
  cancelled(when: string): string;
  noted(when: string): string;
}

const english: BookingSentences = {
  booked: (when, name) => `You are booked for ${when}, ${name}.`,
  moved: (when) => ended(`Your appointment is moved to ${when}`),
  cancelled: (when) => `Your appointment for ${closed(when)} is cancelled.`,
  noted: (when) => `I have noted ${when} for you, and we will confirm it by message.`,
};

const sentences: Readonly<Record<string, BookingSentences>> = {
  en: english,
  es: {
    booked: (when, name) => `Su cita es ${when}, a nombre de ${name}.`,
    moved: (when) => ended(`He cambiado su cita: ahora es ${when}`),
    cancelled: (when) => ended(`He cancelado la cita que tenía ${when}`),
    noted: (when) => `Le he anotado para ${when}, y se lo confirmaremos por mensaje.`,
  },
  fr: {
    booked: (when, name) => `Votre rendez-vous est ${when}, au nom ${of(name)}.`,
    moved: (when) => ended(`Votre rendez-vous est déplacé. Il aura lieu ${when}`),
    cancelled: (when) => ended(`J’ai annulé votre rendez-vous, prévu ${when}`),
    noted: (when) => `J’ai noté votre demande pour ${when}, et nous vous confirmerons par message.`,
  },
  de: {
    booked: (when, name) => `Ihr Termin ist ${when}, auf den Namen ${name}.`,
    moved: (when) => ended(`Ihr Termin ist verschoben. Er ist ${when}`),
    cancelled: (when) => `Ihr Termin ${when}, ist abgesagt.`,
    noted: (when) => `Ich habe vorgemerkt: ${when}. Wir bestätigen es Ihnen per Nachricht.`,
  },
  it: {
    booked: (when, name) => `Il suo appuntamento è ${when}, a nome di ${name}.`,
    moved: (when) => ended(`Ho spostato il suo appuntamento: ora è ${when}`),
    cancelled: (when) => ended(`Ho annullato il suo appuntamento di ${when}`),
    noted: (when) => `Ho segnato ${when}, e le daremo conferma con un messaggio.`,
  },
  pt: {
    booked: (when, name) => `A sua marcação é ${when}, em nome de ${name}.`,
    moved: (when) => ended(`Mudei a sua marcação: agora é ${when}`),
    cancelled: (when) => ended(`Cancelei a marcação que tinha ${when}`),
    noted: (when) => `Anotei o seu pedido para ${when}, e vamos confirmar por mensagem.`,
  },
};

/** `language`: BCP 47. Undefined where the model has to find the words. */
export function bookingSentences(language: string): BookingSentences | undefined {
  return sentences[language.split('-')[0]!.toLowerCase()];
}

/** "2:30 p.m." ends with a full stop of its own. */
function ended(sentence: string): string {
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

/** "tomorrow, Friday, March fifth, at noon,": what stands between commas is closed by one. */
function closed(when: string): string {
  return /^(?:today|tomorrow),/.test(when) ? `${when},` : when;
}

/** French elides before a vowel. */
function of(name: string): string {
  return /^[aeiouàâéèêëîïôöùûü]/i.test(name) ? `d’${name}` : `de ${name}`;
}
