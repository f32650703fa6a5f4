/** One instruction of a compiled pattern. The last one of a program is always `match`. */
export type Instruction =
  | { readonly op: 'char'; readonly accepts: (char: string) => boolean }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'start' | 'end' | 'boundary' | 'match' };

/** A compiled pattern. */
export type Program = readonly Instruction[];

/** A pattern that cannot be used; the message goes into a sentence on the path that holds it. */
export class PatternProblem extends Error {}

const MAX_PATTERN = 256;
const MAX_PROGRAM = 1000;
const MAX_REPEAT = 100;
const MAX_NESTING = 20;

/** Code whose jumps count from its own beginning, so that it can be repeated and moved. */
type Fragment = readonly Instruction[];
type Accepts = (char: string) => boolean;

const CLASSES: Readonly<Record<string, Accepts>> = {
  d: (char) => /\d/.test(char),
  D: (char) => /\D/.test(char),
  w: (char) => /\w/.test(char),
  W: (char) => /\W/.test(char),
  s: (char) => /\s/.test(char),
  S: (char) => /\S/.test(char),
};
const CONTROL: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };

/**
 * Compiles the part of RE2's language that selectors need: literals, `.`, classes, groups, `|`, `* + ? {m,n}`, anchors.
 * @throws {PatternProblem}
 */
export function compilePattern(pattern: string): Program {
  if (pattern.length > MAX_PATTERN) throw new PatternProblem(`the pattern is longer than ${MAX_PATTERN} characters`);
  const reader: Reader = { pattern, position: 0, nesting: 0 };
  const fragment = readAlternatives(reader);
  if (reader.position < pattern.length) throw new PatternProblem('the pattern has a ")" without its "("');
  return [...fragment, { op: 'match' }];
}

interface Reader {
  readonly pattern: string;
  position: number;
  nesting: number;
}

function readAlternatives(reader: Reader): Fragment {
  let fragment = readSequence(reader);
  while (peek(reader) === '|') {
    reader.position += 1;
    fragment = either(fragment, readSequence(reader));
  }
  return fragment;
}

function readSequence(reader: Reader): Fragment {
  let fragment: Fragment = [];
  for (let char = peek(reader); char !== undefined && char !== '|' && char !== ')'; char = peek(reader)) {
    fragment = sequence(fragment, readRepeat(reader, readAtom(reader)));
  }
  return fragment;
}

function readAtom(reader: Reader): Fragment {
  const char = take(reader);
  switch (char) {
    case '(':
      return readGroup(reader);
    case '[':
      return [{ op: 'char', accepts: readClass(reader) }];
    case '.':
      return [{ op: 'char', accepts: (other) => other !== '\n' }];
    case '^':
      return [{ op: 'start' }];
    case '$':
      return [{ op: 'end' }];
    case '\\':
      return readEscape(reader);
    case '*':
    case '+':
    case '?':
      throw new PatternProblem(`the pattern has "${char}" with nothing to repeat`);
    default:
      return [{ op: 'char', accepts: (other) => other === char }];
  }
}

function readGroup(reader: Reader): Fragment {
  if (reader.nesting >= MAX_NESTING) throw new PatternProblem('the pattern has too many nested groups');
  if (reader.pattern.startsWith('?:', reader.position)) reader.position += 2;
  else if (peek(reader) === '?') throw new PatternProblem('the pattern uses "(?", of which only "(?:" is supported');
  reader.nesting += 1;
  const fragment = readAlternatives(reader);
  reader.nesting -= 1;
  if (take(reader) !== ')') throw new PatternProblem('the pattern has a "(" without its ")"');
  return fragment;
}

function readEscape(reader: Reader): Fragment {
  if (peek(reader) === 'b') {
    reader.position += 1;
    return [{ op: 'boundary' }];
  }
  return [{ op: 'char', accepts: escapedClass(reader) }];
}

/** What stands after a backslash, as a set of characters. */
function escapedClass(reader: Reader): Accepts {
  const char = take(reader);
  if (char === undefined) throw new PatternProblem('the pattern ends with a backslash');
  const set = Object.hasOwn(CLASSES, char) ? CLASSES[char] : undefined;
  if (set !== undefined) return set;
  const literal = Object.hasOwn(CONTROL, char) ? CONTROL[char] : char;
  if (literal === char && /[A-Za-z0-9]/.test(char))
    throw new PatternProblem(`the pattern uses "\\${char}", which is not supported`);
  return (other) => other === literal;
}

