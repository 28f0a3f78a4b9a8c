// Italian, as it is listened to.

import { cardinals } from '../spoken-form/cardinals.ts';
import { digitsOf, setOf, signsOf } from './language.ts';
import type { ListeningWords } from './language.ts';

export const italian: ListeningWords = {
  openWords: setOf(
    'a|ad|ai|al|alla|alle|allo|anche|avrei|che|chi|ci|come|con|cosa|così|cui|da|dal|dalla|dalle|degli|dei|del|della',
    'delle|di|dove|e|ed|è|era|fra|gli|ho|i|il|in|io|l|la|le|lo|loro|ma|mi|mia|mie|mio|molto|nel|nella|non|nostro|o|per',
    'perché|però|più|poi|prima|qual|quale|quando|quella|quello|questa|questo|qui|se|sei|si|sia|sono|sta|sto|su|sua|sul',
    'sulla|suo|tra|tua|tuo|un|una|uno|vorrei|ehm|eh|mm|dunque|allora|voglio|devo',
  ),
  openEndings: [
    /\b(il|la|mio|mia|nostro|nostra|suo|sua) (\S+ )?(nome|cognome|numero|telefono|indirizzo|e-?mail|mail|data)( è| di)?$/,
    /\b(vorrei|voglio|avrei bisogno|ho bisogno|sto cercando|chiamo|telefono)( di| per)?$/,
    /\b(aspetti|aspetta|un (momento|attimo|secondo)|mi lasci|vediamo)( \S+)?$/,
    /\b(può|potrebbe|potete|avete|ha|è possibile|c'è)$/,
  ],
  closedEndings: [
    /\b(come|chi|cosa|dove|quanto|qual|quando) (è|sono|era|sta)$/,
    /\b(così|questo|quello|va|tutto) (è|sia|qui|così|bene così)$/,
    /\b(credo|spero|penso|direi) (di|che) (sì|no)$/,
    /\b(sì|no) (lo )?(è|sono|ho|voglio)$/,
    /\bper (me|lei|noi)$/,
    /\b(non|ancora|di|molto) più$/,
    /\b(non lo|lo) so$/,
  ],
  answers: setOf(
    'sì|si|no|va bene|bene|certo|certamente|esatto|giusto|corretto|perfetto|grazie|grazie mille|arrivederci|ciao|pronto',
    'no grazie|sì grazie|sì per favore|per favore|prego|ok|okay|è tutto|tutto qui|buongiorno|buonasera|ottimo|nessuno',
    'il primo|la prima|il secondo|la seconda|continui|ripeta|indifferente|direi di sì|direi di no',
  ),
  acknowledgements: setOf(
    "mm|mhm|hm|ah|oh|sì|si|ok|okay|va bene|bene|certo|capito|ho capito|capisco|perfetto|esatto|giusto|ah ok|ottimo|d'accordo|già",
  ),
  assents:
    /(?<!\p{L})(sì|si|esatto|giusto|corretto|va bene|perfetto|certo|esattamente|ok)(?!\p{L})/u,
  denials: setOf('no|non|sbagliato|ma|però|aspetti'),
  stops: setOf(
    'aspetti|aspetta|fermo|stop|no|no no|un momento|un attimo|un secondo|scusi|scusa|basta|alt',
  ),
  awaits:
    /\b(un (momento|attimo|secondo|minuto)|aspetti|aspetta|mi faccia (vedere|controllare|cercare|pensare)\b.*|(ora )?(controllo|guardo|cerco)\b.*)( per favore)?$/,
  announcesNumber:
    /\b(il )?mio (numero|telefono|cellulare)( di (telefono|cellulare))? è(?= )|\bchiamarmi (al|allo)\b/,
  digits: digitsOf(
    'zero=0,uno|una|un=1,due=2,tre=3,quattro=4,cinque=5,sei=6,sette=7,otto=8,nove=9,dieci=10,undici=11,dodici=12,' +
      'tredici=13,quattordici=14,quindici=15,sedici=16,diciassette=17,diciotto=18,diciannove=19,venti=20,trenta=30,' +
      'quaranta=40,cinquanta=50,sessanta=60,settanta=70,ottanta=80,novanta=90',
  ),
  address: {
    signs: signsOf({
      at: 'chiocciola|chiocciolina|chioccia',
      dot: 'punto',
      dash: 'trattino|trattino alto|meno|lineetta',
      underscore: 'trattino basso|sottolineato|underscor|barra bassa',
      plus: 'piu',
    }),
    atIsAWord: false,
    asides: setOf(
      'tutto attaccato|attaccato|tutto minuscolo|in minuscolo|minuscolo|tutto insieme|una parola sola|una sola parola|senza spazi|maiuscolo|poi',
    ),
    before: setOf(
      "mail|email|indirizzo|posta|elettronica|si|va|bene|certo|no|scusi|e|sarebbe|l'indirizzo|la|nome|scriva|segni",
    ),
    announces: /\b(e-?mail|mail|posta elettronica|indirizzo)( è| sarebbe|,)(?= )/,
    cardinal: cardinals['it']!,
    marked: {},
  },
  asks: [
    ['email', /\b(e-?mail|mail|posta elettronica)\b/],
    [
      'phone',
      /\b(numero|recapito)\b.*\b(telefono|telefonico|cellulare|chiamar\w*|richiamar\w*)\b|\b(suo|un) (telefono|cellulare|recapito)\b/,
    ],
    ['spelling', /\b(lettera per lettera|compitare|sillabare|scandire|fare lo spelling)\b/],
    ['code', /\b(codice|pin|cifre|riferimento|pratica|cap)\b/],
    [
      'name',
      /\b(suo|il) (nome|cognome)\b|\bcome si chiama\b|\bchi parla\b|\ba che nome\b|\ba nome di chi\b/,
    ],
    ['date', /\b(che|quale) (giorno|data|ora)\b|\bquando\b|\bdata di nascita\b|\ba che ora\b/],
  ],
  timeOfDay:
    /\b(\d{1,2}([:.]\d\d)?|mezzogiorno|mattina|mattino|pomeriggio|sera|alle \w+|e mezza|e mezzo|e un quarto|meno un quarto)\b/,
};
