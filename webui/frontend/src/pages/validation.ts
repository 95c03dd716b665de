/** An editor with findings at their lines, and verdicts without a new page. Without script the form is sent as it is. */
import { edit, openCard, turtle, type Finding } from '../parts/editor';
import { data, reveal, word } from '../parts/page';
import { swap } from '../parts/swap';

const form = document.querySelector<HTMLFormElement>('#check');
const box = document.querySelector<HTMLElement>('[data-editor]');
if (form && box) {
  const check = (): void => form.requestSubmit(form.querySelector<HTMLButtonElement>('button[type="submit"]'));
  const editor = edit(box, turtle, check);

  const settle = (): void => {
    reveal();
    editor.show(data<Finding[]>('findings', []));
    filterCards();
  };
  settle();
  if (window.location.hash) openCard(window.location.hash.slice(1));

  form.addEventListener('submit', async (event) => {
    const sender = event.submitter as HTMLButtonElement | null;
    if (sender?.name === 'as') return; // a download
    event.preventDefault();
    const file = form.querySelector<HTMLInputElement>('input[type="file"]');
    const chosen = file?.files?.[0];
    const came = await swap(form, ['result'], word('checking'), word('done'));
    if (!came) return;
    if (chosen && chosen.size <= 400_000) {
      // Show what was judged, so that the lines named can be seen and mended.
      const text = await chosen.text();
      editor.view.dispatch({ changes: { from: 0, to: editor.view.state.doc.length, insert: text } });
      const name = form.querySelector<HTMLInputElement>('input[name="name"]');
      if (name) name.value = chosen.name;
      const shown = form.querySelector('.code-bar b');
      if (shown) shown.textContent = chosen.name;
    }
    if (file && chosen) file.value = '';
    settle();
  });

  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('[data-line]');
    if (!link) return;
    event.preventDefault();
    editor.goTo(Number(link.dataset['line']));
  });
}

/** Let the chips choose which verdicts are shown. Without script all are. */
function filterCards(): void {
  for (const chips of document.querySelectorAll<HTMLElement>('[data-filter-cards]')) {
    const section = chips.closest('.judged');
    const buttons = [...chips.querySelectorAll<HTMLButtonElement>('[data-show]')];
    for (const button of buttons) {
      button.addEventListener('click', () => {
        for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
        const wanted = button.dataset['show'] ?? 'all';
        for (const card of section?.querySelectorAll<HTMLElement>('.vd') ?? []) {
          const asks = !['satisfied', 'na'].includes(card.dataset['verdict'] ?? '');
          card.hidden = !(wanted === 'all' || (wanted === 'asking' && asks) || wanted === `theme:${card.dataset['theme']}`);
        }
        for (const theme of section?.querySelectorAll<HTMLElement>('.theme') ?? []) theme.hidden = !theme.querySelector('.vd:not([hidden])');
      });
    }
  }
}