function readClass(reader: Reader): Accepts {
  const negated = peek(reader) === '^';
  if (negated) reader.position += 1;
  const parts: Accepts[] = [];
  for (let first = true; first || peek(reader) !== ']'; first = false) {
    parts.push(readClassPart(reader));
  }
  reader.position += 1;
  return (char) => parts.some((accepts) => accepts(char)) !== negated;
}

function readClassPart(reader: Reader): Accepts {
  const from = take(reader);
  if (from === undefined) throw new PatternProblem('the pattern has a "[" without its "]"');
  if (from === '[' && peek(reader) === ':') throw new PatternProblem('the pattern uses "[[:", which is not supported');
  if (from === '\\') return escapedClass(reader);
  const next = reader.pattern[reader.position + 1];
  if (peek(reader) !== '-' || next === undefined || next === ']') return (char) => char === from;
  reader.position += 2;
  const to = next === '\\' ? (take(reader) ?? '') : next;
  if (to < from) throw new PatternProblem(`the pattern has the empty range ${from}-${to}`);
  return (char) => char >= from && char <= to;
}

function readRepeat(reader: Reader, fragment: Fragment): Fragment {
  let repeated = fragment;
  for (;;) {
    const limits = readLimits(reader);
    if (limits === undefined) return repeated;
    // `*?` prefers fewer; whether there is a match at all does not depend on it
    if (peek(reader) === '?') reader.position += 1;
    repeated = repeat(repeated, limits.min, limits.max);
  }
}

function readLimits(reader: Reader): { readonly min: number; readonly max: number } | undefined {
  const simple = { '*': { min: 0, max: Infinity }, '+': { min: 1, max: Infinity }, '?': { min: 0, max: 1 } };
  const char = peek(reader);
  if (char === '*' || char === '+' || char === '?') {
    reader.position += 1;
    return simple[char];
  }
  const counted = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(reader.pattern.slice(reader.position, reader.position + 12));
  if (counted === null) return undefined;
  reader.position += counted[0].length;
  const min = Number(counted[1]);
  const max = counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3]);
  if (Math.max(min, max === Infinity ? 0 : max) > MAX_REPEAT || max < min) {
    throw new PatternProblem(`the pattern repeats ${counted[0]}, which is out of range`);
  }
  return { min, max };
}

function repeat(fragment: Fragment, min: number, max: number): Fragment {
  let repeated: Fragment = [];
  for (let count = 0; count < min; count++) repeated = sequence(repeated, fragment);
  if (max === Infinity) return sequence(repeated, anyNumber(fragment));
  for (let count = min; count < max; count++) repeated = sequence(repeated, either(fragment, []));
  return repeated;
}

function anyNumber(fragment: Fragment): Fragment {
  const end = fragment.length + 2;
  return bounded([{ op: 'split', first: 1, second: end }, ...moved(fragment, 1), { op: 'jump', to: 0 }]);
}

function either(a: Fragment, b: Fragment): Fragment {
  const second = a.length + 2;
  const end = second + b.length;
  return bounded([{ op: 'split', first: 1, second }, ...moved(a, 1), { op: 'jump', to: end }, ...moved(b, second)]);
}

function sequence(a: Fragment, b: Fragment): Fragment {
  return bounded([...a, ...moved(b, a.length)]);
}

function moved(fragment: Fragment, by: number): Fragment {
  return fragment.map((instruction) => {
    if (instruction.op === 'jump') return { op: 'jump', to: instruction.to + by };
    if (instruction.op !== 'split') return instruction;
    return { op: 'split', first: instruction.first + by, second: instruction.second + by };
  });
}

function bounded(fragment: Fragment): Fragment {
  if (fragment.length > MAX_PROGRAM) throw new PatternProblem('the pattern is too large');
  return fragment;
}

function peek(reader: Reader): string | undefined {
  return reader.pattern[reader.position];
}

function take(reader: Reader): string | undefined {
  const char = reader.pattern[reader.position];
  reader.position += 1;
  return char;
}
