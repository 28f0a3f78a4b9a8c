// Clients: their list, setting one up, and its settings.

export const clients = {
  title: 'Clients',
  description: 'Each has its own number, receptionist, calendar and talk time.',
  create: 'New client',
  search: 'Search by name or number',
  noneFound: 'No client is called that',
  none: 'No clients yet',
  noneHint: 'Set one up, and hear its receptionist before anybody else does.',
  name: 'Name',
  number: 'Number',
  noNumber: 'No number yet',
  balance: 'Talk time',
  state: 'State',
  active: 'Taking calls',
  paused: 'Paused',
  noTalkTime: 'No talk time',
  onCall: (count: number) => (count === 1 ? '1 call now' : `${count} calls now`),
};
