/** The design tokens as a canvas needs them: worked out to plain colours, and worked out again when the scheme changes. */

/** Give the colour a token stands for now. */
export function colour(token: string): string {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.setProperty('color', `var(--${token})`);
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Do something whenever light turns to dark or back. */
export function onSchemeChange(act: () => void): void {
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', act);
  new MutationObserver(act).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
}

/** Tell whether the page is dark now. */
export function isDark(): boolean {
  const set = document.documentElement.dataset['theme'];
  return set ? set === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
}
