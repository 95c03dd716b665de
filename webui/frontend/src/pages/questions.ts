/** An editor for queries, and answers without a new page. Without script the form, the table and its links work. */
import { sparql } from 'codemirror-lang-sparql';
import { edit } from '../parts/editor';
import { announce, data, fold, reveal, word } from '../parts/page';
import { completeQuery, undeclared } from '../parts/sparql';
import { history } from '../parts/history';
import { leave, swap, swapTo } from '../parts/swap';

const form = document.querySelector<HTMLFormElement>('#ask');
const box = document.querySelector<HTMLElement>('[data-editor]');
const PARTS = ['result', 'asked', 'languages'];
reveal();
if (form && box) {
  const editor = edit(box, sparql(), () => form.requestSubmit(), completeQuery);
  const settle = (address?: URL): void => {
    const problem = document.querySelector<HTMLElement>('[data-place]');
    const [line, column] = (problem?.dataset['place'] ?? '').split(',').map(Number);
    editor.show(line ? [{ line, code: 'structure', rule: '', text: problem?.textContent?.trim() ?? '', anchor: '' }] : []);
    if (line) editor.goTo(line, column);
    const link = document.querySelector<HTMLAnchorElement>('[data-permalink]');
    if (link && address) link.href = address.href;
    for (const button of document.querySelectorAll<HTMLElement>('#result :is([data-copy-text], [data-save-text])')) button.hidden = false;
  };
  settle();
  const stop = document.querySelector<HTMLButtonElement>('[data-stop]');
  stop?.addEventListener('click', () => {
    leave();
    announce(word('stopped'));
    editor.view.focus();
  });
  const before = document.querySelector<HTMLElement>('#before');
  const keep = before ? history(before, (text) => (editor.write(text), editor.view.focus())) : undefined;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const address = new URL(form.action);
    address.searchParams.set('query', editor.text.value);
    if (stop) stop.hidden = false;
    keep?.(editor.text.value);
    try {
      if (await swap(form, PARTS, word('running'), word('done'))) settle(address);
    } finally {
      if (stop) stop.hidden = true;
    }
  });
  document.querySelector<HTMLButtonElement>('[data-copy]')?.addEventListener('click', async () => {
    const link = document.querySelector<HTMLAnchorElement>('[data-permalink]');
    await navigator.clipboard.writeText(link?.href ?? window.location.href);
    announce(word('copied'));
  });
  // The service declares what the project uses; other tools do not.
  const spaces = data<Record<string, string>>('prefixes', {});
  document.querySelector<HTMLButtonElement>('[data-declare]')?.addEventListener('click', () => {
    const missing = undeclared(editor.text.value).filter((name) => name in spaces);
    const text = editor.text.value;
    const head = /^(?:[ \t]*#[^\n]*\n)*/.exec(text)?.[0] ?? '';
    editor.write(head + missing.map((name) => `PREFIX ${name}: <${spaces[name]}>\n`).join('') + text.slice(head.length));
    announce(word('declared'));
  });
  // Another order, page or view of the same answers: the question stays as it is being written.
  const look = async (address: URL, back: string): Promise<void> => {
    if (!(await swapTo(address, ['result', 'languages'], word('running'), word('done')))) return;
    settle(address);
    document.querySelector<HTMLElement>(back)?.focus();
  };
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('#result a[data-swap]') : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const name = link.getAttribute('aria-label');
    void look(new URL(link.href), name ? `#result a[aria-label="${CSS.escape(name)}"]` : '#result a[data-swap][aria-current]');
  });
  document.addEventListener('submit', (event) => {
    const narrow = event.target;
    if (!(narrow instanceof HTMLFormElement) || !narrow.matches('#result [data-swap]')) return;
    event.preventDefault();
    const address = new URL(narrow.action);
    for (const [name, value] of new FormData(narrow)) if (value) address.searchParams.set(name, String(value));
    void look(address, '#result input[type="search"]');
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
