import { TemplateProblem } from '../template-error.ts';
import { quote } from '../text/quote.ts';

/** A moment and the zone that it is shown in. */
export interface GoTime {
  /** Nanoseconds since 1970 in UTC. */
  readonly nanos: bigint;
  readonly offsetSeconds: number;
  readonly zone: string;
}

const BILLION = 1_000_000_000n;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** The parts of Go's reference time, longest first where one begins another. */
const LAYOUT =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|002|01|02|03|04|05|06|15|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|_2006|_2|PM|pm|[.,]0+(?![0-9])|[.,]9+(?![0-9])|[1-5]/g;

/** The calendar fields of a moment in its zone. */
export function fieldsOf({ nanos, offsetSeconds }: GoTime) {
  const local = nanos + BigInt(offsetSeconds) * BILLION;
  const fraction = ((local % BILLION) + BILLION) % BILLION;
  const date = new Date(Number((local - fraction) / 1_000_000n));
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    fraction,
  };
}

type Fields = ReturnType<typeof fieldsOf>;

/** The seconds since 1970 in UTC. */
export function unixSeconds({ nanos }: GoTime): bigint {
  const rest = nanos % BILLION;
  return (nanos - rest) / BILLION - (rest < 0n ? 1n : 0n);
}

/** Formats a time by a layout that shows how Go's reference time would look. */
export function formatTime(time: GoTime, layout: string): string {
  const fields = fieldsOf(time);
  return layout.replace(LAYOUT, (part) => formatPart(part, fields, time));
}

function formatPart(part: string, fields: Fields, { zone, offsetSeconds }: GoTime): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const twelve = fields.hour % 12 === 0 ? 12 : fields.hour % 12;
  switch (part) {
    case '2006':
      return String(fields.year).padStart(4, '0');
    case '_2006':
      return `_${String(fields.year).padStart(4, '0')}`;
    case '06':
      return two(fields.year % 100);
    case 'January':
      return MONTHS[fields.month - 1] ?? '';
    case 'Jan':
      return (MONTHS[fields.month - 1] ?? '').slice(0, 3);
    case '01':
      return two(fields.month);
    case '1':
      return String(fields.month);
    case 'Monday':
      return DAYS[fields.weekday] ?? '';
    case 'Mon':
      return (DAYS[fields.weekday] ?? '').slice(0, 3);
    case '02':
      return two(fields.day);
    case '_2':
      return String(fields.day).padStart(2, ' ');
    case '2':
      return String(fields.day);
    case '002':
      return String(fields.yearDay).padStart(3, '0');
    case '15':
      return two(fields.hour);
    case '03':
      return two(twelve);
    case '3':
      return String(twelve);
    case '04':
      return two(fields.minute);
    case '4':
      return String(fields.minute);
    case '05':
      return two(fields.second);
    case '5':
      return String(fields.second);
    case 'PM':
      return fields.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return fields.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return zone;
    default:
      return /^[.,]/.test(part) ? fractionPart(part, fields.fraction) : offsetPart(part, offsetSeconds);
  }
}

function fractionPart(part: string, fraction: bigint): string {
  const digits = fraction
    .toString()
    .padStart(9, '0')
    .slice(0, part.length - 1);
  const shown = part[1] === '9' ? digits.replace(/0+$/, '') : digits.padEnd(part.length - 1, '0');
  return shown === '' ? '' : `${part[0]}${shown}`;
}

