/**
 * Formats a float as Go's strconv does.
 * @param verb - `e`, `f`, `g` and their upper case forms.
 * @param precision - digits; negative for the fewest that read back as the same number.
 */
export function formatFloat(value: number, verb: string, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const isNegative = value < 0 || Object.is(value, -0);
  const size = Math.abs(value);
  const lower = verb.toLowerCase();
  const body =
    lower === 'f' ? fixed(size, precision) : lower === 'e' ? scientific(size, precision) : general(size, precision);
  return (isNegative ? '-' : '') + (verb === lower ? body : body.toUpperCase());
}

function fixed(size: number, precision: number): string {
  if (precision >= 0) return exactFixed(size, precision);
  const { digits, exponent } = shortest(size);
  return placePoint(digits, exponent);
}

/** JavaScript rounds ties up, Go to even; floats are exact fractions, so bigints can tell a tie. */
function exactFixed(size: number, precision: number): string {
  const scaled = scaledInteger(size, precision).toString();
  return placePoint(scaled, scaled.length - 1 - precision, precision);
}

/** round-half-even(size × 10^decimals), exactly. */
function scaledInteger(size: number, decimals: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, size);
  const raw = bits.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & ((1n << 52n) - 1n);
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const power = (biased === 0 ? 1 : biased) - 1075;
  const numerator = mantissa * 10n ** BigInt(decimals) * (power > 0 ? 1n << BigInt(power) : 1n);
  const denominator = power < 0 ? 1n << BigInt(-power) : 1n;
  const [whole, rest] = [numerator / denominator, (numerator % denominator) * 2n];
  const isUp = rest > denominator || (rest === denominator && whole % 2n === 1n);
  return isUp ? whole + 1n : whole;
}

interface Decimal {
  readonly digits: string;
  /** The power of ten of the first digit. */
  readonly exponent: number;
}

function shortest(size: number): Decimal {
  const [mantissa = '0', exponent = '0'] = size.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function withDigits(size: number, count: number): Decimal {
  const { exponent } = shortest(size);
  const decimals = count - 1 - exponent;
  if (decimals >= 0) {
    const digits = scaledInteger(size, decimals).toString().padStart(count, '0');
    // rounding up can give a digit more
    return { digits: digits.slice(0, count), exponent: exponent + digits.length - count };
  }
  const [mantissa = '0', power = '0'] = size.toExponential(count - 1).split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(power) };
}

function placePoint(digits: string, exponent: number, decimals = -1): string {
  const padded = exponent < 0 ? '0'.repeat(-exponent) + digits : digits.padEnd(exponent + 1, '0');
  const point = Math.max(exponent, 0) + 1;
  const [whole, fraction] = [padded.slice(0, point), padded.slice(point)];
  const behind = decimals < 0 ? fraction : fraction.slice(0, decimals).padEnd(decimals, '0');
  return behind === '' ? whole : `${whole}.${behind}`;
}

function scientific(size: number, precision: number): string {
  const { digits, exponent } = precision < 0 ? shortest(size) : withDigits(size, precision + 1);
  return withExponent(digits, exponent);
}

function withExponent(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function general(size: number, precision: number): string {
  const isShortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const found = isShortest ? shortest(size) : withDigits(size, wanted);
  const digits = found.digits.replace(/0+$/, '') || '0';
  let limit = isShortest ? SHORTEST_LIMIT : wanted;
  if (!isShortest && limit > digits.length && digits.length > found.exponent) limit = digits.length;
  const isLong = found.exponent < -4 || found.exponent >= limit;
  return isLong ? withExponent(digits, found.exponent) : placePoint(digits, found.exponent);
}

/** From this power of ten on, the shortest form of a number is written with an exponent. */
const SHORTEST_LIMIT = 6;
