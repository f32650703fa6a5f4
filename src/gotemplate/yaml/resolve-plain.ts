import { readFloat, readInt64, readInteger, readUint64 } from '../text/number-syntax.ts';

/** What a plain scalar is in the YAML 1.1 that Kubernetes' own library reads. */
export type PlainScalar =
  | { readonly kind: 'string' | 'null' | 'timestamp' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number };

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:|~|null|Null|NULL)$/;
const INFINITY = /^([+-]?)\.(?:inf|Inf|INF)$/;
const NAN = /^\.(?:nan|NaN|NAN)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const TIMESTAMP =
  /^\d{4}-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})|[ ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?))?$/;

/** Resolves the text of a plain scalar. */
export function resolvePlain(text: string): PlainScalar {
  if (TRUE.test(text)) return { kind: 'bool', value: true };
  if (FALSE.test(text)) return { kind: 'bool', value: false };
  if (NULL.test(text)) return { kind: 'null' };
  const infinity = INFINITY.exec(text);
  if (infinity !== null) return { kind: 'float', value: infinity[1] === '-' ? -Infinity : Infinity };
  if (NAN.test(text)) return { kind: 'float', value: Number.NaN };
  if (text.startsWith('.')) return floatOr(readFloat(text));
  return /^[0-9+-]/.test(text) ? resolveNumber(text) : { kind: 'string' };
}

function floatOr(value: number | undefined): PlainScalar {
  return value === undefined ? { kind: 'string' } : { kind: 'float', value };
}

function resolveNumber(text: string): PlainScalar {
  if (isTimestamp(text)) return { kind: 'timestamp' };
  const plain = text.replaceAll('_', '');
  const value = readInt64(plain, 0) ?? readUint64(plain);
  if (value !== undefined) return { kind: 'int', value };
  if (FLOAT.test(plain)) return floatOr(readFloat(plain));
  // `-0b…` is read by Go with a base of its own, which allows what the usual way does not
  const binary = /^(-?)0b(\d+)$/.exec(plain);
  const digits = binary === null ? undefined : readInteger(`${binary[1]}0b${binary[2]}`);
  return digits === undefined ? { kind: 'string' } : { kind: 'int', value: digits };
}

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (match === null) return false;
  const [, month, day, ...times] = match.map((part) => (part === undefined ? undefined : Number(part)));
  const year = Number(text.slice(0, 4));
  const [hour = 0, minute = 0, second = 0] = times.filter((part) => part !== undefined);
  const days = new Date(Date.UTC(year, month ?? 0, 0)).getUTCDate();
  const isDate = (month ?? 0) >= 1 && (month ?? 0) <= 12 && (day ?? 0) >= 1 && (day ?? 0) <= days;
  return isDate && hour <= 23 && minute <= 59 && second <= 59;
}

/** Whether YAML 1.1 reads the text as a number in base 60, such as `1:30`. */
export function isBase60(text: string): boolean {
  return /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
}
