const NANOS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const SECOND = 1_000_000_000n;

/** Nanoseconds from Go's way to write durations (`1h30m`, `-1.5s`); undefined when the text is not one. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (match === null || text.length > 200) return undefined;
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of (match[2] ?? '').matchAll(
    /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const size = NANOS[unit] ?? 0n;
    nanos += BigInt(whole === '' ? '0' : whole) * size;
    if (fraction !== '') nanos += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  if (nanos >= 1n << 63n) return undefined;
  return match[1] === '-' ? -nanos : nanos;
}

/** A duration as Go prints it: `1h2m3.5s`. */
export function durationText(nanos: bigint): string {
  if (nanos === 0n) return '0s';
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  if (size < SECOND) return sign + shortText(size);
  const seconds = size / SECOND;
  const fraction = (size % SECOND).toString().padStart(9, '0').replace(/0+$/, '');
  const tail = `${seconds % 60n}${fraction === '' ? '' : `.${fraction}`}s`;
  const minutes = seconds / 60n;
  if (minutes === 0n) return sign + tail;
  return `${sign}${minutes >= 60n ? `${minutes / 60n}h` : ''}${minutes % 60n}m${tail}`;
}

function shortText(size: bigint): string {
  const [unit, scale] = size < 1_000n ? ['ns', 0] : size < 1_000_000n ? ['µs', 3] : ['ms', 6];
  const digits = size.toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${whole}${fraction === '' ? '' : `.${fraction}`}${unit}`;
}

/** A duration in its largest unit that it has more than one of: `3mo`, `2h`. */
export function roundedDuration(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const hour = 3600n * SECOND;
  const units = [
    ['y', hour * 24n * 365n],
    ['mo', hour * 24n * 30n],
    ['d', hour * 24n],
    ['h', hour],
    ['m', 60n * SECOND],
    ['s', SECOND],
  ] as const;
  const unit = units.find(([, length]) => size > length);
  return unit === undefined ? '0s' : `${size / unit[1]}${unit[0]}`;
}
