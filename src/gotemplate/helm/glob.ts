import { TemplateProblem } from '../template-error.ts';

/** One thing that a pattern asks for at a position. */
type Part =
  | { readonly kind: 'one'; readonly accepts: (char: string) => boolean }
  | { readonly kind: 'star' | 'doubleStar' };

const MAX_PATTERN = 1024;
const MAX_ALTERNATIVES = 256;

/**
 * A test for paths against a glob: `*` and `?` stay in a folder, `**` does not, `[a-z]`, `[!a-z]` and `{a,b}` choose.
 * Its time is bounded by pattern length times path length.
 * @throws {TemplateProblem}
 */
export function compileGlob(pattern: string): (path: string) => boolean {
  if (pattern.length > MAX_PATTERN) throw new TemplateProblem('the pattern is too long');
  const alternatives = expandBraces(pattern).map(partsOf);
  return (path) => alternatives.some((parts) => matches(parts, path));
}

function expandBraces(pattern: string): readonly string[] {
  let open = [pattern];
  for (;;) {
    if (open.length > MAX_ALTERNATIVES) throw new TemplateProblem('the pattern has too many alternatives');
    const next = open.flatMap((one) => {
      const group = /\{([^{}]*)\}/.exec(one);
      if (group === null) return [one];
      const [before, after] = [one.slice(0, group.index), one.slice(group.index + group[0].length)];
      return (group[1] ?? '').split(',').map((choice) => before + choice + after);
    });
    if (next.length === open.length && next.every((one, index) => one === open[index])) return open;
    open = next;
  }
}

function partsOf(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at] ?? '';
    const group = char === '[' ? /^\[(!?)([^\]]+)\]/.exec(pattern.slice(at)) : null;
    if (group !== null) {
      parts.push({ kind: 'one', accepts: classTest(group[2] ?? '', group[1] === '!') });
      at += group[0].length;
    } else if (char === '*') {
      const isDouble = pattern[at + 1] === '*';
      parts.push({ kind: isDouble ? 'doubleStar' : 'star' });
      at += isDouble ? 2 : 1;
    } else {
      const literal = char === '\\' ? (pattern[++at] ?? '') : char;
      parts.push({ kind: 'one', accepts: char === '?' ? (other) => other !== '/' : (other) => other === literal });
      at += 1;
    }
  }
  return parts;
}

function classTest(body: string, isNegated: boolean): (char: string) => boolean {
  const range = /^(.)-(.)$/.exec(body);
  const [from, to] = [range?.[1] ?? '', range?.[2] ?? ''];
  const accepts = (char: string) => (range === null ? body.includes(char) : char >= from && char <= to);
  return (char) => accepts(char) !== isNegated;
}

/** Follows all ways to match side by side: `reached` are the parts that the path so far can stand before. */
function matches(parts: readonly Part[], path: string): boolean {
  let reached = closure(new Set([0]), parts);
  for (const char of path) {
    const next = new Set<number>();
    for (const at of reached) {
      const part = parts[at];
      if (part?.kind === 'one' && part.accepts(char)) next.add(at + 1);
      else if (part?.kind === 'doubleStar' || (part?.kind === 'star' && char !== '/')) next.add(at);
    }
    reached = closure(next, parts);
  }
  return reached.has(parts.length);
}

function closure(reached: Set<number>, parts: readonly Part[]): Set<number> {
  // a set that grows while it is walked is walked to its end
  for (const at of reached) if (parts[at] !== undefined && parts[at].kind !== 'one') reached.add(at + 1);
  return reached;
}
