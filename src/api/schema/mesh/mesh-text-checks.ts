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

/** A duration of a millisecond or more. */
export const positiveDurationCheck: TextCheck = (text) => {
  const duration = durationMs(text);
  return duration !== undefined && duration < 1
    ? { problem: 'is too short', hint: 'Use at least 1ms.' }
    : durationCheck(text);
};

/** How long a connection may take to be made: a millisecond to an hour. */
export const connectTimeoutCheck: TextCheck = (text) =>
  (durationMs(text) ?? 0) > 3_600_000
    ? { problem: 'is too long', hint: 'Use at most 1h.' }
    : positiveDurationCheck(text);

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

/** Where a proxy finds a tracer: it may be an agent on the proxy's own node, whose address only the pod knows. */
export const tracerAddressCheck: TextCheck = (text) => addressCheck(text.replace('$(HOST_IP)', '127.0.0.1'));

const DURATION_HINT = 'Write a number and its unit, such as "10s", "500ms" or "1h30m".';

/** Milliseconds; undefined where the text is no duration. */
function durationMs(text: string): number | undefined {
  if (text === '0') return 0;
  if (text.length > 60 || !DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(PARTS)) sum += Number(amount) * (UNIT_MS[unit] ?? 0);
  return text.startsWith('-') ? -sum : sum;
}
