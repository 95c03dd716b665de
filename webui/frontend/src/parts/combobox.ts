/**
 * Offer things by name while someone types in a search field: a combobox with a list (ARIA 1.2). Enter without a choice
 * sends the form, as it does without script.
 */
import { announce, element, mark } from './page';

interface Found {
  label: Record<string, string>;
  synonym: Record<string, string>;
  number: string;
  sign: string;
  hue: string;
  kindName: string;
  page: string | null;
}

const lang = document.documentElement.lang;
const OFFERS = 8;

/** Words in the language of the page, else in the other. */
function words(texts: Record<string, string>): string {
  return texts[lang] ?? Object.values(texts)[0] ?? '';
}

function combobox(form: HTMLFormElement, field: HTMLInputElement): void {
  const list = element('ul', { id: `${field.id}-offers`, role: 'listbox', class: 'offers', 'aria-label': field.labels?.[0]?.textContent ?? '' });
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id })) {
    field.setAttribute(name, value);
  }
  let chosen = -1;
  let asked = '';
  let wait: number | undefined;
  let running: AbortController | undefined;

  function close(): void {
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    choose(-1);
  }

  function choose(place: number): void {
    chosen = place;
    [...list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === place)));
    const option = list.children[place];
    if (option) {
      field.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else {
      field.removeAttribute('aria-activedescendant');
    }
  }

  function go(option: Element | undefined): void {
    const address = option?.getAttribute('data-page');
    if (address) window.location.assign(address);
  }

  function offer(results: Found[], typed: string): void {
    const options = results
      .filter((one) => one.page)
      .map((one, i) => {
        const option = element('li', { id: `${list.id}-${i}`, role: 'option', 'aria-selected': 'false', 'data-page': one.page ?? '' });
        const name = words(one.label);
        const other = words(one.synonym);
        if (one.sign) {
          const sign = element('span', { class: `k k-${one.hue}` }, mark(one.sign));
          option.append(sign);
        }
        option.append(element('span', { class: 'name' }, other ? `${name} (${other})` : name));
        option.append(element('span', { class: 'kind' }, one.number && one.number !== name ? `${one.kindName} ${one.number}` : one.kindName));
        return option;
      });
    if (options.length) {
      const more = new URL(form.action);
      more.searchParams.set('q', typed);
      const text = (form.dataset['more'] ?? '').replace('{words}', `“${typed}”`);
      options.push(element('li', { id: `${list.id}-all`, role: 'option', 'aria-selected': 'false', 'data-page': more.href, class: 'all' }, text));
    }
    list.replaceChildren(...options);
    choose(-1);
    list.hidden = !options.length;
    field.setAttribute('aria-expanded', String(!list.hidden));
    announce((list.hidden ? form.dataset['none'] : form.dataset['found'])?.replace('{number}', String(results.length)) ?? '');
  }

  async function ask(): Promise<void> {
    const typed = field.value.trim();
    if (typed.length < 2) {
      asked = '';
      close();
      return;
    }
    if (typed === asked) return;
    asked = typed;
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(`/api/search?${new URLSearchParams({ q: typed, lang, limit: String(OFFERS) })}`, { signal: running.signal });
      if (answer.ok) offer(((await answer.json()) as { results: Found[] }).results, typed);
    } catch {
      // Typed on, or no network: the form still works.
    }
  }

  field.addEventListener('input', () => {
    window.clearTimeout(wait);
    wait = window.setTimeout(ask, 120);
  });
  field.addEventListener('keydown', (event) => {
    const last = list.children.length - 1;
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && last >= 0) {
      event.preventDefault();
      list.hidden = false;
      field.setAttribute('aria-expanded', 'true');
      // One step before the first and after the last nothing is chosen: the field itself.
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = chosen + step;
      choose(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === 'Enter' && !list.hidden && chosen >= 0) {
      event.preventDefault();
      go(list.children[chosen]);
    }
  });
  field.addEventListener('blur', close);
  // The field keeps the focus, so that a press on an option does not close the list before it is heard.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => go((event.target as Element).closest('[role="option"]') ?? undefined));
}

/** Make every search field of the page a combobox. */
export function offerNames(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-search]')) {
    const field = form.querySelector<HTMLInputElement>('input[name="q"]');
    if (field) combobox(form, field);
  }
}
