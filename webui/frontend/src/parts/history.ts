/** Questions asked before, kept in this browser alone. Without script, or where keeping is refused, there is no list. */
import { element } from './page';

const KEY = 'vereend-questions';
const MOST = 30;

function kept(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? found.filter((one) => typeof one === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Show the list in a box, and give what adds a question to it. */
export function history(box: HTMLElement, pick: (text: string) => void): (text: string) => void {
  const list = box.querySelector('[data-history]');
  const show = (): void => {
    const asked = kept();
    box.hidden = asked.length === 0;
    list?.replaceChildren(
      ...asked.map((text) => {
        const lines = text.split('\n').filter((line) => !/^\s*(#|PREFIX\b|$)/i.test(line));
        const button = element('button', { type: 'button', class: 'btn bare small' }, lines.join(' ').replace(/\s+/g, ' ').slice(0, 90) || text.slice(0, 90));
        button.addEventListener('click', () => pick(text));
        return element('li', {}, button);
      }),
    );
  };
  const save = (asked: string[]): void => {
    try {
      if (asked.length) localStorage.setItem(KEY, JSON.stringify(asked));
      else localStorage.removeItem(KEY);
    } catch {
      // A browser may refuse to keep anything, or be full.
    }
    show();
  };
  box.querySelector('[data-forget]')?.addEventListener('click', () => save([]));
  show();
  return (text) => save([text, ...kept().filter((one) => one !== text)].slice(0, MOST));
}
