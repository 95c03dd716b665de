/** An editor for queries, sorting, and finding a question. Without script the form and the table work as they are. */
import { sparql } from 'codemirror-lang-sparql';
import { edit } from '../parts/editor';
import { announce, fold, reveal, word } from '../parts/page';
import { sortable } from '../parts/sortable';
import { swap } from '../parts/swap';

const form = document.querySelector<HTMLFormElement>('#ask');
const box = document.querySelector<HTMLElement>('[data-editor]');
reveal();
if (form && box) {
  const editor = edit(box, sparql(), () => form.requestSubmit());
  const settle = (): void => {
    for (const table of document.querySelectorAll<HTMLTableElement>('[data-sortable]')) sortable(table);
    const problem = document.querySelector<HTMLElement>('[data-place]');
    const [line, column] = (problem?.dataset['place'] ?? '').split(',').map(Number);
    editor.show(line ? [{ line, code: 'structure', rule: '', text: problem?.textContent?.trim() ?? '', anchor: '' }] : []);
    if (line) editor.goTo(line, column);
  };
  settle();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (await swap(form, ['result', 'asked', 'languages'], word('running'), word('done'))) {
      const link = document.querySelector<HTMLAnchorElement>('[data-permalink]');
      const address = new URL(form.action);
      address.searchParams.set('query', editor.text.value);
      if (link) link.href = address.href;
      settle();
    }
  });
  document.querySelector<HTMLButtonElement>('[data-copy]')?.addEventListener('click', async () => {
    const link = document.querySelector<HTMLAnchorElement>('[data-permalink]');
    await navigator.clipboard.writeText(link?.href ?? window.location.href);
    announce(word('copied'));
  });
}

const find = document.querySelector<HTMLInputElement>('[data-find]');
const groups = [...document.querySelectorAll<HTMLDetailsElement>('#gallery details')];
const opened = new Set(groups.filter((group) => group.open));
find?.addEventListener('input', () => {
  const wanted = fold(find.value).split(/\s+/).filter(Boolean);
  for (const group of groups) {
    const items = [...group.querySelectorAll<HTMLElement>('li')];
    for (const item of items) {
      const text = fold(item.textContent ?? '');
      item.hidden = !wanted.every((one) => text.includes(one));
    }
    group.hidden = items.every((item) => item.hidden);
    group.open = wanted.length > 0 || opened.has(group);
  }
});
