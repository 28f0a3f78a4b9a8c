// What callers say in the booking dialogue, to measure how well the sandbox hears.

export const callerPhrases: readonly string[] = [
  'Hello.',
  "Hi, I'd like to book an appointment.",
  "I'd like to make an appointment for Tuesday.",
  'Can I book an appointment for tomorrow morning?',
  'I need to reschedule my appointment.',
  'I want to cancel my appointment.',
  'On Tuesday afternoon.',
  'Tuesday at ten thirty.',
  'Next Friday please.',
  'The day after tomorrow.',
  'In the morning.',
  "At two o'clock.",
  'Half past three.',
  'Two thirty p.m.',
  'March the fifteenth.',
  'The twenty third of May.',
  'As soon as possible.',
  'Do you have anything earlier?',
  'The first one.',
  "I'll take the second one please.",
  'That works for me.',
  'Yes.',
  'No.',
  'Yes please.',
  'No thank you.',
  'No, Wednesday instead.',
  'Actually, Thursday at nine.',
  'My name is John Smith.',
  'This is Emily Johnson.',
  "It's Maria Garcia.",
  'Sara Miller.',
  'My number is five five five, oh one two three.',
  'Four one five five five five two six seven one.',
  'What are your opening hours?',
  'Are you open on Saturday?',
  'When do you close?',
  'Can I talk to a person?',
  'Can I leave a message?',
  'Thank you, goodbye.',
  "No, that's all, thanks.",
  'Okay.',
  'Can you repeat that?',
  'Eleven fifteen.',
  'How much does it cost?',
  'Ten thirty sounds good.',
  'Perfect, thank you.',
];

/** The words alone, as they are compared. */
export function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\b([ap])\.m\./g, '$1m')
    .replaceAll(/[^a-z0-9' ]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The same with numbers said digit by digit written as digits, as the sandbox writes them. */
export function expected(phrase: string): string {
  return bare(phrase)
    .replace('five five five oh one two three', '5550123')
    .replace('four one five five five five two six seven one', '4155552671');
}
