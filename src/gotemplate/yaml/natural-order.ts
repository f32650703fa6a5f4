const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** Orders the keys of a map as Go's YAML library does: numbers in them by their size, letters after everything else. */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    if (x !== y) return compareAt(left, right, i, x, y);
  }
  return left.length - right.length;
}

function compareAt(left: readonly string[], right: readonly string[], at: number, x: string, y: string): number {
  const codes = (x.codePointAt(0) ?? 0) - (y.codePointAt(0) ?? 0);
  const [isLeft, isRight] = [LETTER.test(x), LETTER.test(y)];
  if (isLeft && isRight) return codes;
  if (isLeft || isRight) return isRight ? -1 : 1;
  const lead = hasNumberBefore(left, at, x, y) ? '1' : '';
  const [one, two] = [digitsAt(left, at), digitsAt(right, at)];
  const numbers = numberOf(lead + one.text) - numberOf(lead + two.text);
  if (numbers !== 0n) return numbers < 0n ? -1 : 1;
  return one.end !== two.end ? one.end - two.end : codes;
}

/** Whether a zero here goes on with a number that began before: then it counts. */
function hasNumberBefore(runes: readonly string[], at: number, x: string, y: string): boolean {
  if (x !== '0' && y !== '0') return false;
  for (let i = at - 1; i >= 0 && DIGIT.test(runes[i] ?? ''); i--) if (runes[i] !== '0') return true;
  return false;
}

function digitsAt(runes: readonly string[], at: number): { text: string; end: number } {
  let end = at;
  while (end < runes.length && /^[0-9]$/.test(runes[end] ?? '')) end++;
  return { text: runes.slice(at, end).join(''), end };
}

/** Go adds up the digits in 64 bits. */
function numberOf(digits: string): bigint {
  return digits === '' ? 0n : BigInt.asIntN(64, BigInt(digits));
}
