// German, as it is listened to.

import { cardinals } from '../spoken-form/cardinals.ts';
import { digitsOf, setOf, signsOf } from './language.ts';
import type { ListeningWords } from './language.ts';

export const german: ListeningWords = {
  openWords: setOf(
    'aber|als|also|am|an|auch|auf|aus|bei|beim|bin|bis|da|dann|das|dass|dein|dem|den|denn|der|des|die|durch|ein|eine',
    'einem|einen|einer|er|es|für|gegen|habe|haben|hat|hätte|ich|ihr|ihre|ihren|im|in|ins|ist|kann|könnte|können|mein',
    'meine|meinem|meinen|meiner|mit|möchte|müsste|nach|noch|ob|oder|ohne|sehr|sein|seine|sich|sie|sind|so|über|um|und',
    'unser|unsere|unter|vom|von|vor|wann|war|was|weil|welche|wenn|wer|werde|wie|will|wir|wird|wo|würde|wäre|zu|zum|zur',
    'zwischen|äh|ähm|hm|tja|naja|brauche|wollte',
  ),
  openEndings: [
    /\b(mein|meine|der|die|unsere|ihr) (\S+ )?(name|nummer|telefonnummer|adresse|e-mail|mailadresse|geburtsdatum)( ist| lautet)?$/,
    /\b(ich (möchte|würde|hätte|brauche|wollte|will|suche))( gern| gerne)?( einen| eine| ein)?$/,
    /\b(moment|augenblick|sekunde|warten sie|lassen sie mich)( \S+)?$/,
    /\b(können|könnten|haben|hätten|würden|machen) (sie|wir)$/,
  ],
  closedEndings: [
    /\b(was|wer|wo|wie|wann|wieviel) (ist|war|sind) (das|es|der|die|sie|er)$/,
    /\b(das|es|so|ja|nein) (ist|war|wäre|will|möchte|kann|habe) (es|ich|das|so)$/,
    /\b(ja|nein|doch) (das )?(ist|hat|habe|kann|möchte|will) (es|ich|das|sie)$/,
    /\bwie (bitte|viel|lange|oft)$/,
    /\bhaben (sie|wir) (das|die|den|es|noch|so)$/,
    /\b(genau|immer|noch|nicht) so$/,
    /\b(mit|für|von|an) (ihnen|mir|ihm|sie|mich)$/,
  ],
  answers: setOf(
    'ja|nein|nee|jo|klar|okay|ok|gut|sicher|genau|richtig|stimmt|passt|perfekt|danke|vielen dank|bitte|tschüss|hallo',
    'ja bitte|nein danke|ja gern|ja gerne|gern|gerne|auf wiederhören|das war alles|das ist alles|alles klar|in ordnung',
    'natürlich|auf jeden fall|eher nicht|ich glaube schon|weiter|der erste|der zweite|die erste|die zweite|egal|doch|servus',
  ),
  acknowledgements: setOf(
    'mhm|hm|mm|aha|ah|oh|ja|jaja|ja ja|okay|ok|gut|genau|klar|alles klar|verstehe|ach so|achso|stimmt|richtig|super|prima|schön',
  ),
  assents: /(?<!\p{L})(ja|jo|genau|richtig|stimmt|korrekt|passt|exakt|perfekt|okay|ok)(?!\p{L})/u,
  denials: setOf('nein|nee|nicht|falsch|aber|moment|doch'),
  stops: setOf(
    'warten sie|warte|stopp|stop|nein|nein nein|halt|moment|moment mal|einen moment|eine sekunde|augenblick|entschuldigung',
  ),
  awaits:
    /\b((moment|augenblick|sekunde|minute)( mal)?|warten sie( kurz)?|bleiben sie dran|(da )?(muss|schaue|sehe|gucke|hole|suche|frage) ich( \w+)? (mal|kurz|schnell|eben)\b.*|ich (schaue|sehe|gucke|hole|suche|frage) (mal|kurz|schnell|eben)\b.*)( bitte)?$/,
  announcesNumber:
    /\b(meine|die) (telefon|handy|mobil|ruf|privat)?nummer (ist|lautet)\b|\b(erreichen|erreichbar|anrufen|mich) unter\b/,
  digits: digitsOf(
    'null=0,eins|ein|eine=1,zwei|zwo=2,drei=3,vier=4,fünf=5,sechs=6,sieben=7,acht=8,neun=9,zehn=10,elf=11,zwölf=12,' +
      'dreizehn=13,vierzehn=14,fünfzehn=15,sechzehn=16,siebzehn=17,achtzehn=18,neunzehn=19,zwanzig=20,dreißig=30,' +
      'vierzig=40,fünfzig=50,sechzig=60,siebzig=70,achtzig=80,neunzig=90',
  ),
  address: {
    signs: signsOf({
      at: 'aet|ett|klammeraffe|at zeichen|affenschwanz',
      dot: 'punkt',
      dash: 'bindestrich|minus|strich|minuszeichen',
      underscore: 'unterstrich|unter strich',
      plus: 'pluszeichen',
    }),
    atIsAWord: false,
    asides: setOf(
      'zusammengeschrieben|zusammen geschrieben|alles zusammen|zusammen|in einem wort|ein wort|kleingeschrieben|klein geschrieben',
      'alles klein|alles kleingeschrieben|klein|ohne leerzeichen|gross|grossgeschrieben|dann|und dann',
    ),
    before: setOf(
      'mail|email|adresse|mailadresse|emailadresse|ja|jo|klar|gern|gerne|nein|okay|ok|lautet|waere|bitte|schreiben|konto|unter|name',
    ),
    announces: /\b(e-?mail|e-?mail-?adresse|mailadresse|mail)( ist| lautet| wäre|:)( die)?(?= )/,
    cardinal: cardinals['de']!,
    marked: { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' },
  },
  asks: [
    ['email', /\b(e-?mail|mailadresse)/],
    [
      'phone',
      /\b(telefonnummer|handynummer|rückrufnummer|mobilnummer)\b|\bnummer\b.*\b(erreichen|anrufen|zurückrufen)\b/,
    ],
    ['spelling', /buchstabier/],
    [
      'code',
      /\b(code|pin|ziffern|stellen|aktenzeichen|buchungsnummer|kundennummer|postleitzahl)\b/,
    ],
    [
      'name',
      /\b(ihr|ihren|ihre) (vor|nach)?namen?\b|\bwie heißen sie\b|\bwer spricht\b|\bauf welchen namen\b|\bmit wem spreche\b/,
    ],
    [
      'date',
      /\b(welche[mnr]?|was für ein) (tag|datum|uhrzeit|termin)\b|\bwann\b|\bgeburtsdatum\b|\bum wie viel uhr\b/,
    ],
  ],
  timeOfDay:
    /\b(\d{1,2}([:.]\d\d)?( uhr)?|uhr|mittag|mittags|vormittags?|nachmittags?|morgens|abends?|halb \w+|viertel \w+)\b/,
};
