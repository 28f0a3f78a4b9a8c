// Setting up a new client, step by step.

export const setUp = {
  title: 'New client',
  setUpTitle: (name: string) => `Set up ${name}`,
  progress: (step: number, steps: number) => `Step ${step} of ${steps}`,
  finish: 'Finish',
  create: 'Create and continue',
  later: 'Finish later',
  nameTitle: 'What is it called?',
  nameHint: 'A client is one business with a number, a receptionist and talk time of its own.',
  steps: {
    number: [
      'Its phone number',
      'Callers dial it. You can also do this later and try everything in the browser first.',
    ],
    hours: ['When is it open?', 'Appointments are offered within these hours.'],
    greeting: ['What do callers hear first?', 'Write the greeting, and listen to it at once.'],
    voice: ['Whose voice?', 'Listen, and choose.'],
    calendar: [
      'Where do appointments go?',
      'There is a calendar built in. Connect Google Calendar to use yours.',
    ],
    tools: ['What may it do?', 'It can always take a message.'],
    test: [
      'Talk to it',
      'Before anybody else does. It is the same receptionist that your callers get.',
    ],
  } as const satisfies Readonly<Record<string, readonly [string, string]>>,
  stepNames: {
    number: 'Number',
    hours: 'Hours',
    greeting: 'Greeting',
    voice: 'Voice',
    calendar: 'Calendar',
    tools: 'Tools',
    test: 'Test call',
  },
  builtInCalendar: 'Use the built-in calendar',
  builtInCalendarHint:
    'It works at once, and you see every booking here. Connect Google Calendar below, now or at any time.',
  testCall: 'Start a test call',
  testCallHint: 'You need a microphone. Or type, if you would rather not speak.',
  needsTalkTime: 'A test call uses talk time like any call, and this client has none.',
  done: 'All set.',
};
