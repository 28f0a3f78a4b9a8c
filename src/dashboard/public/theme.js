// Chooses light or dark before anything is painted. A file of its own, because inline scripts are refused.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    let chosen;
    try {
      chosen = localStorage.getItem('theme');
    } catch {
      // Storage may be forbidden: then the system decides.
    }
    document.documentElement.dataset.theme =
      chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light';
  };
  dark.addEventListener('change', show);
  addEventListener('storage', show);
  addEventListener('themechange', show);
  show();
})();
