import { type CharTest, RegexpProblem } from './syntax.ts';

const PERL: Readonly<Record<string, CharTest>> = {
  d: (rune) => rune >= '0' && rune <= '9' && rune.length === 1,
  w: (rune) => /^[0-9A-Za-z_]$/.test(rune),
  s: (rune) => /^[\t\n\f\r ]$/.test(rune),
};

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /^[0-9A-Za-z]$/,
  alpha: /^[A-Za-z]$/,
  ascii: /^[\0-\x7f]$/,
  blank: /^[\t ]$/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is about them
  cntrl: /^[\0-\x1f\x7f]$/,
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[\t\n\v\f\r ]$/,
  upper: /^[A-Z]$/,
  word: /^[0-9A-Za-z_]$/,
  xdigit: /^[0-9A-Fa-f]$/,
};

/** The test of `\d`, `\W` and so on; undefined for other letters. */
export function perlClass(letter: string): CharTest | undefined {
  const test = Object.hasOwn(PERL, letter.toLowerCase()) ? PERL[letter.toLowerCase()] : undefined;
  if (test === undefined) return undefined;
  return letter === letter.toLowerCase() ? test : (rune) => !test(rune);
}

/** The test of `[:alpha:]` by its name, which may begin with `^`; undefined for other names. */
export function posixClass(name: string): CharTest | undefined {
  const isNegated = name.startsWith('^');
  const key = isNegated ? name.slice(1) : name;
  const pattern = Object.hasOwn(POSIX, key) ? POSIX[key] : undefined;
  return pattern === undefined ? undefined : (rune) => pattern.test(rune) !== isNegated;
}

/** The test of `\pL` or `\p{Greek}`. `part` is the whole of it, for the message. */
export function unicodeClass(name: string, isNegated: boolean, part: string): CharTest {
  if (name === 'Any') return () => !isNegated;
  // only letters and underscores reach JavaScript's own syntax
  const property = /^[A-Za-z_]+$/.test(name) ? propertyPattern(name) : undefined;
  if (property === undefined) throw new RegexpProblem('invalid character class range', part);
  return (rune) => property.test(rune) !== isNegated;
}

function propertyPattern(name: string): RegExp | undefined {
  for (const property of [`General_Category=${name}`, `Script=${name}`]) {
    try {
      return new RegExp(`^\\p{${property}}$`, 'u');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/** A test that takes letters in either case. */
export function ignoringCase(test: CharTest): CharTest {
  return (rune) => test(rune) || test(rune.toLowerCase()) || test(rune.toUpperCase());
}
