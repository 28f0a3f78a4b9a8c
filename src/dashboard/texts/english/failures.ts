// What is said when something did not work.

export const failures = {
  unreachable: 'The server cannot be reached. Please check your connection and try again.',
  ours: 'Something went wrong on our side. Please try again in a moment.',
  refused: 'This was not accepted.',
  stillRuns: 'This is still being done. Please look again in a moment.',
  notLoaded: 'This could not be loaded',
  notFound: 'There is nothing here',
  notFoundHint: 'It may have been deleted, or the address is not complete.',
  tooMany: (seconds: number) =>
    `Too many requests. Please wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
  pageBroken: 'This page does not work right now',
  pageBrokenHint: 'Reload it. If that does not help, the other pages still work.',
  reload: 'Reload',
  heldBack: (seconds: number) =>
    `That was a lot at once. It goes on by itself in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
  offline: 'You are offline. What you see may be out of date.',
};
