// Clients: their list, setting one up, and its settings.

export const clients = {
  title: 'Clients',
};
