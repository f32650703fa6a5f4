import { perlClass, unicodeClass } from './char-class.ts';
import { type Assertion, type CharTest, RegexpProblem } from './syntax.ts';

/** What a backslash begins: a character, a class of them or an assertion. */
export interface Escape {
  readonly end: number;
  readonly accepts: CharTest;
  /** The one character that it stands for. */
  readonly rune?: string;
  readonly assertion?: Assertion;
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\u0007',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'textStart',
  z: 'textEnd',
  b: 'boundary',
  B: 'noBoundary',
};

/** Reads the escape at `at`, which is the backslash. */
export function readEscape(runes: readonly string[], at: number, isInClass = false): Escape {
  const letter = runes[at + 1];
  if (letter === undefined) throw new RegexpProblem('trailing backslash at end of expression', '');
  const end = at + 2;
  const never = () => false;
  const assertion = !isInClass && Object.hasOwn(ASSERTIONS, letter) ? ASSERTIONS[letter] : undefined;
  if (assertion !== undefined) return { end, accepts: never, assertion };
  const accepts = perlClass(letter);
  if (accepts !== undefined) return { end, accepts };
  if (letter === 'p' || letter === 'P') return unicodeEscape(runes, at);
  return runeEscape(runes, at, letter);
}

function unicodeEscape(runes: readonly string[], at: number): Escape {
  const isUpper = runes[at + 1] === 'P';
  const close = runes[at + 2] === '{' ? runes.indexOf('}', at) : at + 2;
  const end = close + 1;
  const part = runes.slice(at, close < 0 ? undefined : end).join('');
  const [negation, name] = /^\\[pP]\{?(\^?)([^}]*)\}?$/.exec(part)?.slice(1) ?? [];
  if (close < 0 || name === undefined || name === '') throw new RegexpProblem('invalid character class range', part);
  return { end, accepts: unicodeClass(name, isUpper !== (negation === '^'), part) };
}

function runeEscape(runes: readonly string[], at: number, letter: string): Escape {
  const one = (rune: string, end: number): Escape => ({ end, rune, accepts: (other) => other === rune });
  const control = Object.hasOwn(CONTROLS, letter) ? CONTROLS[letter] : undefined;
  if (control !== undefined) return one(control, at + 2);
  const rest = runes.slice(at + 1, at + 12).join('');
  const hexadecimal = /^x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,8})\})/.exec(rest);
  if (hexadecimal !== null) {
    const code = Number.parseInt(hexadecimal[1] ?? hexadecimal[2] ?? '', 16);
    if (code <= 0x10ffff) return one(String.fromCodePoint(code), at + 1 + hexadecimal[0].length);
  }
  const octal = /^(?:[1-7][0-7]{1,2}|0[0-7]{0,2})/.exec(rest);
  if (octal !== null) return one(String.fromCharCode(Number.parseInt(octal[0], 8)), at + 1 + octal[0].length);
  // punctuation stands for itself
  if (/^[!-/:-@[-`{-~]$/.test(letter)) return one(letter, at + 2);
  throw new RegexpProblem('invalid escape sequence', `\\${letter}`);
}
