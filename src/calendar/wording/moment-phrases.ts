// A moment as people say it in the languages beside English: the day, then the hour, in words where digits would mislead.

export interface MomentParts {
  /** 1 for Monday. */
  readonly weekday: number;
  readonly day: number;
  /** 1 for January. */
  readonly month: number;
  readonly hour: number;
  readonly minute: number;
  /** Undefined for any other day. */
  readonly relative: 'today' | 'tomorrow' | undefined;
  /** Where the clocks are set back: which of the two hours of the same name. */
  readonly clockChange: 'before' | 'after' | undefined;
}

interface Phrases {
  readonly weekdays: readonly string[];
  readonly months: readonly string[];
  readonly relative: Readonly<Record<'today' | 'tomorrow', string>>;
  readonly clockChange: Readonly<Record<'before' | 'after', string>>;
  /** The day alone, as it stands after a relative word. */
  day(weekday: string, day: number, month: string): string;
  /** The same without such a word: fit to follow "is". */
  onDay(weekday: string, day: number, month: string): string;
  at(hour: number, minute: number): string;
}

/** "mañana, viernes 27 de noviembre, a las 2:30 de la tarde"; undefined in languages we have no words for. */
export function momentPhrase(language: string, parts: MomentParts): string | undefined {
  const phrases = languages[language.split('-')[0]!.toLowerCase()];
  if (!phrases) return undefined;
  const { relative, clockChange, hour, minute } = parts;
  const weekday = phrases.weekdays[parts.weekday - 1]!;
  const month = phrases.months[parts.month - 1]!;
  const at =
    phrases.at(hour, minute) + (clockChange ? `, ${phrases.clockChange[clockChange]}` : '');
  if (!relative) return `${phrases.onDay(weekday, parts.day, month)} ${at}`;
  return `${phrases.relative[relative]}, ${phrases.day(weekday, parts.day, month)}, ${at}`;
}

const list = (words: string) => words.split(' ');

/** "14:30"; whole hours go without minutes. */
function clock(hour: number, minute: number): string {
  return minute === 0 ? String(hour) : `${hour}:${String(minute).padStart(2, '0')}`;
}

const spanish: Phrases = {
  weekdays: list('lunes martes miércoles jueves viernes sábado domingo'),
  months: list(
    'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  ),
  relative: { today: 'hoy', tomorrow: 'mañana' },
  clockChange: { before: 'antes del cambio de hora', after: 'después del cambio de hora' },
  day: (weekday, day, month) => `${weekday} ${day} de ${month}`,
  onDay: (weekday, day, month) => `el ${weekday} ${day} de ${month}`,
  at(hour, minute) {
    if (minute === 0 && hour === 0) return 'a medianoche';
    if (minute === 0 && hour === 12) return 'a las 12 del mediodía';
    const part =
      hour < 6 ? 'la madrugada' : hour < 12 ? 'la mañana' : hour < 20 ? 'la tarde' : 'la noche';
    const twelve = hour % 12 || 12;
    const named = twelve === 1 ? 'la una' : `las ${twelve}`;
    const rest =
      minute === 0 ? '' : minute === 15 ? ' y cuarto' : minute === 30 ? ' y media' : ` y ${minute}`;
    return `a ${named}${rest} de ${part}`;
  },
};

const french: Phrases = {
  weekdays: list('lundi mardi mercredi jeudi vendredi samedi dimanche'),
  months: list(
    'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  ),
  relative: { today: "aujourd'hui", tomorrow: 'demain' },
  clockChange: { before: "avant le changement d'heure", after: "après le changement d'heure" },
  day: (weekday, day, month) => `${weekday} ${day === 1 ? '1er' : day} ${month}`,
  onDay: (weekday, day, month) => `le ${french.day(weekday, day, month)}`,
  at(hour, minute) {
    if (minute === 0 && hour % 12 === 0) return hour === 0 ? 'à minuit' : 'à midi';
    return `à ${hour} h${minute === 0 ? '' : ` ${String(minute).padStart(2, '0')}`}`;
  },
};

const german: Phrases = {
  weekdays: list('Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag'),
  months: list(
    'Januar Februar März April Mai Juni Juli August September Oktober November Dezember',
  ),
  relative: { today: 'heute', tomorrow: 'morgen' },
  clockChange: { before: 'vor der Zeitumstellung', after: 'nach der Zeitumstellung' },
  day: (weekday, day, month) => `${weekday}, den ${day}. ${month}`,
  onDay: (weekday, day, month) => `am ${weekday}, dem ${day}. ${month},`,
  at: (hour, minute) =>
    hour === 0 && minute === 0 ? 'um Mitternacht' : `um ${clock(hour, minute)} Uhr`,
};

const italian: Phrases = {
  weekdays: list('lunedì martedì mercoledì giovedì venerdì sabato domenica'),
  months: list(
    'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  ),
  relative: { today: 'oggi', tomorrow: 'domani' },
  clockChange: { before: "prima del cambio dell'ora", after: "dopo il cambio dell'ora" },
  day: (weekday, day, month) => `${weekday} ${day === 1 ? '1º' : day} ${month}`,
  onDay: (weekday, day, month) => italian.day(weekday, day, month),
  at(hour, minute) {
    if (minute === 0 && hour % 12 === 0) return hour === 0 ? 'a mezzanotte' : 'a mezzogiorno';
    const rest = minute === 0 ? '' : ` e ${minute}`;
    return hour === 1 ? `all'una${rest}` : `alle ${clock(hour, minute)}`;
  },
};

const portuguese: Phrases = {
  weekdays: list('segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo'),
  months: list(
    'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro',
  ),
  relative: { today: 'hoje', tomorrow: 'amanhã' },
  clockChange: { before: 'antes da mudança da hora', after: 'depois da mudança da hora' },
  day: (weekday, day, month) => `${weekday}, ${day} de ${month}`,
  onDay: (weekday, day, month) =>
    `${weekday.endsWith('o') ? 'no' : 'na'} ${weekday}, ${day} de ${month},`,
  at(hour, minute) {
    if (minute === 0 && hour % 12 === 0) return hour === 0 ? 'à meia-noite' : 'ao meio-dia';
    const to = hour < 2 ? 'à' : 'às';
    return minute === 0 ? `${to} ${hour}h` : `${to} ${hour}h${String(minute).padStart(2, '0')}`;
  },
};

const languages: Readonly<Record<string, Phrases>> = {
  es: spanish,
  fr: french,
  de: german,
  it: italian,
  pt: portuguese,
};
