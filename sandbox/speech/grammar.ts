// The grammar (JSGF) of what callers of a receptionist say, with the odds of each kind of sentence.

import {
  digits,
  firstNames,
  hours,
  lastNames,
  letters,
  mailboxFirst,
  mailboxLast,
  minutes,
  months,
  ordinals,
  units,
  weekdays,
} from './spoken-words.ts';

const any = (words: readonly string[]): string => `(${words.join(' | ')})`;

/**
 * A sentence is a body with, now and then, a word or two before and after it. Bodies are not strung together freely: with
 * that the recogniser fills every breath with a short word. A rule is copied wherever it is named, and the copies cost
 * time, so what is large (days, clock times, names, numbers) is named once; that this lets a few sentences through
 * that nobody says does no harm.
 */
export const callerGrammar = `#JSGF V1.0;
grammar caller;
public <sentence> = /0.55/ <before> <body> <after> | /0.25/ <answer> | /0.1/ <naming> | /0.08/ <closing> | /0.02/ <opening>;
<before> = /0.79/ <NULL> | /0.03/ hello | /0.01/ hi [there] | /0.005/ hey | /0.02/ good (morning | afternoon | evening) | /0.03/ yes | /0.01/ yeah
  | /0.05/ no | /0.01/ no wait | /0.02/ okay | /0.02/ actually | /0.005/ um | /0.005/ well;
<after> = /0.75/ <NULL> | /0.06/ please | /0.03/ thanks | /0.05/ thank you | /0.01/ goodbye | /0.03/ instead | /0.01/ bye
  | /0.01/ (thank you | thanks) (goodbye | bye) | /0.01/ if possible | /0.03/ sounds good | /0.01/ (would be | is | works) (fine | great | good | best);
<body> = /0.62/ <request> <moment> | /0.13/ <choice> | /0.01/ <spelling> | /0.06/ <number> | /0.07/ <question>
  | /0.04/ <person> | /0.05/ <message> | /0.02/ <trouble> | /0.02/ <email>;

<opening> = /0.5/ hello | /0.3/ hi [there] | /0.05/ hey | /0.15/ good (morning | afternoon | evening);

<request> = /0.45/ <NULL> | /0.45/ <want> <linking> | /0.1/ (how about | what about | i'd prefer | can we do | let's do | make it | not | i said | i meant);
<linking> = /0.9/ <NULL> | /0.06/ for | /0.02/ to | /0.01/ until | /0.002/ by | /0.01/ from;
<want> = /0.7/ <wish> <act> | /0.1/ <act> | /0.1/ (do you have | is there) <opportunity>
  | /0.05/ what (times | days | slots | appointments) do you have | /0.01/ what do you have [available] | /0.02/ when can i come in
  | /0.01/ when is the next [available] appointment | /0.01/ when is my appointment | /0.01/ i have an appointment;
<wish> = i'd like to | i would like to | i want to | i need to | i'm calling to | i was hoping to | can i | could i
  | can you | could you | may i | can we | i have to;
<act> = /0.7/ (/0.4/ book | /0.3/ make | /0.1/ schedule | /0.04/ get | /0.04/ set up | /0.04/ have | /0.04/ arrange) (<visit> | it | that)
  | /0.25/ (/0.1/ move | /0.1/ change | /0.3/ reschedule | /0.3/ cancel | /0.05/ confirm | /0.05/ check) [my | the | an | that | our] (appointment | booking | visit)
  | /0.03/ (move | change | reschedule | cancel) it | /0.02/ (reschedule | cancel);
<visit> = /0.8/ (/0.8/ an appointment | /0.2/ (another | the | a new) appointment) | /0.2/ a (visit | haircut | cleaning | checkup | consultation
  | meeting | massage | table | time | slot | booking);
<opportunity> = (anything | any appointments | any slots | any times | any openings | something | a slot | an opening | time)
  [else | available | earlier | later];

<moment> = /0.35/ <NULL> | /0.6/ <at_day> <at_time> | /0.03/ <vague> | /0.02/ <purpose>;
<at_day> = /0.35/ <NULL> | /0.65/ (/0.6/ <NULL> | /0.4/ on) <day>;
<day> = /0.6/ (/0.85/ <NULL> | /0.12/ next | /0.03/ this) ${any(weekdays)} <part> | /0.2/ (today | tomorrow | [the] day after tomorrow) <part>
  | /0.02/ (next | this) week | /0.12/ ${any(months)} [the] ${any(ordinals)} | /0.06/ the ${any(ordinals)} of ${any(months)} | /0.02/ the ${any(ordinals)};
<part> = /0.75/ <NULL> | /0.25/ [in the] (morning | afternoon | evening);
<at_time> = /0.4/ <NULL> | /0.1/ [in the | on the | this | early in the | late in the] (morning | afternoon | evening)
  | /0.5/ (/0.75/ at | /0.22/ <NULL> | /0.03/ (around | after | before)) <clock> | /0.01/ [at] (noon | midday);
<clock> = /0.85/ ${any(hours)} <past> <half_day> | /0.12/ (half past | quarter past | a quarter past | quarter to | a quarter to | ten past) ${any(hours)} <half_day>;
<past> = /0.35/ <NULL> | /0.25/ (thirty | fifteen | forty five) | /0.2/ o'clock | /0.2/ ${any(minutes)};
<half_day> = /0.6/ <NULL> | /0.1/ a. m. | /0.15/ p. m. | /0.15/ in the (morning | afternoon | evening);
<vague> = /0.5/ as soon as possible | /0.5/ ((the | your) (earliest | soonest | next) (available | appointment)
  | any time | any day | anytime | [a little | a bit] (earlier | later) | (some other | another | a different) (time | day));
<purpose> = for (a | my) (haircut | cleaning | checkup | consultation | massage | son | daughter | husband | wife | mother
  | father | dog | cat) | with the (doctor | dentist);

<choice> = /0.4/ [<take>] the (first | second | third | last | earlier | later | earliest | latest) [one]
  | /0.1/ <take> (that | this | it) [one | time] | /0.1/ that (works | one works | time works | would be fine) [for me]
  | /0.05/ works for me | /0.1/ that (sounds | would be | is | will be) (good | great | fine | perfect)
  | /0.05/ that's (fine | good | great | perfect | okay) | /0.1/ sounds (good | great) | /0.07/ (perfect | great | wonderful | excellent)
  | /0.03/ either [one] [is fine];
<take> = i'll take | i'd like | let's do | let's take | can i have | could i have | i'll have | i'd prefer;

<answer> = /0.25/ yes | /0.05/ yeah | /0.02/ yep | /0.08/ yes please | /0.03/ sure | /0.08/ okay | /0.01/ of course | /0.02/ correct
  | /0.01/ right | /0.04/ [yes] that's (right | correct) | /0.01/ exactly | /0.01/ absolutely | /0.01/ uh-huh | /0.01/ fine | /0.01/ alright
  | /0.22/ no | /0.08/ no (thanks | thank you) | /0.01/ not really | /0.02/ [no] that's (wrong | not right)
  | /0.01/ i don't know | /0.01/ i'm not sure | /0.01/ none of those | /0.01/ neither | /0.02/ [no] that doesn't work [for me]
  | /0.01/ i can't make it | /0.05/ [no] (that's all | that's it | nothing else | that will be all | that's everything) [thanks | thank you]
  | /0.01/ this number [is fine] | /0.01/ the number i'm calling from | /0.01/ um | /0.01/ never mind | /0.05/ perfect [thanks | thank you] | /0.02/ great [thanks | thank you];

<naming> = <introduction> <name>;
<introduction> = /0.4/ <NULL> | /0.3/ my name is | /0.1/ this is | /0.08/ it's | /0.06/ i'm | /0.06/ (the name is | my last name is | my first name is | under);
<name> = ${any(firstNames)} <surname>;
<surname> = /0.85/ ${any(lastNames)} | /0.15/ <NULL>;

<spelling> = (that's | it's | it is) spelled <letter> <letter> <letter> <letters>;
<letters> = /0.3/ <NULL> | /0.7/ <letter> <letters>;
<letter> = ${any(letters)};

<number> = [my [phone | telephone] number is | the number is | it's | you can (reach | call) me at] <digit> <digit> <digit> <digits>;
<digits> = /0.3/ <NULL> | /0.7/ <digit> <digits>;
<digit> = /0.98/ ${any(digits)} | /0.02/ double ${any(units)};

<email> = (my (email | email address) is | it's | it is) <mailbox> at (example | gmail | yahoo | outlook) dot (com | org | net);
<mailbox> = /0.7/ (${any(mailboxFirst)} | <letter>) (dot | underscore | <NULL>) ${any(mailboxLast)} <mailbox_digits> | /0.3/ <letter> <letter> <letters>;
<mailbox_digits> = /0.7/ <NULL> | /0.3/ <digit> <digit>;

<question> = what are your [opening | business | office] hours | when (are you | do you) (open | close)
  | what time do you (open | close) | are you open [on] (${any(weekdays)} | today | tomorrow | now | weekends)
  | how (late | long) are you open | how much (is (it | an appointment | a cleaning | a checkup) | does it cost | do you charge) | what does it cost
  | where are you [located] | what's your address | do you take (insurance | credit cards | walk ins) | how long does it take
  | what services do you offer | what's your name | is there parking | are you a (robot | computer | real person);

<person> = [can i | could i | may i | i'd like to | i want to | i need to | let me] (talk | speak) (to | with) <someone>
  | (transfer | connect | put) me [through] [to <someone>] | operator | representative;
<someone> = a person | a human | a real person | someone | somebody | the (manager | owner | doctor | dentist | receptionist)
  | an operator | a representative;

<message> = [can i | could i | i'd like to | i want to] leave a message [for the (manager | owner | doctor | dentist)] | [can you | please] take a message
  | please tell (them | him | her) to call me [back] | [please | can someone | have them | ask them to] call me back
  | (it's about | i'm calling about) (my | the) (appointment | bill | invoice | order | results)
  | it's (urgent | an emergency | not urgent) | i'm running late | i will be late;

<closing> = /0.2/ thanks | /0.35/ thank you [very much | so much] | /0.02/ thanks a lot | /0.03/ thanks for your help | /0.1/ bye | /0.2/ goodbye | /0.02/ bye bye | /0.2/ (thank you | thanks | okay thanks | okay thank you | okay) (goodbye | bye [bye])
  | /0.04/ have a (nice | good | great) day | /0.02/ you too | /0.02/ see you (then | soon | tomorrow);
<trouble> = (can | could) you (repeat that | say that again | speak up) | say that again | pardon | excuse me | what was that | what | [no] wait [a (moment | second | minute)] | hold on
  | one moment | just a (second | moment | minute) | hang on | one second | i didn't catch that | are you there | what did you say;
`;
