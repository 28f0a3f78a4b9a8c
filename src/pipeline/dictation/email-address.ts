// What an e-mail address may be: which mailboxes can exist, which endings do, and whose domains everybody knows. Pure.

/** Bounds of RFC 5321, 4.5.3.1, and of a label of the domain name system. */
const LOCAL_CHARACTERS_MAX = 64;
const DOMAIN_CHARACTERS_MAX = 253;
const LABEL_CHARACTERS_MAX = 63;

/** The part before the @ without quotes: atoms with single full stops between them (RFC 5322, 3.2.3, and 6532). */
const local = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u;
const ending = /^(?:\p{L}{2,}|xn--[a-z0-9-]+)$/iu;

/** Endings that people dictate: those of countries, and the usual others. */
const endings: ReadonlySet<string> = new Set(
  (
    'com org net edu gov mil int info biz name pro mobi app dev io ai shop store online site website tech blog cloud email ' +
    'club live world space agency studio design media digital group team today life health care dental clinic salon hair ' +
    'beauty law legal cafe restaurant bar pizza hotel travel berlin hamburg koeln bayern wien tirol paris bzh london ' +
    'madrid barcelona cat eus gal nyc swiss eu xyz coop museum aero jobs tel post asia ' +
    'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf ' +
    'cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et fi fj fk fm fo fr ga gd ge gf gg gh ' +
    'gi gl gm gn gp gq gr gt gu gw gy hk hm hn hr ht hu id ie il im in iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ' +
    'ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ' +
    'ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl ' +
    'sm sn so sr ss st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu ' +
    'wf ws ye yt za zm zw'
  ).split(' '),
);
/** Endings that more often go on, as "co dot uk" does. */
const openEndings: ReadonlySet<string> = new Set('co ac gov edu'.split(' '));

/** Names before the ending that are heard as the words that they are. */
const wellKnown: ReadonlySet<string> = new Set(
  (
    'gmail googlemail hotmail outlook live msn yahoo ymail icloud me mac aol proton protonmail pm gmx web t-online freenet ' +
    'mail posteo orange wanadoo free sfr laposte bbox libero tiscali virgilio alice tim terra telefonica movistar sapo uol ' +
    'bol ig globo comcast verizon att sbcglobal cox btinternet sky virginmedia fastmail zoho yandex qq bluewin telekom'
  ).split(' '),
);
/** As they are written, where that is not how they are said. */
const writtenOtherwise: ReadonlyMap<string, string> = new Map([
  ['tonline', 't-online'],
  ['teonline', 't-online'],
  ['geemail', 'gmail'],
  ['gemail', 'gmail'],
  ['jmail', 'gmail'],
]);

/** Whether a mailbox can have this address. */
export function isMailbox(text: string): boolean {
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  if (at < 1 || at > LOCAL_CHARACTERS_MAX || domain.length > DOMAIN_CHARACTERS_MAX) return false;
  const labels = domain.split('.');
  return (
    local.test(text.slice(0, at)) &&
    labels.length > 1 &&
    labels.every((each) => each.length <= LABEL_CHARACTERS_MAX && label.test(each)) &&
    ending.test(labels.at(-1)!)
  );
}

/** Whether an address may end so: "com", "uk". */
export function isEnding(word: string): boolean {
  return endings.has(word);
}

/** Whether an address that ends so may go on: "co" may be followed by "dot uk". */
export function mayGoOn(word: string): boolean {
  return openEndings.has(word);
}

/** Whether everybody knows how this is written: "gmail". */
export function isWellKnown(name: string): boolean {
  return wellKnown.has(name);
}

/** A part of a domain as it is written: "tonline" is "t-online". */
export function asWritten(name: string): string {
  return writtenOtherwise.get(name) ?? name;
}
