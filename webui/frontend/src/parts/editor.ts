/** An editor in place of a text field. Without script the field itself stays, and is what is sent in both cases. */
import { autocompletion, completionKeymap, type Completion, type CompletionContext, type CompletionResult, type CompletionSource } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { Compartment, EditorState, Prec, RangeSet, StateEffect, StateField, type Extension } from '@codemirror/state';
import {
  EditorView,
  GutterMarker,
  drawSelection,
  gutter,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags as t } from '@lezer/highlight';
import { fold, mark } from './page';
import { turtle } from './turtle';

/** What stands in the margin at a line. */
export interface Finding {
  line: number;
  code: string; // mark of a verdict; "structure" for what keeps the text from being judged
  rule: string;
  text: string;
  anchor: string; // id of its card; '' when it has none
}

export interface Editor {
  view: EditorView;
  text: HTMLTextAreaElement;
  show(findings: Finding[]): void;
  write(text: string): void;
  speak(language: Extension, form: string): void;
  goTo(line: number, column?: number): void;
}

const colours = HighlightStyle.define([
  { tag: [t.comment, t.lineComment], color: 'var(--ink-2)', fontStyle: 'italic' },
  { tag: [t.keyword, t.operatorKeyword, t.definitionKeyword, t.controlKeyword, t.modifier], color: 'var(--mandate)', fontWeight: '600' },
  { tag: [t.string, t.literal, t.number, t.bool], color: 'var(--safeguard)' },
  { tag: [t.variableName, t.special(t.variableName)], color: 'var(--power)' },
  { tag: [t.atom, t.namespace, t.url, t.typeName, t.className], color: 'var(--actor)' },
  { tag: [t.propertyName, t.function(t.variableName)], color: 'var(--ink)' },
  { tag: [t.meta], color: 'var(--ink-2)' },
]);

const look = EditorView.theme({
  '&': { fontSize: 'var(--t-2)', backgroundColor: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--rule-strong)' },
  '&.cm-focused': { outline: '2px solid var(--ink)', outlineOffset: '2px', boxShadow: '0 0 0 6px var(--halo)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.65', maxHeight: '36rem', minHeight: '9rem' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '.5rem 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sheet)', color: 'var(--ink-3)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--marker-soft)' },
  '.cm-activeLineGutter': { color: 'var(--ink-2)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { backgroundColor: 'var(--marker)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--marker)', color: 'inherit' },
  // The wave under a finding is drawn by the type, not by a picture.
  '.cm-lintRange': { backgroundImage: 'none !important', paddingBottom: '0' },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--violated) 1px', textUnderlineOffset: '.25em' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--untold) 1px', textUnderlineOffset: '.25em' },
  '.cm-tooltip': { backgroundColor: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--rule-strong)', fontFamily: 'var(--sans)', maxWidth: '26rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--marker)', color: 'var(--ink)' },
  '.cm-completionDetail': { color: 'var(--ink-2)', fontStyle: 'normal' },
  '.cm-panels': { backgroundColor: 'var(--wash)', color: 'var(--ink)', fontFamily: 'var(--sans)' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { backgroundColor: 'var(--marker)' },
  '.cm-panel.cm-panel-lint ul': { maxHeight: '10rem' },
  '.cm-diagnostic': { borderLeft: '4px solid var(--rule-strong)', whiteSpace: 'normal' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--violated)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--untold)' },
  '.cm-diagnosticSource': { opacity: '1' },
  '.cm-marks': { width: '1.7rem' },
  '.cm-marks .cm-gutterElement': { display: 'grid', placeItems: 'center', cursor: 'pointer' },
});

class Margin extends GutterMarker {
  constructor(
    readonly code: string,
    readonly title: string,
  ) {
    super();
  }
  override eq(other: Margin): boolean {
    return other.code === this.code && other.title === this.title;
  }
  override toDOM(): Node {
    const span = document.createElement('span');
    span.className = `g v-${this.code}`;
    span.title = this.title;
    span.append(mark(this.code));
    return span;
  }
}

const setMargin = StateEffect.define<RangeSet<Margin>>();
const margin = StateField.define<RangeSet<Margin>>({
  create: () => RangeSet.empty,
  update(found, change) {
    let next = found.map(change.changes);
    for (const effect of change.effects) if (effect.is(setMargin)) next = effect.value;
    return next;
  },
});

const GRAVEST = ['structure', 'violated', 'contested', 'untold', 'person', 'satisfied', 'na'];
const ASKING = new Set(['structure', 'violated', 'contested', 'untold', 'person']);

interface Term {
  name: string;
  label: string;
  kind: string;
}
const terms = new Map<string, Promise<Term[]>>();

/** Offer the terms of the model by name and by label; in YAML by its words. */
async function complete(context: CompletionContext, form: string): Promise<CompletionResult | null> {
  const typed = context.matchBefore(/[\p{L}\w-]+:?[\w-]*/u);
  if (!typed || (typed.from === typed.to && !context.explicit) || (typed.text.length < 2 && !context.explicit)) return null;
  const known =
    terms.get(form) ??
    fetch(`/api/terms?lang=${document.documentElement.lang}&form=${form}`).then((answer) => (answer.ok ? (answer.json() as Promise<Term[]>) : []));
  terms.set(form, known);
  const wanted = fold(typed.text);
  const options: Completion[] = (await known)
    .filter((term) => fold(term.name).includes(wanted) || fold(term.label).includes(wanted))
    .slice(0, 40)
    .map((term) => ({ label: term.name, detail: term.label, type: term.kind }));
  return options.length ? { from: typed.from, options, filter: false } : null;
}

