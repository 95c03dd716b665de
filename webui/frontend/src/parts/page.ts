/** What pages hold for their scripts: data and words in JSON blocks, and parts that only make sense with a script. */

/** Read a JSON block of the page; the fallback where there is none. */
export function data<T>(id: string, fallback: T): T {
  const block = document.getElementById(id);
  return block?.textContent ? (JSON.parse(block.textContent) as T) : fallback;
}

let known: Record<string, unknown> | undefined;

/** Give words in the language of the page, from the same catalogue as the page itself. */
export function word(name: string, places: Record<string, string | number> = {}): string {
  known ??= data<Record<string, unknown>>('words', {});
  const text = known[name];
  return Object.entries(places).reduce(
    (sentence, [place, value]) => sentence.replaceAll(`{${place}}`, String(value)),
    typeof text === 'string' ? text : name,
  );
}

/** Give a table of words. */
export function words(name: string): Record<string, string> {
  known ??= data<Record<string, unknown>>('words', {});
  return (known[name] ?? {}) as Record<string, string>;
}

/** Show what only works with a script. */
export function reveal(root: ParentNode = document): void {
  for (const part of root.querySelectorAll<HTMLElement>('[data-script], [data-print], [data-copy], [data-find], [data-filter-cards]')) {
    part.hidden = false;
  }
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-print]')) {
    button.addEventListener('click', () => window.print());
  }
}

/** Draw a mark of the page, with the word beside it left to the caller. */
export function mark(name: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'm');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `#m-${name}`);
  svg.append(use);
  return svg;
}

/** Make an element. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

let region: HTMLElement | undefined;

/** Tell what happened to those who do not see it. */
export function announce(text: string): void {
  if (!region) {
    region = element('p', { class: 'vh', role: 'status' });
    document.body.append(region);
  }
  region.textContent = text;
}

/** Fold case and accents, as the search does. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
