import { formatValue } from '../fmt/format-value.ts';
import { TemplateProblem } from '../template-error.ts';

/**
 * Sums and products of floats without the rounding errors of floats, as sprig computes them: on the shortest decimal
 * form of each number.
 */
interface Decimal {
  readonly digits: bigint;
  /** The value is digits × 10^exponent. */
  readonly exponent: number;
}

/** Digits behind the point that a division keeps. */
const DIVISION_DIGITS = 16;

export function addDecimals(values: readonly number[]): number {
  return fold(values, add);
}

export function subtractDecimals(values: readonly number[]): number {
  return fold(values, (a, b) => add(a, { ...b, digits: -b.digits }));
}

export function multiplyDecimals(values: readonly number[]): number {
  return fold(values, (a, b) => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent }));
}

/** @throws {TemplateProblem} when a divisor is zero. */
export function divideDecimals(values: readonly number[]): number {
  return fold(values, divide);
}

function fold(values: readonly number[], combine: (a: Decimal, b: Decimal) => Decimal): number {
  const [first = 0, ...rest] = values;
  const result = rest.reduce((left, value) => combine(left, decimalOf(value)), decimalOf(first));
  return Number(`${result.digits}e${result.exponent}`);
}

function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new TemplateProblem(`Cannot create a Decimal from ${formatValue(value)}`);
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: scaled(a, exponent) + scaled(b, exponent), exponent };
}

function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}

/** Rounded half away from zero. */
function divide(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) throw new TemplateProblem('decimal division by 0');
  const shift = a.exponent - b.exponent + DIVISION_DIGITS;
  const numerator = shift > 0 ? a.digits * 10n ** BigInt(shift) : a.digits;
  const denominator = shift < 0 ? b.digits * 10n ** BigInt(-shift) : b.digits;
  const [size, by] = [absolute(numerator), absolute(denominator)];
  const quotient = (size * 2n + by) / (by * 2n);
  const isNegative = numerator < 0n !== denominator < 0n;
  return { digits: isNegative ? -quotient : quotient, exponent: -DIVISION_DIGITS };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
