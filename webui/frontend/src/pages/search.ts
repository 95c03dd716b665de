/** Offer labels while someone types. Without script the search page answers. */
import { element } from '../parts/page';

interface Found {
  label: Record<string, string>;
}

const field = document.querySelector<HTMLInputElement>('input[name="q"]');
if (field) {
  const lang = document.documentElement.lang;
  const list = element('datalist', { id: 'offers' });
  field.after(list);
  field.setAttribute('list', list.id);
  let wait: number | undefined;
  let asked = '';
  field.addEventListener('input', () => {
    window.clearTimeout(wait);
    wait = window.setTimeout(async () => {
      const typed = field.value.trim();
      if (typed.length < 2 || typed === asked) return;
      asked = typed;
      const answer = await fetch(`/api/search?${new URLSearchParams({ q: typed, lang, limit: '8' })}`);
      if (!answer.ok || asked !== typed) return;
      const { results } = (await answer.json()) as { results: Found[] };
      const labels = new Set(results.map((one) => one.label[lang] ?? Object.values(one.label)[0] ?? ''));
      list.replaceChildren(...[...labels].map((value) => element('option', { value })));
    }, 150);
  });
}