/** Put an editor in the place of the field in a box with data-editor. */
export function edit(box: HTMLElement, language: Extension, run: () => void, offer?: CompletionSource): Editor {
  const field = box.querySelector('textarea');
  if (!field) throw new Error('an editor needs a text field to stand in for');
  const label = document.querySelector<HTMLLabelElement>(`label[for="${field.id}"]`);
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  let found: Finding[] = [];
  const tongue = new Compartment();
  let form = box.dataset['editor'] ?? '';
  const view: EditorView = new EditorView({
    parent: box,
    doc: field.value,
    extensions: [
      EditorView.cspNonce.of(nonce),
      EditorView.contentAttributes.of({
        'aria-label': label?.textContent?.trim() || field.getAttribute('aria-label') || field.value.slice(0, 20),
        'aria-describedby': field.getAttribute('aria-describedby') ?? '',
        tabindex: '0', // the box scrolls, so it must be known to take focus
      }),
      margin,
      gutter({
        class: 'cm-marks',
        markers: (shown) => shown.state.field(margin),
        domEventHandlers: {
          click(shown, block) {
            const line = shown.state.doc.lineAt(block.from).number;
            const first = found.find((one) => one.line === line && one.anchor);
            if (first) openCard(first.anchor);
            return Boolean(first);
          },
        },
      }),
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      EditorState.tabSize.of(2),
      bracketMatching(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      tongue.of(language),
      syntaxHighlighting(colours),
      autocompletion({ override: [offer ?? ((context) => complete(context, form))], icons: false }),
      // Before the default keys, which insert an empty line at Ctrl+Enter. Tab is left alone, so that it leaves.
      Prec.high(keymap.of([{ key: 'Mod-Enter', run: () => (run(), true) }])),
      keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
      EditorView.lineWrapping,
      // Typing over a selection, Chromium would keep the look of what it replaces with a style attribute, which the
      // policy blocks. So the text is put in here, and the browser changes nothing itself.
      EditorView.domEventHandlers({
        beforeinput(event, shown) {
          if (event.inputType !== 'insertText' || !event.data || shown.composing || shown.state.selection.main.empty) return false;
          event.preventDefault();
          shown.dispatch({ ...shown.state.replaceSelection(event.data), userEvent: 'input.type', scrollIntoView: true });
          return true;
        },
      }),
      look,
      EditorView.updateListener.of((update) => {
        if (update.docChanged) field.value = update.state.doc.toString();
      }),
    ],
  });
  field.hidden = true;
  // Lines were measured before the letters had come.
  void document.fonts.ready.then(() => view.requestMeasure());
  label?.addEventListener('click', () => view.focus());

  function show(findings: Finding[]): void {
    found = findings.filter((one) => one.line >= 1 && one.line <= view.state.doc.lines);
    const byLine = new Map<number, Finding[]>();
    for (const one of found) byLine.set(one.line, [...(byLine.get(one.line) ?? []), one]);
    const marks = [...byLine].map(([line, ones]) => {
      const gravest = [...ones].sort((a, b) => GRAVEST.indexOf(a.code) - GRAVEST.indexOf(b.code))[0] as Finding;
      const code = gravest.code === 'structure' ? 'violated' : gravest.code;
      const title = ones.map((one) => [one.rule, one.text].filter(Boolean).join(' ')).join('\n');
      return new Margin(code, title).range(view.state.doc.line(line).from);
    });
    const diagnostics: Diagnostic[] = found
      .filter((one) => ASKING.has(one.code))
      .map((one) => {
        const line = view.state.doc.line(one.line);
        const start = line.from + (/^\s*/.exec(line.text)?.[0].length ?? 0);
        return {
          from: start,
          to: Math.max(start, line.to),
          severity: one.code === 'violated' || one.code === 'structure' ? 'error' : 'warning',
          message: [one.rule, one.text].filter(Boolean).join(' '),
        };
      });
    view.dispatch({ effects: setMargin.of(RangeSet.of(marks, true)) });
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }

  function goTo(number: number, column = 1): void {
    const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
    const place = Math.min(line.from + column - 1, line.to);
    view.dispatch({ selection: { anchor: place }, effects: EditorView.scrollIntoView(place, { y: 'center' }) });
    view.focus();
  }

  /** Put another text in place of this one, changing only what differs, so that it can be undone and the place kept. */
  function write(text: string): void {
    const old = view.state.doc.toString();
    let from = 0;
    while (from < old.length && from < text.length && old[from] === text[from]) from += 1;
    let end = 0;
    while (end < old.length - from && end < text.length - from && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
    if (old !== text) view.dispatch({ changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) } });
  }

  function speak(next: Extension, name: string): void {
    form = name;
    view.dispatch({ effects: tongue.reconfigure(next) });
  }

  return { view, text: field, show, goTo, write, speak };
}

/** Open the card of a verdict and go there. */
export function openCard(anchor: string): void {
  const card = document.getElementById(anchor);
  if (!card) return;
  for (let part: Element | null = card; part; part = part.parentElement) if (part instanceof HTMLDetailsElement) part.open = true;
  card.scrollIntoView({ block: 'start' });
  card.querySelector<HTMLElement>('summary')?.focus({ preventScroll: true });
}

export { turtle };
