/** Send a form and put the answer in the page. Without script the whole page comes anew, with the same answer. */
import { announce, word } from './page';

let running: AbortController | undefined;

/**
 * Send a form and replace the parts of the page with these ids by those of the answer.
 *
 * Returns the answer where one came; the page then shows it, be it verdicts or what was wrong.
 */
export async function swap(
  form: HTMLFormElement,
  ids: string[],
  busy: string,
  done: string,
  sender: HTMLButtonElement | null = null,
): Promise<Document | null> {
  const fields = new FormData(form, sender);
  const address = new URL(form.action);
  if (form.method === 'get') for (const [name, value] of fields) if (typeof value === 'string' && value) address.searchParams.set(name, value);
  const button = sender ?? form.querySelector<HTMLButtonElement>('button[type="submit"]');
  button?.setAttribute('aria-busy', 'true');
  try {
    return await take(address, form.method === 'get' ? undefined : fields, ids, busy, done);
  } finally {
    // Asked again meanwhile, it is still at work.
    if (!running) button?.removeAttribute('aria-busy');
  }
}

/** Leave off waiting: the service stops the question when its asker has left. */
export function leave(): void {
  running?.abort();
}

/** The same for a link. */
export function swapTo(address: URL, ids: string[], busy: string, done: string): Promise<Document | null> {
  return take(address, undefined, ids, busy, done);
}

async function take(address: URL, fields: FormData | undefined, ids: string[], busy: string, done: string): Promise<Document | null> {
  running?.abort();
  const control = new AbortController();
  running = control;
  announce(busy);
  try {
    // Longer than this an address is refused on the way; the same question can be posted.
    const post = fields !== undefined || address.href.length > 6000;
    const answer = await fetch(post ? address.origin + address.pathname : address, {
      method: post ? 'POST' : 'GET',
      body: post ? (fields ?? new URLSearchParams(address.search)) : null,
      headers: { Accept: 'text/html' },
      signal: control.signal,
    });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    let found = false;
    for (const id of ids) {
      const next = page.getElementById(id);
      const old = document.getElementById(id);
      if (next && old) {
        old.replaceWith(next);
        found = true;
      }
    }
    // An answer without these parts is an error page: show what it says in the place of the result.
    const said = page.getElementById('main');
    const place = document.getElementById(ids[0] ?? '');
    if (!found && said && place) place.replaceChildren(...said.childNodes);
    if (page.title) document.title = page.title;
    if (!post) window.history.replaceState(null, '', address);
    announce(done);
    return page;
  } catch (problem) {
    if (control.signal.aborted) return null;
    announce(word('failed'));
    document.getElementById(ids[0] ?? '')?.replaceChildren(word('failed'));
    return null;
  } finally {
    if (running === control) running = undefined;
  }
}
