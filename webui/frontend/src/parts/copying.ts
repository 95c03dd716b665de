/** Buttons that copy or save a text of the page. Without script the text can be selected, and they stay out of sight. */
import { announce, element } from './page';

function text(id: string | undefined): string {
  return document.getElementById(id ?? '')?.textContent ?? '';
}

/** Show these buttons, and let them work, also in parts of the page that come later. */
export function offerCopies(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy-text], [data-save-text]')) button.hidden = false;
  document.addEventListener('click', async (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-copy-text], [data-save-text]');
    if (!button) return;
    const { copyText, saveText, done, name } = button.dataset;
    if (copyText) {
      await navigator.clipboard.writeText(text(copyText));
      announce(done ?? '');
      button.classList.add('done');
    } else {
      const address = URL.createObjectURL(new Blob([text(saveText)]));
      element('a', { href: address, download: name ?? '' }).click();
      URL.revokeObjectURL(address);
    }
  });
}
