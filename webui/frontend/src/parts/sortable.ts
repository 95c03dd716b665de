/** Sort a table by a column. Without script it stays in the order it came in. */
import { announce, element, mark, word } from './page';

export function sortable(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  if (!body) return;
  [...(table.tHead?.rows[0]?.cells ?? [])].forEach((head, column) => {
    const name = head.textContent?.trim() ?? '';
    if (!name || name.endsWith('#')) return;
    const sign = mark('sort');
    sign.classList.add('so');
    const button = element('button', { type: 'button' }, `${name} `, sign);
    button.setAttribute('aria-label', word('sort', { column: name }));
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of table.tHead?.rows[0]?.cells ?? []) {
        other.removeAttribute('aria-sort');
        other.querySelector('use')?.setAttribute('href', '#m-sort');
      }
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      sign.querySelector('use')?.setAttribute('href', '#m-sorted');
      const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
      const rows = [...body.rows].sort((a, b) => collator.compare(cell(a, column), cell(b, column)) * (down ? -1 : 1));
      body.append(...rows);
      announce(word('sort', { column: name }));
    });
  });
}

function cell(row: HTMLTableRowElement, column: number): string {
  return row.cells[column]?.textContent?.trim() ?? '';
}
