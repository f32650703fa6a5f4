import { formatFloat } from '../text/format-float.ts';
import { isPrintable, quote, quoteWith } from '../text/quote.ts';
import { bytesOf, isAscii } from '../text/utf8.ts';
import { type Directive, pad } from './directive.ts';

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const PREFIXES: Readonly<Record<string, string>> = { b: '0b', o: '0', O: '0o', x: '0x', X: '0X' };

/** An integer for a verb; undefined when the verb is not for integers. */
export function formatInteger(value: bigint, verb: string, directive: Directive): string | undefined {
  const base = BASES[verb];
  if (base !== undefined) return paddedInteger(value, base, verb, directive);
  switch (verb) {
    case 'c':
      return pad(runeOf(value), directive);
    case 'q':
      return pad(quoteWith(runeOf(value), "'", directive.plus), directive);
    case 'U':
      return pad(unicodeName(value, directive), { ...directive, zero: false });
    default:
      return undefined;
  }
}

function paddedInteger(value: bigint, base: number, verb: string, directive: Directive): string {
  const { precision, width, minus, zero } = directive;
  let digits = (value < 0n ? -value : value).toString(base);
  if (verb === 'X') digits = digits.toUpperCase();
  if (precision === 0 && value === 0n) return pad('', { ...directive, zero: false });
  const sign = value < 0n ? '-' : directive.plus ? '+' : directive.space ? ' ' : '';
  const least = precision ?? (zero && !minus && width !== undefined ? width - (sign === '' ? 0 : 1) : 0);
  digits = digits.padStart(least, '0');
  let prefix = directive.sharp || verb === 'O' ? (PREFIXES[verb] ?? '') : '';
  if (prefix === '0' && digits.startsWith('0')) prefix = '';
  return pad(sign + prefix + digits, { ...directive, zero: false });
}

function runeOf(value: bigint): string {
  const isValid = value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn);
  return isValid ? String.fromCodePoint(Number(value)) : '\ufffd';
}

function unicodeName(value: bigint, { sharp, precision }: Directive): string {
  const digits = BigInt.asUintN(64, value)
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(precision ?? 4, 4), '0');
  const rune = runeOf(value);
  const shown = sharp && value <= 0x10ffffn && isPrintable(rune) ? ` '${rune}'` : '';
  return `U+${digits}${shown}`;
}

/** A float for a verb; undefined when the verb is not for floats. */
export function formatFloatVerb(value: number, verb: string, directive: Directive): string | undefined {
  if (verb === 'x' || verb === 'X') return pad(hexadecimalFloat(value, verb), directive);
  const shape = { v: 'g', g: 'g', G: 'G', e: 'e', E: 'E', f: 'f', F: 'f' }[verb];
  if (shape === undefined) return undefined;
  const byDefault = shape === 'g' || shape === 'G' ? -1 : 6;
  const text = formatFloat(value, shape, directive.precision ?? byDefault);
  const isSigned = text.startsWith('-') || text.startsWith('+');
  const size = isSigned ? text.slice(1) : text;
  const isNegative = text.startsWith('-');
  const isOrdinary = Number.isFinite(value);
  const isInfinite = !isOrdinary && !Number.isNaN(value);
  const sign = isNegative
    ? '-'
    : directive.plus || (isInfinite && text.startsWith('+'))
      ? '+'
      : directive.space
        ? ' '
        : '';
  if (!isOrdinary) return pad(sign + size, { ...directive, zero: false });
  if (!directive.zero || directive.minus || directive.width === undefined) return pad(sign + size, directive);
  return sign + pad(size, { ...directive, width: directive.width - sign.length });
}

/** A float as `0x1.8p+01`: the fewest digits that are exact. */
function hexadecimalFloat(value: number, verb: string): string {
  if (!Number.isFinite(value)) return formatFloat(value, 'g', -1);
  const size = Math.abs(value);
  let exponent = size === 0 ? 0 : Math.floor(Math.log2(size));
  // the logarithm of a number just below a power of two can round up to it
  if (size !== 0 && size < 2 ** exponent) exponent--;
  const fraction = size === 0 ? 0 : size / 2 ** exponent - 1;
  const digits = BigInt(fraction * 2 ** 52)
    .toString(16)
    .padStart(13, '0')
    .replace(/0+$/, '');
  const lead = size === 0 ? '0' : '1';
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const text = `${value < 0 ? '-' : ''}0x${lead}${digits === '' ? '' : `.${digits}`}p${power}`;
  return verb === 'X' ? text.toUpperCase() : text;
}

/** A string for a verb; undefined when the verb is not for strings. */
export function formatString(value: string, verb: string, directive: Directive): string | undefined {
  switch (verb) {
    case 'v':
      return directive.sharp ? pad(quote(value), directive) : pad(truncated(value, directive), directive);
    case 's':
      return pad(truncated(value, directive), directive);
    case 'q':
      return pad(quotedString(truncated(value, directive), directive), directive);
    case 'x':
    case 'X':
      return pad(hexadecimal(value, verb, directive), directive);
    default:
      return undefined;
  }
}

/** Precision is the number of characters to keep. */
function truncated(value: string, { precision }: Directive): string {
  if (precision === undefined || value.length <= precision) return value;
  return isAscii(value) ? value.slice(0, precision) : [...value].slice(0, precision).join('');
}

function quotedString(value: string, { sharp, plus }: Directive): string {
  // a raw literal cannot hold backquotes or control characters other than tabs
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what such a literal cannot hold
  if (sharp && !/[`\0-\x08\x0a-\x1f\x7f\ufeff]/.test(value) && value.isWellFormed()) return `\`${value}\``;
  return plus ? quoteWith(value, '"', true) : quote(value);
}

function hexadecimal(value: string, verb: string, { sharp, space, precision }: Directive): string {
  const bytes = bytesOf(value).subarray(0, precision);
  const prefix = sharp ? `0${verb}` : '';
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const text = (verb === 'X' ? pairs.map((pair) => pair.toUpperCase()) : pairs).join(space ? ` ${prefix}` : '');
  return text === '' ? '' : prefix + text;
}
