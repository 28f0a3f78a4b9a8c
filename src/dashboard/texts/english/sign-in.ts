// Signing in and registering.

export const signIn = {
  title: 'Sign in',
  welcome: 'Welcome back',
  welcomeHint: 'Sign in to see who called.',
  register: 'Create an account',
  registerTitle: 'Create your account',
  registerHint: 'Your receptionist can take its first call in five minutes.',
  email: 'E-mail',
  emailOrName: 'E-mail or username',
  password: 'Password',
  passwordHint: 'At least 8 characters that are not easy to guess.',
  showPassword: 'Show the password',
  hidePassword: 'Hide the password',
  name: 'Your name',
  signIn: 'Sign in',
  google: 'Continue with Google',
  demo: 'Look around as the demo owner',
  demoHint: 'This is a sandbox: nothing is real, everything works.',
  or: 'or',
  newHere: 'New here?',
  haveAccount: 'Have an account already?',
  pitch: 'Every call answered within a second.',
  pitchText:
    'Frontdesk greets your callers, answers their questions, books them into your calendar, and tells you what was said.',
  pitchLines: [
    ['00:00', 'Thank you for calling Bright Smile Dental. How can I help you?', 'agent'],
    ['00:03', 'Hi, do you have anything on Friday morning?', 'caller'],
    ['00:05', 'I have nine thirty or eleven. Which one suits you?', 'agent'],
    ['00:08', 'Nine thirty, please.', 'caller'],
  ],
  pitchBooked: 'Booked for Friday, 9:30 AM',
};
