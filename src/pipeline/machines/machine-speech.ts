// Does a machine speak? Told by what voicemail greetings and call screening say, whoever's they are.

/** `screening` asks who is calling and wants an answer; `voicemail` waits for a message. */
export type MachineSpeech = 'screening' | 'voicemail';

/** A caller who would like to leave a message, or has one to leave: no machine. */
const own =
  String.raw`(?<!\b(?:can|could|may|might|should|shall) (?:i|we) (?:just |please |maybe |possibly )?` +
  String.raw`|\b(?:i|we)(?:'d| would|'ll| will)? (?:just |also )?(?:(?:like|want|wanted|need|have|wish|love|prefer) to )?(?:just )?` +
  String.raw`|\blet me (?:just )?)`;

const screening = [
  /\b(state|say|record|tell (me|us)) your (full )?name\b/,
  /\b(reason|purpose) (for|of) (your|the) call(ing)?\b(?! (is|was)\b)/,
  /\bwho('s| is) calling and why\b/,
  /\b(call|google) (screening|assist(ant)?)\b/,
  /\bi('ll| will) see if (this person|they|he|she) (is|are|'s) available\b/,
  /\bsi (el|la) .{0,30}disponible.{0,60}motivo de (la|su) llamada\b/,
  /\bmotivo de (la|su) llamada\b/,
  /\bmotif de (l|votre) ?'?appel\b/,
  /\bgrund (ihres|des) anrufs\b/,
];

const voicemail = [
  /\b(after|at|following) the (tone|beep|signal)\b/,
  new RegExp(
    String.raw`${own}\bleave (me |us |your |a |an )?(brief |short |detailed )?(name|message|voicemail)\b`,
  ),
  /\b(mailbox|voice ?mail(box)?) (of|is|belongs|for|has)\b/,
  /\b(the person|the party|the number|the customer) you('re| are| have)? (are )?(trying|called|dialed|calling|dialled)\b.{0,40}\b(not available|unavailable|cannot|can't)\b/,
  /\bis not available (right now|to take your call)\b/,
  /\bpress (pound|hash|one|1|the pound key) (when|for|to)\b/,
  /\bdespués (de|del) (la )?(señal|tono)\b|\bdeje (su|un) mensaje\b/,
  /\baprès le (bip|signal)\b|\blaissez (un|votre) message\b/,
  /\bnach dem (ton|signalton|piepton)\b|\bhinterlassen sie\b/,
  /\bdopo il segnale\b|\blasci(ate)? un messaggio\b/,
  /\bapós o (sinal|bip)\b|\bdeixe (a sua|uma) mensagem\b/,
];

/** And nothing more: the answer of a caller who was asked what they would like. */
const answer =
  /^(?:(?:yes|no|okay|please|just),? )*leave (?:a|my) (?:message|voicemail)(?:,? please)?[.!]?$/;

/** Undefined for what people say. */
export function machineSpeechOf(text: string): MachineSpeech | undefined {
  const plain = text.toLowerCase().replaceAll(/[’‘]/g, "'").replaceAll(/\s+/g, ' ');
  if (answer.test(plain.trim())) return undefined;
  if (screening.some((form) => form.test(plain))) return 'screening';
  return voicemail.some((form) => form.test(plain)) ? 'voicemail' : undefined;
}
