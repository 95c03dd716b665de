/** Narrow a table while someone types. Without script the button does, and the whole table stays in view till then. */
import { fold } from '../parts/page';

const field = document.querySelector<HTMLInputElement>('[data-filter]');
const table = document.getElementById(field?.dataset['filter'] ?? '');
const count = document.querySelector<HTMLElement>('[data-count]');
if (field && table instanceof HTMLTableElement && count) {
  const all = [...(table.tBodies[0]?.rows ?? [])];
  const rows = all.filter((row) => !row.classList.contains('group'));
  const texts = rows.map((row) => fold(row.textContent ?? ''));
  const told = count.textContent ?? '';
  field.addEventListener('input', () => {
    const wanted = fold(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !wanted.every((one) => texts[i]?.includes(one));
      if (!row.hidden) shown += 1;
    });
    // The heading of a group stays while something under it does.
    let heading: HTMLTableRowElement | undefined;
    for (const row of all) {
      if (row.classList.contains('group')) {
        heading = row;
        row.hidden = true;
      } else if (!row.hidden && heading) heading.hidden = false;
    }
    count.textContent = told.replace(/\d+/, String(shown));
  });
}
