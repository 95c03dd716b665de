/** Verdicts while someone fills in, and a draft kept on request. Without script each button brings the page anew. */
import { announce, word } from '../parts/page';
import { swap } from '../parts/swap';

const KEY = 'vereend-draft';
const form = document.querySelector<HTMLFormElement>('#describe');

if (form && document.getElementById('verdicts')) {
  let waiting: number | undefined;
  form.addEventListener('input', () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void swap(form, ['verdicts'], word('checking'), word('done')), 900);
  });
  form.addEventListener('submit', (event) => {
    window.clearTimeout(waiting);
    if ((event.submitter as HTMLButtonElement | null)?.getAttribute('aria-disabled') === 'true') event.preventDefault();
  });
}

interface Kept {
  text: string;
  date: string;
}

/** Read the draft; null where there is none, or where the browser keeps nothing. */
function kept(): Kept | null {
  try {
    return JSON.parse(window.localStorage.getItem(KEY) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

for (const box of document.querySelectorAll<HTMLElement>('[data-draft]')) {
  const state = box.querySelector<HTMLElement>('[data-draft-state]');
  const button = (name: string): HTMLButtonElement | null => box.querySelector(`[data-draft-${name}]`);
  const show = (): void => {
    const draft = kept();
    const date = draft ? new Date(draft.date).toLocaleString(document.documentElement.lang) : '';
    if (state) state.textContent = draft ? word('draft', { date }) : word('none');
    for (const name of ['open', 'forget']) {
      const one = button(name);
      if (one) one.hidden = !draft;
    }
  };
  button('keep')?.addEventListener('click', async () => {
    if (!form) return;
    try {
      // What was written since the last answer belongs to the draft as well.
      const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const text = page.querySelector<HTMLInputElement>('#describe input[name="text"]')?.value;
      if (!text) throw new Error('no description in the answer');
      window.localStorage.setItem(KEY, JSON.stringify({ text, date: new Date().toISOString() }));
      show();
      announce(word('kept'));
    } catch {
      announce(word('full'));
      if (state) state.textContent = word('full');
    }
  });
  button('forget')?.addEventListener('click', () => {
    window.localStorage.removeItem(KEY);
    show();
    announce(word('forgotten'));
  });
  button('open')?.addEventListener('click', () => {
    const field = document.querySelector<HTMLTextAreaElement>('#read textarea');
    if (!field) return;
    field.value = kept()?.text ?? '';
    field.form?.requestSubmit();
  });
  box.hidden = false;
  show();
}
