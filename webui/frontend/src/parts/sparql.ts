/** What fits at the cursor of a query: variables, properties its subject can have, and values its property takes. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { fold } from './page';

interface Term {
  name: string;
  label: string;
  labels: Record<string, string>;
  kind: 'class' | 'property' | 'constant';
  of: string[]; // a property's: classes that have it, none where any may
  leads: string; // a property's: class of its values
  list: string; // a property's: the list its values come from; a constant's: the list it is in
  above: string[]; // a class's: itself and what it falls under
}

type Place = 'subject' | 'verb' | 'object';
interface Read {
  place: Place;
  subject: string;
  verb: string;
  triples: [string, string, string][];
}

const TOKEN = /#[^\n]*|<[^<>"{}|^`\\\s]*>|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"(?:@[\w-]+)?|'(?:[^'\\\n]|\\.)*'(?:@[\w-]+)?|[?$]\w+|[\w-]*:[\w.%-]*[\w%-]|[\w-]+:|[\w-]+|[{}()[\].;,/|^*+?!]|\S/g;
const FRESH = new Set(['{', '}', '.', 'WHERE', 'OPTIONAL', 'FILTER', 'MINUS', 'UNION', 'EXISTS']);

/** Read a query as far as its statements go: each of them, and what may stand at its end. */
export function read(text: string): Read {
  const state: Read = { place: 'subject', subject: '', verb: '', triples: [] };
  let depth = 0; // of brackets, in which no statement begins
  let inside = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('#')) continue;
    if (token === '{') inside = true;
    if (!inside) continue;
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (depth > 0 && state.place !== 'verb') continue;
    else if (FRESH.has(token.toUpperCase())) Object.assign(state, { place: 'subject', subject: '', verb: '' });
    else if (token === ';') Object.assign(state, { place: 'verb', verb: '' });
    else if (token === ',') state.place = 'object';
    else if (/^[/|^*+?!]$/.test(token)) state.place = token === '*' || token === '+' || token === '?' ? state.place : 'verb';
    else if (state.place === 'subject') Object.assign(state, { place: 'verb', subject: token });
    else if (state.place === 'verb') Object.assign(state, { place: 'object', verb: token });
    else state.triples.push([state.subject, state.verb, token]);
  }
  return state;
}

/** Tell of which classes a subject may be, from what the query says of it; none where it says nothing. */
function classesOf(subject: string, triples: Read['triples'], byName: Map<string, Term>): Set<string> {
  const found = new Set<string>();
  for (const [s, verb, object] of triples) {
    if (s === subject && (verb === 'a' || verb === 'rdf:type')) found.add(object);
    if (object === subject && byName.get(verb)?.leads) found.add(byName.get(verb)?.leads as string);
  }
  if (!found.size) for (const [s, verb] of triples) if (s === subject) for (const one of byName.get(verb)?.of ?? []) found.add(one);
  return new Set([...found].flatMap((one) => byName.get(one)?.above ?? [one]));
}

/** Rank terms for a place: 2 fits by what the ontology says, 1 is of the right sort, 0 does not fit. */
function rank(term: Term, now: Read, classes: Set<string>, property: Term | undefined): number {
  if (now.place === 'verb') {
    if (term.kind !== 'property') return 0;
    return classes.size && term.of.some((one) => classes.has(one)) ? 2 : 1;
  }
  if (now.place === 'object' && (now.verb === 'a' || now.verb === 'rdf:type')) return term.kind === 'class' ? 2 : 0;
  if (now.place === 'object' && property?.list) return term.kind === 'constant' ? (term.list === property.list ? 2 : 1) : 0;
  return term.kind === 'property' ? 0 : 1;
}

let terms: Promise<Term[]> | undefined;

export async function completeQuery(context: CompletionContext): Promise<CompletionResult | null> {
  const typed = context.matchBefore(/[?$]?[\w-]*:?[\w-]*/);
  if (!typed || (!context.explicit && typed.text.length < 1)) return null;
  const text = context.state.doc.toString();
  const before = text.slice(0, typed.from);
  if (/^[^"]*("[^"]*"[^"]*)*"[^"]*$/.test(before.slice(before.lastIndexOf('\n') + 1))) return null; // within words
  const now = read(before);
  const variables = [...new Set(text.match(/[?$]\w+/g) ?? [])].filter((name) => name !== typed.text);
  if (/^[?$]/.test(typed.text)) {
    return { from: typed.from, options: variables.map((name) => ({ label: name, type: 'variable' })) };
  }
  if (typed.text.length < 2 && !context.explicit) return null;
  const lang = document.documentElement.lang;
  terms ??= fetch(`/api/terms?lang=${lang}`).then((answer) => (answer.ok ? (answer.json() as Promise<Term[]>) : []));
  const known = await terms;
  const byName = new Map(known.map((term) => [term.name, term]));
  const rest = read(`${before} . }${text.slice(context.pos)}`).triples;
  const classes = classesOf(now.subject, [...now.triples, ...rest], byName);
  const wanted = fold(typed.text);
  const found = known
    .map((term) => ({ term, fits: rank(term, now, classes, byName.get(now.verb)) }))
    .filter(({ term, fits }) => fits && [term.name, ...Object.values(term.labels)].some((word) => fold(word).includes(wanted)))
    .sort((a, b) => b.fits - a.fits || a.term.name.length - b.term.name.length)
    .slice(0, 60);
  const options: Completion[] = found.map(({ term, fits }) => ({ label: term.name, detail: term.label, type: term.kind, boost: fits === 2 ? 50 : 0 }));
  if (context.explicit && now.place !== 'verb') options.push(...variables.map((name) => ({ label: name, type: 'variable' })));
  if (context.explicit && now.place === 'verb') options.unshift({ label: 'a', type: 'keyword', boost: 60 });
  return options.length ? { from: typed.from, options, filter: false } : null;
}

/** Give the prefixes a query uses and does not declare. */
export function undeclared(text: string): string[] {
  const bare = text.replace(/#[^\n]*|<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ' ');
  const declared = new Set([...text.matchAll(/\bPREFIX\s+([\w-]*):/gi)].map((found) => found[1]));
  const used = [...bare.matchAll(/(?<![\w?$:-])([A-Za-z][\w-]*):/g)].map((found) => found[1] as string);
  return [...new Set(used)].filter((name) => !declared.has(name)).sort();
}
