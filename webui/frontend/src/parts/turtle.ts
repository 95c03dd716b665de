/** Colours for Turtle: comments, strings, IRIs, prefixed names, keywords. It parses no further than tokens. */
import { StreamLanguage, type StringStream } from '@codemirror/language';

interface State {
  quote: string; // the mark that ends a long string; '' outside one
}

function inString(stream: StringStream, state: State): string {
  while (!stream.eol()) {
    if (stream.match(state.quote)) {
      state.quote = '';
      return 'string';
    }
    if (stream.next() === '\\') stream.next();
  }
  return 'string';
}

function token(stream: StringStream, state: State): string | null {
  if (state.quote) return inString(stream, state);
  if (stream.eatSpace()) return null;
  const long = stream.match(/^("""|''')/) as RegExpMatchArray | null;
  if (long) {
    state.quote = long[1] ?? '';
    return inString(stream, state);
  }
  if (stream.match(/^("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/)) return 'string';
  if (stream.match(/^#.*/)) return 'comment';
  if (stream.match(/^(@prefix|@base|prefix|base)\b/i)) return 'keyword';
  if (stream.match(/^@[a-z]+(-[a-z0-9]+)*/i)) return 'meta';
  if (stream.match(/^<[^<>"{}|^`\\\s]*>/)) return 'atom';
  if (stream.match(/^(true|false)\b/) || stream.match(/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?/)) return 'number';
  if (stream.match(/^a(?=\s)/)) return 'keyword';
  if (stream.match(/^_:[\w.-]*\w/)) return 'variableName';
  // A property of the model reads as a verb; kinds and values as things.
  const name = stream.match(/^([\w-]*):([\w%-]?[\w.%-]*[\w%-])?/) as RegExpMatchArray | null;
  if (name) return /^[a-z]/.test(name[2] ?? '') && name[1] === 'vrd' ? 'propertyName' : 'atom';
  stream.next();
  return null;
}

export const turtle = StreamLanguage.define<State>({
  name: 'turtle',
  startState: () => ({ quote: '' }),
  copyState: (state) => ({ ...state }),
  token,
  languageData: { commentTokens: { line: '#' } },
});
