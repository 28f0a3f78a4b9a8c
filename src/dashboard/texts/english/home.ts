// The home page.

export const home = {
  title: 'Home',
  greeting: (hour: number, name: string) => {
    const time = hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
    return name ? `${time}, ${name}` : time;
  },
  callsToday: 'Calls today',
  minutesToday: (minutes: number) => `${minutes} min talked`,
  bookingsToday: 'Booked today',
  appointmentsToday: (count: number) =>
    count === 0
      ? 'None takes place today'
      : `${count} ${count === 1 ? 'takes' : 'take'} place today`,
  latency: 'Answer time today',
  latencyNote: (p95: string) => `95 % within ${p95}`,
  latencyNone: 'No replies yet',
  minutesLeft: 'Minutes left',
  minutesLeftOf: (count: number) => (count === 1 ? 'of one client' : `of ${count} clients`),
  live: 'Live now',
  liveNone: 'Nobody is on the phone',
  liveNoneHint: 'Calls appear here while they run.',
  watch: 'Watch',
  unknownCaller: 'Unknown number',
  browserCaller: 'Test call',
  chatCaller: 'Chat',
  latestMessages: 'Messages',
  messagesNone: 'No messages',
  messagesNoneHint: 'What callers ask you to be told appears here.',
  unread: 'unread',
  next: 'Next appointments',
  nextNone: 'No appointments ahead',
  nextNoneHint: 'Bookings that callers make appear here.',
  recent: 'Latest conversations',
  recentNone: 'No conversations yet',
  recentNoneHint: 'Make a test call: it works at once, without a phone.',
  testCall: 'Make a test call',
  clients: 'Clients',
  /** Some names, of more. */
  named: (names: readonly string[], count: number) =>
    names.join(', ') + (count > names.length ? ` and ${count - names.length} more` : ''),
  buy: 'Buy talk time',
  welcome: 'Set up your first client',
  welcomeHint:
    'A client is a business with a number of its own, a greeting, a voice, and a calendar. It takes five minutes, and you hear it before anybody else does.',
  setUp: 'Set up a client',
  seeAll: 'See all',
};
