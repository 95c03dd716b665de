/** An editor with findings at their lines, and verdicts, repairs and suppositions without a new page. Without script the form is sent as it is. */
import { edit, openCard, type Editor, type Finding } from '../parts/editor';
import { guess, language } from '../parts/languages';
import { data, reveal, word } from '../parts/page';
import { MOST, carries, pack, unpack, type Carried } from '../parts/share';
import { swap } from '../parts/swap';

const WHOLE = ['result', 'answers', 'readings', 'named'];
const form = document.querySelector<HTMLFormElement>('#check');
const box = document.querySelector<HTMLElement>('[data-editor]');
if (form && box) {
  const go = form.querySelector<HTMLButtonElement>('#go');
  const check = (): void => form.requestSubmit(go);
  let format = box.dataset['editor'] ?? 'turtle';
  const editor = edit(box, language(format), check);
  const speak = (): void => {
    const found = guess(editor.text.value);
    if (found !== format) editor.speak(language(found), found);
    format = found;
  };
  box.addEventListener('keyup', speak);
  box.addEventListener('paste', () => setTimeout(speak));

  settle(editor);
  if (carries(window.location.hash)) void open(form, editor, check);
  else if (window.location.hash) openCard(window.location.hash.slice(1));

  form.addEventListener('submit', async (event) => {
    const sender = event.submitter as HTMLButtonElement | null;
    if (sender?.name === 'as') return; // a download
    if (sender && new URL(sender.formAction).pathname !== new URL(form.action).pathname) return; // another page
    event.preventDefault();
    const parts = sender?.dataset['swap']?.split(' ') ?? WHOLE;
    const answer = await swap(form, parts, word('checking'), word('done'), sender);
    if (!answer) return;
    const whole = parts === WHOLE;
    const file = form.querySelector<HTMLInputElement>('input[type="file"]');
    if (whole && file) file.value = '';
    // What was judged may be another text than the one sent: that of a file, or one with a repair in it.
    const text = answer.querySelector<HTMLTextAreaElement>('#text')?.value;
    if (whole && text) editor.write(text);
    speak();
    if (whole) settle(editor);
    else reveal();
    const first = parts[0] ?? '';
    if (whole) document.getElementById('done')?.focus();
    else focusOn(document.getElementById(first));
  });

  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('[data-line]');
    if (!link) return;
    event.preventDefault();
    editor.goTo(Number(link.dataset['line']));
  });
  document.addEventListener('change', (event) => {
    if ((event.target as Element).matches('[data-switch]')) form.requestSubmit(document.querySelector<HTMLButtonElement>('[value="suppose"]'));
  });
  document.querySelector('[data-share]')?.addEventListener('click', () => void share(form));
  droppable(box, form, check);
}

/** Put the marks in the margin and set the chips to work. */
function settle(editor: Editor): void {
  reveal();
  editor.show(data<Finding[]>('findings', []));
  filterCards();
}

/** Bring who asked for something to what came: its first field, else its heading. */
function focusOn(part: HTMLElement | null): void {
  const field = part?.querySelector<HTMLElement>('.offer :is(select, input, button), .alert');
  if (!field) return;
  if (field.matches('.alert')) field.tabIndex = -1;
  field.focus();
}

const CARRIED = ['text', 'name', 'phase', 'on', 'answers']; // not the readings: they are chosen again

/** Copy a link with the text in it. */
async function share(form: HTMLFormElement): Promise<void> {
  const fields: Carried = {};
  for (const [name, value] of new FormData(form)) if (CARRIED.includes(name) && typeof value === 'string' && value) fields[name] = value;
  const address = new URL(form.action);
  address.hash = await pack(fields);
  const told = document.getElementById('shared');
  if (!told) return;
  if (address.href.length > MOST) {
    told.textContent = word('too long', { most: MOST, size: address.href.length });
    return;
  }
  window.history.replaceState(null, '', address);
  try {
    await navigator.clipboard.writeText(address.href);
    told.textContent = word('copied', { size: address.href.length });
  } catch {
    told.textContent = word('in the bar', { size: address.href.length });
  }
}

/** Open the text that the address carries. */
async function open(form: HTMLFormElement, editor: Editor, check: () => void): Promise<void> {
  const fields = await unpack(window.location.hash);
  const told = document.getElementById('shared');
  if (!fields) {
    if (told) told.textContent = word('damaged');
    return;
  }
  editor.write(fields['text'] ?? '');
  for (const name of ['name', 'phase', 'on']) {
    const control = form.elements.namedItem(name);
    if (fields[name] !== undefined && (control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) control.value = fields[name];
  }
  if (fields['answers']) {
    const kept = document.createElement('textarea');
    kept.name = 'answers';
    kept.hidden = true;
    kept.value = fields['answers'];
    document.getElementById('answers')?.replaceChildren(kept);
  }
  check();
}

/** Let a file be dropped on the text. */
function droppable(box: HTMLElement, form: HTMLFormElement, check: () => void): void {
  const file = form.querySelector<HTMLInputElement>('input[type="file"]');
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    box.classList.add('dropping');
  };
  box.addEventListener('dragenter', over, true);
  box.addEventListener('dragover', over, true);
  box.addEventListener('dragleave', () => box.classList.remove('dropping'));
  box.addEventListener(
    'drop',
    (event) => {
      box.classList.remove('dropping');
      const files = event.dataTransfer?.files;
      if (!files?.length || !file) return;
      event.preventDefault();
      event.stopPropagation();
      file.files = files;
      check();
    },
    true,
  );
}

/** Let chips and a list of themes choose which verdicts are shown. Without script all are. */
function filterCards(): void {
  for (const chips of document.querySelectorAll<HTMLElement>('[data-filter-cards]')) {
    const section = chips.closest<HTMLElement>('.judged');
    const buttons = [...chips.querySelectorAll<HTMLButtonElement>('[data-show]')];
    const theme = chips.querySelector<HTMLSelectElement>('[data-show-theme]');
    const apply = (): void => {
      const wanted = buttons.find((button) => button.getAttribute('aria-pressed') === 'true')?.dataset['show'] ?? 'all';
      for (const card of section?.querySelectorAll<HTMLElement>('.vd') ?? []) {
        const verdict = card.dataset['verdict'] ?? '';
        const asks = !['satisfied', 'na'].includes(verdict);
        const within = !theme?.value || card.dataset['theme'] === theme.value;
        card.hidden = !(within && (wanted === 'all' || (wanted === 'asking' && asks) || wanted === verdict));
      }
      for (const part of section?.querySelectorAll<HTMLElement>('.theme') ?? []) part.hidden = !part.querySelector('.vd:not([hidden])');
    };
    for (const button of buttons) {
      button.addEventListener('click', () => {
        for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
        apply();
      });
    }
    theme?.addEventListener('change', apply);
  }
}
