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
};
