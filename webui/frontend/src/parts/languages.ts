/** The languages of descriptions: which one a text is in, and its colours. */
import { StreamLanguage } from '@codemirror/language';
import { json } from '@codemirror/legacy-modes/mode/javascript';
import { xml } from '@codemirror/legacy-modes/mode/xml';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import type { Extension } from '@codemirror/state';
import { turtle } from './turtle';

const LANGUAGES: Record<string, Extension> = {
  turtle,
  ntriples: turtle,
  yaml: StreamLanguage.define(yaml),
  jsonld: StreamLanguage.define(json),
  rdfxml: StreamLanguage.define(xml),
};

/** Give the colours of a format, as the library calls it. */
export function language(format: string): Extension {
  return LANGUAGES[format] ?? turtle;
}

/** Tell the format from the first characters, as vereend.reading.guess_format does. */
export function guess(text: string): string {
  if (/^(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*(?:- )?(?:['"]@context['"]|[\p{L}\p{N}_'-]+):(?:\s|$)/u.test(text.slice(0, 4000))) return 'yaml';
  const start = text.trimStart();
  if (/^[{[]\s*["{[}\]]/.test(start)) return 'jsonld';
  return /^<(?:\?xml|rdf:RDF|!DOCTYPE|!--)/.test(start) ? 'rdfxml' : 'turtle';
}
