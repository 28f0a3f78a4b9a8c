// English, as it is listened to.

import { cardinals } from '../spoken-form/cardinals.ts';
import { digitsOf, setOf, signsOf } from './language.ts';
import type { ListeningWords } from './language.ts';

export const english: ListeningWords = {
  openWords: setOf(
    'a|an|and|about|after|also|am|are|as|at|be|because|been|before|being|between|but|by|can|could|do|does|for|from',
    "get|had|has|have|her|his|how|i|i'm|if|in|into|is|it|it's|its|just|like|maybe|my|next|of|on|or|our|please|so|than",
    'that|the|their|them|then|these|this|those|to|until|very|want|was|were|we|what|when|where|which|while|who|will',
    'with|would|you|your|not|too|all|every|any|another|other|need|make|give|send|enter|press|am|mr|mrs|dr|um|uh|er|erm|hmm|well',
  ),
  openEndings: [
    /\b(my|the|his|her|our) (\w+ )?(name|number|address|email|e-mail|date of birth|birthday)( is| was|'s)?$/,
    /\b(i'd|i would|i want|i need|i'm|we'd) (like|to|calling|trying|looking)( to| for| about)?$/,
    /\b(let me|hold on|wait|one (moment|second)|give me a (moment|second)|just a (moment|second))( \w+)?$/,
    /\b(can|could|do|does|did|would|will|shall|may|are|have) (you|i|we|they)$/,
  ],
  closedEndings: [
    /\b(what|who|where|how) (is|was|are) (it|that|this|you|they)$/,
    /\b(do|did|can|could|would|will) (you|i|we) (do|have|get|want) (it|that|this|them)$/,
    /\b(i'd|i would|i do|i will|i can|i have|that would|we do|yes i|no i|yes it|no it) (like that|do|will|can|have|would|is)$/,
    /\b(thank|thanks|like|want|need|book|take|cancel|change|move|call|help|tell|with|for|to) (it|that|this|them|you|me)$/,
    /\bthat('s| is) (it|him|her|them)$/,
    /\b(yes|no|one|this|that|now|me|today|tomorrow|morning|afternoon|evening) please$/,
    /\b(what|who|when|where|which|how|that|this) (one|much|many) (is|are|was)( it| that)?$/,
  ],
  answers: setOf(
    'yes|yeah|yep|yup|no|nope|nah|okay|ok|sure|right|correct|exactly|please|thanks|bye|goodbye|hello|hi|hey',
    "yes please|no thanks|no thank you|thank you|that works|that is right|that's right|that's all|that is all|that's it",
    'of course|sounds good|perfect|great|bye bye|good bye|see you|uh-huh|mm-hmm|not really|i think so|yes it is|yes i do',
    'stop|cancel|never mind|go on|go ahead|repeat that|the first|the second|the first one|the second one|either',
  ),
  acknowledgements: setOf(
    'uh-huh|uh huh|mm-hmm|mm hmm|mhm|mm|hm|hmm|ah|oh|yeah|yep|yes|okay|ok|right|sure|alright|all right',
    'i see|got it|good|great|cool|fine|perfect|okay great|okay good|yeah okay|yes okay|oh okay|ok great|yeah yeah',
  ),
  assents:
    /\b(yes|yeah|yep|yup|correct|right|exactly|it is|that's it|perfect|sure|okay|ok|uh-huh|mm-hmm|affirmative)\b/,
  denials: setOf("no|not|nope|nah|wrong|incorrect|isn't|but|wait|actually"),
  stops: setOf(
    'wait|stop|no|hold on|hang on|wait wait|no no|no wait|wait a second|wait a moment|one moment|one second|excuse me',
  ),
  awaits:
    /\b(hold on|hang on|wait|(one|just a|a) (moment|second|minute|sec)|let me (check|look|see|get|find|grab|ask|think)\b.*|bear with me)( please)?$/,
  announcesNumber:
    /\b(my|the|a)( (phone|telephone|cell|mobile|contact|home|work|office|new|other))? number('s| is| would be)\b|\b(reach|call|text|phone) me( back)? (at|on)\b/,
  digits: digitsOf(
    'zero|oh|o|naught|nought|nil=0,one=1,two|to|too=2,three=3,four|for=4,five=5,six=6,seven=7,eight=8,nine=9,ten=10,eleven=11,twelve=12,' +
      'thirteen=13,fourteen=14,fifteen=15,sixteen=16,seventeen=17,eighteen=18,nineteen=19,twenty=20,thirty=30,' +
      'forty=40,fifty=50,sixty=60,seventy=70,eighty=80,ninety=90',
  ),
  address: {
    signs: signsOf({
      at: 'at the rate|at the rate of|at symbol',
      dot: 'period|point|full stop',
      dash: 'dash|hyphen|minus|minus sign',
      underscore: 'underline|low dash',
      plus: 'plus sign',
    }),
    atIsAWord: true,
    asides: setOf(
      'all one word|one word|all in one word|in one word|as one word|no space|no spaces|without spaces|without a space|all together|altogether',
      'all lower case|all lowercase|lower case|lowercase|all small letters|small letters|in lower case|all lower|capital|upper case|uppercase|then|and then',
    ),
    before: setOf(
      "email|emails|mail|address|account|yes|yeah|yep|sure|okay|ok|no|sorry|right|reach|contact|write|use|that's|it'll|hello|hi",
      'spelled|spelt|would|should|thanks|name|work|personal|mine|here|under|goes',
    ),
    announces: /\be-?mail( address)?( is|'s|:| would be| it's| goes)(?= )/,
    cardinal: cardinals['en']!,
    marked: {},
  },
  asks: [
    ['email', /\be-?mail\b/],
    [
      'phone',
      /\b(phone|telephone|mobile|cell|call ?back|contact)( phone)? number\b|\bnumber .*\b(reach|call|text) you\b/,
    ],
    ['spelling', /\bspell/],
    [
      'code',
      /\b(code|pin|digits|reference|booking number|policy number|account number|order number|postcode|zip)\b/,
    ],
    [
      'name',
      /\byour (full |first |last )?name\b|\bwho('s| is) (this|calling|speaking)\b|\bname .*\b(put|book|under)\b/,
    ],
    [
      'date',
      /\b(what|which) (day|date|time)\b|\bwhen would\b|\bdate of birth\b|\bwhen (do|were|are|should|can) \w+\b/,
    ],
  ],
  timeOfDay:
    /\b(\d{1,2}(:\d\d)?|noon|midday|morning|afternoon|evening|tonight|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|o'clock|half|quarter)\b/,
};
