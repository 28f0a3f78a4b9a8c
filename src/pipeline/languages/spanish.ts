// Spanish, as it is listened to.

import { cardinals } from '../spoken-form/cardinals.ts';
import { digitsOf, setOf, signsOf } from './language.ts';
import type { ListeningWords } from './language.ts';

export const spanish: ListeningWords = {
  openWords: setOf(
    'a|al|ante|aunque|con|como|cuando|cuál|de|del|desde|donde|e|el|la|las|los|en|entre|es|son|está|están|era|fue|estoy',
    'hasta|hay|mi|mis|tu|tus|su|sus|me|te|se|lo|le|les|nos|muy|más|o|u|para|pero|por|porque|pues|que|qué|quién|quiero',
    'quisiera|necesito|si|sin|sobre|soy|tengo|tiene|un|una|unos|unas|y|ya|este|esta|ese|esa|eh|em|este|bueno|o sea',
  ),
  openEndings: [
    /\b(mi|el|la|nuestro|nuestra|su) (\w+ )?(nombre|número|teléfono|correo|dirección|apellido|fecha)( es| de)?$/,
    /\b(me gustaría|quiero|quisiera|necesito|estoy) (\w+ )?(para|con|de|llamando|buscando)?$/,
    /\b(espere|espera|un (momento|segundo)|déjeme|déjame|a ver)( \w+)?$/,
    /\b(puede|podría|pueden|tiene|tienen|hay|quiere)$/,
  ],
  closedEndings: [
    /\b(cómo|qué|quién|cuál|dónde|cuánto) (es|está|son|era|fue|hay)$/,
    /\b(eso|esto|así) (es|está)$/,
    /\b(creo|espero|claro) que (sí|no)$/,
    /\b(sí|no|claro|ya) (lo )?(es|está|tengo|quiero|hay|necesito)$/,
    /\b(no lo|sí lo|ya lo) sé$/,
  ],
  answers: setOf(
    'sí|si|no|vale|bueno|claro|claro que sí|de acuerdo|correcto|exacto|eso es|perfecto|gracias|muchas gracias|adiós',
    'hola|hasta luego|no gracias|sí por favor|por favor|está bien|muy bien|nada más|eso es todo|ok|okay|dígame|ninguno',
    'cualquiera|la primera|la segunda|el primero|el segundo|siga|repita',
  ),
  acknowledgements: setOf(
    'ajá|aha|mm|mhm|mjm|hm|ah|oh|sí|si|ya|vale|bueno|bien|muy bien|claro|ok|okay|de acuerdo|perfecto|entiendo|ya veo|genial',
  ),
  assents:
    /(?<!\p{L})(sí|si|correcto|correcta|exacto|eso es|así es|vale|claro|perfecto|de acuerdo|está bien|ok)(?!\p{L})/u,
  denials: setOf('no|incorrecto|mal|pero|espere|falso'),
  stops: setOf(
    'espere|espera|pare|para|no|no no|un momento|un segundo|perdone|perdón|alto|oiga|oye|basta',
  ),
  awaits:
    /\b(un (momento|segundo|minuto|momentito)|espere|espera|d[ée]jeme (ver|mirar|buscar|comprobar|preguntar|pensar)\b.*|voy a (mirar|buscar|comprobar)\b.*)( por favor)?$/,
  announcesNumber:
    /\b(mi|el) (número|numero|teléfono|telefono|móvil|movil|celular)( de (teléfono|telefono|móvil|movil|contacto))? es\b|\bll[aá]m[ea]me al\b/,
  digits: digitsOf(
    'cero=0,uno|una|un=1,dos=2,tres=3,cuatro=4,cinco=5,seis=6,siete=7,ocho=8,nueve=9,diez=10,once=11,doce=12,trece=13,' +
      'catorce=14,quince=15,dieciséis=16,diecisiete=17,dieciocho=18,diecinueve=19,veinte=20,veintiuno=21,veintidós=22,' +
      'veintitrés=23,veinticuatro=24,veinticinco=25,veintiséis=26,veintisiete=27,veintiocho=28,veintinueve=29,treinta=30,' +
      'cuarenta=40,cincuenta=50,sesenta=60,setenta=70,ochenta=80,noventa=90',
  ),
  address: {
    signs: signsOf({
      at: 'arroba|aroba',
      dot: 'punto',
      dash: 'guion|guion medio|raya|menos',
      underscore: 'guion bajo|guion abajo|barra baja|raya baja|subguion',
      plus: 'mas',
    }),
    atIsAWord: false,
    asides: setOf(
      'todo junto|junto|todo en minusculas|en minusculas|minusculas|minuscula|en minuscula|sin espacios|en mayuscula|mayuscula|luego|despues',
    ),
    before: setOf(
      'correo|electronico|email|mail|direccion|si|vale|claro|no|perdon|perdone|escribame|es|seria|cuenta|nombre|apunte|tome|anote',
    ),
    announces: /\b(correo( electrónico)?|e-?mail|mail)( es| sería| :)(?= )/,
    cardinal: cardinals['es']!,
    marked: {},
  },
  asks: [
    ['email', /\b(correo|e-?mail)\b/],
    [
      'phone',
      /\b(número|teléfono|móvil|celular)\b.*\b(teléfono|contacto|llamar\w*|móvil|celular)\b|\b(su|tu|un) (teléfono|móvil|celular)\b/,
    ],
    ['spelling', /\bdeletre/],
    ['code', /\b(código|pin|cifras|dígitos|referencia|póliza|localizador)\b/],
    [
      'name',
      /\b(su|tu) (nombre|apellido)\b|\bcómo se llama\b|\bcómo te llamas\b|\bquién (llama|habla)\b|\ba qué nombre\b|\ba nombre de quién\b/,
    ],
    ['date', /\b(qué|cuál) (día|fecha|hora)\b|\bcuándo\b|\bfecha de nacimiento\b/],
  ],
  timeOfDay:
    /\b(\d{1,2}(:\d\d)?|mediodía|mañana por la \w+|por la (mañana|tarde|noche)|a las? \w+|y media|y cuarto|menos cuarto)\b/,
};
