// The page about one's own account.

export const account = {
  title: 'Account',
  profile: 'Profile',
  name: 'Name',
  email: 'E-mail',
  saved: 'Your profile is saved.',
  password: 'Password',
  passwordText: 'Changing it signs you out everywhere else.',
  current: 'Current password',
  currentHint: 'Leave it empty if you have only signed in with Google.',
  next: 'New password',
  change: 'Change password',
  changed: 'Your password is changed.',
  remove: 'Delete this account',
  removeText:
    'With all clients and everything that belongs to them: conversations, recordings, contacts, appointments. It cannot be taken back.',
  removeQuestion: 'Delete your account?',
  removeAction: 'Delete for good',
  removed: 'Your account is deleted.',
  lossOfAccess: 'You are signed out everywhere. Your name and address are forgotten.',
  lossOfClients: (count: number) =>
    count === 1
      ? 'Your client takes no more calls; all that was said, written and recorded for it is erased.'
      : `Your ${count} clients take no more calls; all that was said, written and recorded for them is erased.`,
  lossOfTime: (time: string) => `${time} of talk time are lost, without money back.`,
  lossOfPlans: (count: number) =>
    count === 1 ? 'Your monthly plan ends at once.' : `Your ${count} monthly plans end at once.`,
  booksStay: 'What was paid and billed stays in the books, without your name.',
  lastAdministrator: 'You are the only administrator. Make somebody else one first.',
  callsRunning: 'A call is running. Wait until it is over, or end it.',
  removeByGoogle: 'You have no password: sign out and in again with Google just before.',
};
