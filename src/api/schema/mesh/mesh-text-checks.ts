import type { TextCheck } from '../schema.ts';

const DURATION = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const PARTS = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const DNS_LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const HOST = /^[A-Za-z0-9._:-]+$/;

/** A duration as Go writes it; istiod does not start with anything else. */
export const durationCheck: TextCheck = (text) =>
  durationMs(text) === undefined ? { problem: 'is not a duration', hint: DURATION_HINT } : undefined;

/** A duration of anything but nothing. */
export const nonZeroDurationCheck: TextCheck = (text) =>
  durationMs(text) === 0 ? { problem: 'is no time at all', hint: DURATION_HINT } : durationCheck(text);

/** A duration in whole milliseconds. */
export const millisecondsCheck: TextCheck = (text) =>
  isMultiple(durationMs(text), 1)
    ? durationCheck(text)
    : { problem: 'is finer than a millisecond', hint: 'Use whole milliseconds, such as "100ms".' };

/** How long a proxy may take to drain: whole seconds, one at least. */
export const drainDurationCheck: TextCheck = (text) => {
  const duration = durationMs(text);
  if (duration !== undefined && duration < 1) return { problem: 'is too short', hint: 'Use at least 1s.' };
  return isMultiple(duration, 1000)
    ? durationCheck(text)
    : { problem: 'is finer than a second', hint: 'Use whole seconds, such as "45s".' };
};

/** How long a connection may take to be made: a millisecond to an hour. */
export const connectTimeoutCheck: TextCheck = (text) => {
  const duration = durationMs(text) ?? 1;
  if (duration > 3_600_000) return { problem: 'is too long', hint: 'Use at most 1h.' };
  return duration < 1 ? { problem: 'is too short', hint: 'Use at least 1ms.' } : millisecondsCheck(text);
};

/** A path, of which there must be one; left out, it is Istio's default. */
export const pathCheck: TextCheck = (text) =>
  text === '' ? { problem: 'is not a path', hint: 'Remove it to keep the default.' } : undefined;

/** A host as in DNS; the first label may be "*" or begin with it. */
export const hostCheck: TextCheck = (text) => {
  const [first = '', ...rest] = text.split('.');
  if (text.length <= 255 && isHostStart(first) && isDomain(rest)) return undefined;
  return {
    problem: 'is not a host',
    hint: 'Use a name as in DNS; "*" may only stand at its beginning: "*.example.com".',
  };
};

function isHostStart(label: string): boolean {
  return label.length <= 63 && (label === '*' || DNS_LABEL.test(label.replace(/^\*-?/, '')));
}

/** Whether the labels end a name: the last one is no number, and may be empty for a dot at the end. */
function isDomain(labels: readonly string[]): boolean {
  const named = labels.at(-1) === '' ? labels.slice(0, -1) : labels;
  return !/^[+-]?[0-9]+$/.test(labels.at(-1) ?? '') && named.every((label) => DNS_LABEL.test(label));
}

/** A trust domain, which is a name as in DNS. */
export const trustDomainCheck: TextCheck = (text) => {
  const labels = text.replace(/\.$/, '').split('.');
  return labels.every((label) => DNS_LABEL.test(label))
    ? undefined
    : {
        problem: 'is not a trust domain',
        hint: 'Use a name as in DNS, such as "cluster.local"; leave it out for that.',
      };
};

/** Where a proxy finds something: host and port. */
export const addressCheck: TextCheck = (text) => {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const isPort = Number(port) >= 1 && Number(port) <= 65_535;
  return isPort && HOST.test(bracketed ?? plain ?? '')
    ? undefined
    : { problem: 'is not an address', hint: 'Write host and port, such as "zipkin.istio-system:9411".' };
};

/** Where a proxy finds what it need not find. */
export const optionalAddressCheck: TextCheck = (text) => (text === '' ? undefined : addressCheck(text));

/** Where a proxy finds a tracer: it may be an agent on the proxy's own node, whose address only the pod knows. */
export const tracerAddressCheck: TextCheck = (text) => addressCheck(text.replace('$(HOST_IP)', '127.0.0.1'));

const DURATION_HINT = 'Write a number and its unit, such as "10s", "500ms" or "1h30m".';

/** Whether a duration is a multiple of so many milliseconds; what is no duration is left to another check. */
function isMultiple(duration: number | undefined, unitMs: number): boolean {
  return Math.round((duration ?? 0) * 1e6) % (unitMs * 1e6) === 0;
}

/** Milliseconds; undefined where the text is no duration. */
function durationMs(text: string): number | undefined {
  if (text === '0') return 0;
  if (text.length > 60 || !DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(PARTS)) sum += Number(amount) * (UNIT_MS[unit] ?? 0);
  return text.startsWith('-') ? -sum : sum;
}
