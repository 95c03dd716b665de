/** Every file in src/pages is the script of one page; src/base.css is the style of all. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const pages = readdirSync(here('src/pages'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .sort()
  .map((name) => here(`src/pages/${name}`));

export default defineConfig({
  base: '/static/dist/',
  publicDir: false,
  build: {
    outDir: here('../vereend_webui/static/dist'),
    emptyOutDir: true,
    manifest: true,
    // What is bundled goes out with its authors' licences.
    license: { fileName: 'licences.md' },
    target: 'es2022',
    // The content security policy allows neither data: fonts nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [here('src/base.css'), ...pages] },
  },
});