function offsetPart(part: string, offsetSeconds: number): string {
  if (part.startsWith('Z') && offsetSeconds === 0) return 'Z';
  const size = Math.abs(offsetSeconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const colon = part.includes(':') ? ':' : '';
  const digits = part.replace(/\D/g, '').length;
  const minutes = digits >= 4 ? `${colon}${two((size / 60) % 60)}` : '';
  const seconds = digits >= 6 ? `${colon}${two(size % 60)}` : '';
  return `${offsetSeconds < 0 ? '-' : '+'}${two(size / 3600)}${minutes}${seconds}`;
}

/** What each part of a layout reads from a text. */
const READERS: Readonly<Record<string, RegExp>> = {
  '2006': /^\d{4}/,
  '06': /^\d{2}/,
  '01': /^\d{2}/,
  '1': /^\d{1,2}/,
  '02': /^\d{2}/,
  _2: /^ ?\d{1,2}/,
  '2': /^\d{1,2}/,
  '002': /^\d{3}/,
  '15': /^\d{1,2}/,
  '03': /^\d{2}/,
  '3': /^\d{1,2}/,
  '04': /^\d{2}/,
  '4': /^\d{1,2}/,
  '05': /^\d{2}/,
  '5': /^\d{1,2}/,
  PM: /^(?:AM|PM)/,
  pm: /^(?:am|pm)/,
  MST: /^(?:UTC|GMT|[A-Z]{3,4})/,
  January: new RegExp(`^(?:${MONTHS.join('|')})`, 'i'),
  Jan: new RegExp(`^(?:${MONTHS.map((month) => month.slice(0, 3)).join('|')})`, 'i'),
  Monday: new RegExp(`^(?:${DAYS.join('|')})`, 'i'),
  Mon: new RegExp(`^(?:${DAYS.map((day) => day.slice(0, 3)).join('|')})`, 'i'),
};

/**
 * Reads a time by a layout; what the text does not say is the first of its kind, in UTC.
 * @throws {TemplateProblem} in Go's words.
 */
export function parseTime(layout: string, text: string): GoTime {
  const found = new Map<string, string>();
  let rest = text;
  let at = 0;
  for (const match of layout.matchAll(LAYOUT)) {
    rest = skipLiteral(layout, text, rest, layout.slice(at, match.index));
    const [part] = match;
    const value = readPart(part, rest);
    if (value === undefined) throw parseProblem(layout, text, rest, part);
    found.set(part, value);
    rest = rest.slice(value.length);
    if (/^0?5$/.test(part) && !/^[.,]/.test(layout.slice(match.index + part.length))) {
      const fraction = /^[.,]\d+/.exec(rest)?.[0] ?? '';
      found.set('.', fraction);
      rest = rest.slice(fraction.length);
    }
    at = match.index + part.length;
  }
  rest = skipLiteral(layout, text, rest, layout.slice(at));
  if (rest !== '') throw new TemplateProblem(`parsing time ${quote(text)}: extra text: ${quote(rest)}`);
  return timeOf(found, text);
}

function skipLiteral(layout: string, text: string, rest: string, literal: string): string {
  if (rest.startsWith(literal)) return rest.slice(literal.length);
  throw parseProblem(layout, text, rest, literal);
}

function readPart(part: string, rest: string): string | undefined {
  const reader = Object.hasOwn(READERS, part) ? READERS[part] : undefined;
  if (reader !== undefined) return reader.exec(rest)?.[0];
  if (/^[.,]/.test(part)) return /^[.,]\d+/.exec(rest)?.[0] ?? (part[1] === '9' ? '' : undefined);
  if (part.startsWith('Z') && rest.startsWith('Z')) return 'Z';
  const pattern = part.includes(':') ? /^[+-]\d{2}:\d{2}(?::\d{2})?/ : part.length <= 3 ? /^[+-]\d{2}/ : /^[+-]\d{4}/;
  return pattern.exec(rest)?.[0];
}

function parseProblem(layout: string, text: string, rest: string, part: string): TemplateProblem {
  return new TemplateProblem(
    `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(part)}`,
  );
}

function timeOf(found: ReadonlyMap<string, string>, text: string): GoTime {
  const number = (...parts: readonly string[]) => {
    const value = parts.map((part) => found.get(part)).find((one) => one !== undefined);
    return value === undefined ? undefined : Number(value.trim());
  };
  const named = (names: readonly string[], part: string) => {
    const value = found.get(part)?.toLowerCase();
    return value === undefined ? undefined : names.findIndex((name) => name.toLowerCase().startsWith(value)) + 1;
  };
  const short = number('06');
  const year = number('2006') ?? (short === undefined ? 0 : short + (short >= 69 ? 1900 : 2000));
  const month = number('01', '1') ?? named(MONTHS, 'January') ?? named(MONTHS, 'Jan') ?? 1;
  const day = number('02', '2', '_2') ?? 1;
  const noon = (found.get('PM') ?? found.get('pm'))?.toLowerCase();
  const hour = number('15') ?? twelveHour(number('03', '3') ?? 0, noon);
  const [minute, second] = [number('04', '4') ?? 0, number('05', '5') ?? 0];
  checkRange(text, { month, day: { value: day, most: daysIn(year, month) }, hour, minute, second });
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const offsetSeconds = offsetOf([...found].find(([part]) => /^[Z-]0?7?/.test(part) && part !== 'MST')?.[1] ?? '');
  const fraction = [...found].find(([part]) => /^[.,]/.test(part))?.[1] ?? '';
  const nanos = BigInt(fraction.slice(1, 10).padEnd(9, '0'));
  const unix = BigInt(date.getTime()) * 1_000_000n + nanos - BigInt(offsetSeconds) * BILLION;
  return { nanos: unix, offsetSeconds, zone: offsetSeconds === 0 ? 'UTC' : offsetPart('-0700', offsetSeconds) };
}

function twelveHour(hour: number, noon: string | undefined): number {
  if (noon === 'pm' && hour < 12) return hour + 12;
  return noon === 'am' && hour === 12 ? 0 : hour;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

interface Ranges {
  readonly month: number;
  readonly day: { readonly value: number; readonly most: number };
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function checkRange(text: string, { month, day, hour, minute, second }: Ranges): void {
  const wrong =
    month < 1 || month > 12
      ? 'month'
      : day.value < 1 || day.value > day.most
        ? 'day'
        : hour > 23
          ? 'hour'
          : minute > 59
            ? 'minute'
            : second > 59
              ? 'second'
              : undefined;
  if (wrong !== undefined) throw new TemplateProblem(`parsing time ${quote(text)}: ${wrong} out of range`);
}

function offsetOf(text: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?:?(\d{2})?$/.exec(text);
  if (match === null) return 0;
  const [, sign, hours, minutes = '0', seconds = '0'] = match;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}
