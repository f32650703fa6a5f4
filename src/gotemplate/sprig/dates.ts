import { TemplateProblem } from '../template-error.ts';
import { readInt64 } from '../text/number-syntax.ts';
import { quote } from '../text/quote.ts';
import { type FunctionTable, fn, type GoFunction } from '../values/go-function.ts';
import { integerOf } from '../values/types.ts';
import { GoObject, int64, type Value } from '../values/values.ts';
import { durationText, parseDuration, roundedDuration } from './durations.ts';
import { fieldsOf, formatTime, type GoTime, parseTime, unixSeconds } from './time-layout.ts';

const TYPE = 'time.Time';
const SECOND = 1_000_000_000n;
/** The moment that Go's zero time is: the year 1. */
const ZERO: GoTime = { nanos: -62_135_596_800n * SECOND, offsetSeconds: 0, zone: 'UTC' };

/** Tells the time in nanoseconds since 1970. */
export type NowNanos = () => bigint;

/** sprig's functions on time. The local zone is UTC. Without a clock, what needs the current time fails. */
export function dateFunctions(nowNanos: NowNanos | undefined): FunctionTable {
  const now = (): GoTime => {
    if (nowNanos === undefined) throw new TemplateProblem('templates have no clock here');
    return { nanos: nowNanos(), offsetSeconds: 0, zone: 'UTC' };
  };
  const inZone = (layout: string, date: Value, zone: string) =>
    formatTime(zoned(momentOf(date) ?? now(), zone), layout);
  const dateInZone = fn(['string', 'interface {}', 'string'], inZone);
  return {
    now: fn([], () => timeValue(now())),
    date: fn(['string', 'interface {}'], (layout, date) => inZone(layout, date, 'UTC')),
    dateInZone,
    date_in_zone: dateInZone,
    htmlDate: fn(['interface {}'], (date) => inZone('2006-01-02', date, 'UTC')),
    htmlDateInZone: fn(['interface {}', 'string'], (date, zone) => inZone('2006-01-02', date, zone)),
    ago: fn(['interface {}'], (date) => durationText(roundToSecond(now().nanos - (momentOf(date) ?? now()).nanos))),
    durationRound: fn(['interface {}'], (value) => roundedDuration(durationOf(value, now))),
    ...plainFunctions(),
  };
}

function plainFunctions(): FunctionTable {
  const modify = fn(['string', TYPE], (text, date) => moved(text, date, false));
  const mustModify = fn(['string', TYPE], (text, date) => moved(text, date, true));
  return {
    duration: fn(['interface {}'], (value) => durationText(secondsOf(value) * SECOND)),
    dateModify: modify,
    date_modify: modify,
    mustDateModify: mustModify,
    must_date_modify: mustModify,
    toDate: fn(['string', 'string'], (layout, text) => timeValue(timeOrZero(layout, text))),
    mustToDate: fn(['string', 'string'], (layout, text) => timeValue(parseTime(layout, text))),
    unixEpoch: fn([TYPE], (date) => unixSeconds(timeOf(date) ?? ZERO).toString()),
  };
}

/** A `time.Time` for templates, with the methods that they use. */
export function timeValue(time: GoTime): GoObject {
  const fields = fieldsOf(time);
  const text = formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST');
  const integers: readonly (readonly [string, number])[] = [
    ['Year', fields.year],
    ['Day', fields.day],
    ['Hour', fields.hour],
    ['Minute', fields.minute],
    ['Second', fields.second],
    ['YearDay', fields.yearDay],
  ];
  const methods = new Map<string, GoFunction>([
    ['String', fn([], () => text)],
    ['MarshalJSON', fn([], () => quote(formatTime(time, '2006-01-02T15:04:05.999999999Z07:00')))],
    ['Format', fn(['string'], (layout) => formatTime(time, layout))],
    ['Unix', fn([], () => int64(unixSeconds(time)))],
    ['UTC', fn([], () => timeValue({ ...time, offsetSeconds: 0, zone: 'UTC' }))],
    ...integers.map(([name, value]): [string, GoFunction] => [name, fn([], () => BigInt(value))]),
  ]);
  return new GoObject(TYPE, new Map(), methods, time);
}

function timeOf(value: Value): GoTime | undefined {
  return value instanceof GoObject && value.typeName === TYPE ? (value.native as GoTime) : undefined;
}

/** The moment in a time or a number of seconds; undefined for anything else, which stands for now. */
function momentOf(value: Value): GoTime | undefined {
  const seconds = integerOf(value);
  if (seconds !== undefined) return { nanos: seconds * SECOND, offsetSeconds: 0, zone: 'UTC' };
  return timeOf(value);
}

function moved(text: string, date: Value, isStrict: boolean): Value {
  const nanos = parseDuration(text);
  const time = timeOf(date) ?? ZERO;
  if (nanos !== undefined) return timeValue({ ...time, nanos: time.nanos + nanos });
  if (isStrict) throw new TemplateProblem(`time: invalid duration ${quote(text)}`);
  return date;
}

function timeOrZero(layout: string, text: string): GoTime {
  try {
    return parseTime(layout, text);
  } catch (error) {
    if (error instanceof TemplateProblem) return ZERO;
    throw error;
  }
}

function secondsOf(value: Value): bigint {
  if (typeof value === 'string') return readInt64(value, 10) ?? 0n;
  return typeof value === 'bigint' ? 0n : (integerOf(value) ?? 0n);
}

function durationOf(value: Value, now: () => GoTime): bigint {
  if (typeof value === 'string') return parseDuration(value) ?? 0n;
  const time = timeOf(value);
  if (time !== undefined) return now().nanos - time.nanos;
  return typeof value === 'bigint' ? 0n : (integerOf(value) ?? 0n);
}

function roundToSecond(nanos: bigint): bigint {
  const rest = ((nanos % SECOND) + SECOND) % SECOND;
  const floor = nanos - rest;
  return rest * 2n >= SECOND ? floor + SECOND : floor;
}

/** The same moment in a named zone; in UTC when the name is unknown. */
function zoned(time: GoTime, zone: string): GoTime {
  if (zone === 'Local') return time;
  if (zone === 'UTC' || zone === '') return { ...time, offsetSeconds: 0, zone: 'UTC' };
  const offset = offsetIn(zone, time);
  return offset === undefined ? { ...time, offsetSeconds: 0, zone: 'UTC' } : { ...time, ...offset };
}

function offsetIn(zone: string, { nanos }: GoTime): { offsetSeconds: number; zone: string } | undefined {
  if (!/^[A-Za-z0-9_+/-]{1,64}$/.test(zone)) return undefined;
  try {
    const style = { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' } as const;
    const parts = new Intl.DateTimeFormat('en-US', style).formatToParts(new Date(Number(nanos / 1_000_000n)));
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '0', minutes = '0'] = /^GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
    const size = Number(hours) * 3600 + Number(minutes) * 60;
    return { offsetSeconds: sign === '-' ? -size : size, zone: `${sign}${hours}` };
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no such zone
    throw error;
  }
}
