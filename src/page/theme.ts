/** Light or dark: as the system says, until the reader chooses. */

import { byId } from './dom.js';

/** @param onChange the colours are others now. */
export function followTheme(onChange: () => void): void {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark';
  system.addEventListener('change', onChange);
  matchMedia('print').addEventListener('change', onChange);
  byId('theme').addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    onChange();
  });
}
