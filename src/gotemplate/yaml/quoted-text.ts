/** From this column on, a line is broken at its next space. */
const BEST_WIDTH = 80;

/** Where a scalar begins, and how its further lines are indented; `canFold` is false for keys. */
export interface ScalarPlace {
  readonly column: number;
  readonly indent: number;
  readonly canFold: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};
/** What a double-quoted text escapes. Characters above U+FFFF are among it, as libyaml does not count them printable. */
const NEEDS_ESCAPE = /^(?:["\\\u2028\u2029]|[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd])$/u;

/** A text without quotes, folded at spaces. */
export function plainText(text: string, place: ScalarPlace): string {
  return folded([...text], place, { shown: (rune) => rune, isEdgeKept: false, escapesSpace: false });
}

/** A text in single quotes, folded at spaces. */
export function singleQuoted(text: string, place: ScalarPlace): string {
  const shown = (rune: string) => (rune === "'" ? "''" : rune);
  const inner = { ...place, column: place.column + 1 };
  return `'${folded([...text], inner, { shown, isEdgeKept: true, escapesSpace: false })}'`;
}

/** A text in double quotes with escapes, folded at spaces. */
export function doubleQuoted(text: string, place: ScalarPlace): string {
  const inner = { ...place, column: place.column + 1 };
  return `"${folded([...text], inner, { shown: escaped, isEdgeKept: true, escapesSpace: true })}"`;
}

interface Folding {
  readonly shown: (rune: string) => string;
  /** Whether spaces at the beginning and end cannot become line breaks. */
  readonly isEdgeKept: boolean;
  /** Whether a line may begin with a space, behind a backslash. */
  readonly escapesSpace: boolean;
}

function folded(runes: readonly string[], place: ScalarPlace, { shown, isEdgeKept, escapesSpace }: Folding): string {
  let text = '';
  let column = place.column;
  let wasSpace = false;
  runes.forEach((rune, index) => {
    const isEdge = isEdgeKept && (index === 0 || index === runes.length - 1);
    const isNextSpace = runes[index + 1] === ' ';
    const canBreak = place.canFold && rune === ' ' && !wasSpace && column > BEST_WIDTH && !isEdge;
    wasSpace = rune === ' ';
    if (canBreak && (escapesSpace || !isNextSpace)) {
      const lead = isNextSpace ? '\\' : '';
      text += `\n${' '.repeat(place.indent)}${lead}`;
      column = place.indent + lead.length;
      return;
    }
    const part = shown(rune);
    text += part;
    column += [...part].length;
  });
  return text;
}

function escaped(rune: string): string {
  if (!NEEDS_ESCAPE.test(rune)) return rune;
  const known = ESCAPES[rune];
  if (known !== undefined) return known;
  const code = rune.codePointAt(0) ?? 0;
  const [letter, digits] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${letter}${code.toString(16).toUpperCase().padStart(digits, '0')}`;
}
