// What is told of a booking word for word, in every language a call can be held in.

/** What happened, and the sentence that tells it; `when` is a moment as it is said. */
export interface BookingSentences {
  booked(when: string, name: string): string;
  moved(when: string): string;
  cancelled(when: string): string;
  noted(when: string): string;
}

const english: BookingSentences = {
  booked: (when, name) => `You are booked for ${when}, ${name}.`,
  moved: (when) => ended(`Your appointment is moved to ${when}`),
  cancelled: (when) => `Your appointment on ${when} is cancelled.`,
  noted: (when) => `I have noted ${when} for you, and we will confirm it by message.`,
};

const sentences: Readonly<Record<string, BookingSentences>> = {
  en: english,
  es: {
    booked: (when, name) => `Su cita es el ${when}, a nombre de ${name}.`,
    moved: (when) => ended(`Su cita pasa al ${when}`),
    cancelled: (when) => `Su cita del ${when} queda cancelada.`,
    noted: (when) => `He anotado el ${when}, y se lo confirmaremos por mensaje.`,
  },
  fr: {
    booked: (when, name) => `Votre rendez-vous est le ${when}, au nom de ${name}.`,
    moved: (when) => ended(`Votre rendez-vous est déplacé au ${when}`),
    cancelled: (when) => `Votre rendez-vous du ${when} est annulé.`,
    noted: (when) => `J’ai noté le ${when}, et nous vous le confirmerons par message.`,
  },
  de: {
    booked: (when, name) => `Ihr Termin ist am ${when}, auf den Namen ${name}.`,
    moved: (when) => ended(`Ihr Termin ist jetzt am ${when}`),
    cancelled: (when) => `Ihr Termin am ${when} ist abgesagt.`,
    noted: (when) => `Ich habe ${when} für Sie vorgemerkt, wir bestätigen es per Nachricht.`,
  },
  it: {
    booked: (when, name) => `Il suo appuntamento è ${when}, a nome di ${name}.`,
    moved: (when) => ended(`Il suo appuntamento è spostato a ${when}`),
    cancelled: (when) => `Il suo appuntamento di ${when} è annullato.`,
    noted: (when) => `Ho segnato ${when}, e le daremo conferma con un messaggio.`,
  },
  pt: {
    booked: (when, name) => `A sua marcação é ${when}, em nome de ${name}.`,
    moved: (when) => ended(`A sua marcação passa para ${when}`),
    cancelled: (when) => `A sua marcação de ${when} está cancelada.`,
    noted: (when) => `Anotei ${when}, e vamos confirmar por mensagem.`,
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
