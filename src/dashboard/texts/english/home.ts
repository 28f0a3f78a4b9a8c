// The home page.

export const home = {
  title: 'Home',
};
