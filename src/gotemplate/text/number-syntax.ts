const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);
const MAX_UINT64 = (1n << 64n) - 1n;

/** How Go reads integers with base 0: prefixes choose the base, a leading 0 is octal, `_` separates digits. */
const PREFIXED = /^([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]?((?:_?[0-7])+)|(0|[1-9](?:_?[0-9])*))$/;
const DECIMAL = /^[+-]?[0-9]+$/;
const FLOAT = /^[+-]?(?:[0-9]+(?:_[0-9]+)*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?[0-9]+)$/;
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i;

/** The integer of any size that Go's syntax with prefixes gives; undefined when the text is not one. */
export function readInteger(text: string): bigint | undefined {
  const match = PREFIXED.exec(text);
  if (match === null || text.length > 100) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const digits = [
    ['0x', hexadecimal],
    ['0b', binary],
    ['0o', octal],
    ['', decimal],
  ].find(([, found]) => found !== undefined);
  const value = BigInt(`${digits?.[0]}${(digits?.[1] ?? '').replaceAll('_', '')}`);
  return sign === '-' ? -value : value;
}

/** An `int64` in Go's syntax: with prefixes (base 0), or plain decimal digits (base 10). */
export function readInt64(text: string, base: 0 | 10): bigint | undefined {
  const value = base === 0 ? readInteger(text) : readDecimal(text);
  return value !== undefined && value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined;
}

/** A `uint64` in Go's syntax with prefixes; Go allows no sign here. */
export function readUint64(text: string): bigint | undefined {
  const value = /^[+-]/.test(text) ? undefined : readInteger(text);
  return value !== undefined && value <= MAX_UINT64 ? value : undefined;
}

function readDecimal(text: string): bigint | undefined {
  return DECIMAL.test(text) && text.length < 100 ? BigInt(text.replace(/^\+/, '')) : undefined;
}

/** A `float64` in Go's syntax; undefined when the text is not one or is out of range. */
export function readFloat(text: string): number | undefined {
  const special = SPECIAL.exec(text);
  if (special !== null) {
    const size = special[2]?.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
    return special[1] === '-' ? -size : size;
  }
  const hexadecimal = HEX_FLOAT.exec(text);
  const value = hexadecimal === null ? readDecimalFloat(text) : readHexFloat(hexadecimal);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function readDecimalFloat(text: string): number | undefined {
  return FLOAT.test(text) && !text.includes('_') ? Number(text) : undefined;
}

function readHexFloat([, sign, whole = '', fraction = '', exponent]: RegExpExecArray): number | undefined {
  const digits = (whole + fraction).replaceAll('_', '');
  if (digits === '' || digits.length > 100) return undefined;
  const size = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.replaceAll('_', '').length);
  return sign === '-' ? -size : size;
}
