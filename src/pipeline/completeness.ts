// Does what the caller has said so far sound finished? From the words alone: the wait before we answer depends on it.

export type Completeness = 'complete' | 'unclear' | 'unfinished';

/** Words after which English goes on: whoever stops here is thinking, not done. */
const openWords = new Set(
  (
    'a an and about after also as at because before between but by can could do for from get have her his how i if in ' +
    'into is it like maybe my next of on or our so than that the their them then this to until want was what when ' +
    'where which who will with would your um uh er erm hmm well'
  ).split(' '),
);

/** Whole endings that announce something to come. */
const openEndings = [
  /\b(my|the|his|her|our) (\w+ )?(name|number|address|email|e-mail|date of birth|birthday)( is| was|'s)?$/,
  /\b(i'd|i would|i want|i need|i'm|we'd) (like|to|calling|trying|looking)( to| for| about)?$/,
  /\b(let me|hold on|wait|one (moment|second)|give me a (moment|second)|just a (moment|second))( \w+)?$/,
  /\b(can|could|do|does|did|would|will|shall|may|are|have) (you|i|we|they)$/,
  /\bit's$/,
];

/** Open words that end a sentence all the same when they follow one of these. */
const closedEndings = [
  /\b(what|who|where) (is|was) (it|that|this)$/,
  /\b(do|did|can|could|would|will) (you|i|we) (do|have|get|want) (it|that|this|them)$/,
  /\b(i'd|i would|i do|i will|i can|i have|that would|we do|yes i|no i) (like that|do|will|can|have|would)$/,
  /\b(thank|thanks|like|want|need|book|take|cancel|change|move) (it|that|this|them)$/,
  /\bthat('s| is) (it|him|her|them)$/,
];

/** Answers that are whole however short they are. */
const answers = new Set([
  ...'yes|yeah|yep|yup|no|nope|nah|okay|ok|sure|right|correct|exactly|please|thanks|bye|goodbye|hello|hi|hey'.split(
    '|',
  ),
  ..."yes please|no thanks|no thank you|thank you|that works|that is right|that's right|that's all|that is all".split(
    '|',
  ),
  ...'of course|sounds good|perfect|great|bye bye|good bye|see you|uh-huh|mm-hmm|not really|i think so'.split(
    '|',
  ),
]);

/** Lower case, punctuation at the edges of words dropped, one space between words. */
function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[^\p{L}\p{N}'@:+-]+/gu, ' ')
    .trim();
}

/** How finished `text` sounds. Punctuation comes from the recogniser and is a hint, words decide first. */
export function completeness(text: string): Completeness {
  const said = text.trim();
  const plain = plainWords(said);
  if (plain === '') return 'unclear';
  if (answers.has(plain)) return 'complete';
  if (/(,|…|\.\.\.|-|–)$/.test(said)) return 'unfinished';
  if (closedEndings.some((ending) => ending.test(plain))) return 'complete';
  if (openEndings.some((ending) => ending.test(plain))) return 'unfinished';
  const words = plain.split(' ');
  if (openWords.has(words.at(-1) ?? '')) return 'unfinished';
  if (/[?!]$/.test(said)) return 'complete';
  if (said.endsWith('.') && words.length >= 2) return 'complete';
  return 'unclear';
}

/** What people say to show that they listen; said over a statement of ours it takes nothing from us. */
const acknowledgements = new Set([
  ...'uh-huh|uh huh|mm-hmm|mm hmm|mhm|mm|hm|hmm|ah|oh|yeah|yep|yes|okay|ok|right|sure|alright|all right'.split(
    '|',
  ),
  ...'i see|got it|good|great|cool|fine|perfect|okay great|okay good|yeah okay|yes okay|oh okay|ok great'.split(
    '|',
  ),
]);

/** Whether `text` is nothing but a sign of listening. */
export function isAcknowledgement(text: string): boolean {
  return acknowledgements.has(plainWords(text));
}
