/** Bring the pieces to life that need a script. Without it they show how they look without. */
import { edit, turtle, type Finding } from '../parts/editor';
import { data, reveal } from '../parts/page';
import { sortable } from '../parts/sortable';

reveal();
for (const box of document.querySelectorAll<HTMLElement>('[data-editor]')) edit(box, turtle, () => undefined).show(data<Finding[]>('findings', []));
for (const table of document.querySelectorAll<HTMLTableElement>('[data-sortable]')) sortable(table);
