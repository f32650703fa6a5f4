import { type Issue, type JsonObject, throwIssues } from '../core/index.ts';
import { annotationsOf, parseBool } from './pod-parts.ts';
import { canonicalQuantity } from './quantity.ts';

/** What an annotation has to be, in words, unless it is. */
type Check = (value: string) => string | undefined;

const TRAFFIC = 'traffic.sidecar.istio.io';
const PROXY = 'sidecar.istio.io';
const READINESS = 'readiness.status.sidecar.istio.io';

const CHECKS: Readonly<Record<string, Check>> = {
  [`${PROXY}/interceptionMode`]: (value) =>
    ['REDIRECT', 'TPROXY', 'NONE'].includes(value) ? undefined : 'REDIRECT, TPROXY or NONE',
  'status.sidecar.istio.io/port': port,
  [`${READINESS}/initialDelaySeconds`]: count,
  [`${READINESS}/periodSeconds`]: count,
  [`${READINESS}/failureThreshold`]: count,
  [`${TRAFFIC}/includeOutboundIPRanges`]: (value) => (value === '*' ? undefined : ranges(value)),
  [`${TRAFFIC}/excludeOutboundIPRanges`]: ranges,
  [`${TRAFFIC}/includeInboundPorts`]: (value) => (value === '*' ? undefined : ports(value)),
  [`${TRAFFIC}/excludeInboundPorts`]: ports,
  [`${TRAFFIC}/excludeOutboundPorts`]: ports,
  [`${TRAFFIC}/excludeInterfaces`]: interfaces,
  [`${TRAFFIC}/kubevirtInterfaces`]: interfaces,
  'istio.io/reroute-virtual-interfaces': interfaces,
  'prometheus.istio.io/merge-metrics': (value) => (parseBool(value) === undefined ? 'true or false' : undefined),
  [`${PROXY}/proxyCPU`]: quantity,
  [`${PROXY}/proxyMemory`]: quantity,
  [`${PROXY}/proxyCPULimit`]: quantity,
  [`${PROXY}/proxyMemoryLimit`]: quantity,
};

/**
 * Refuses a pod whose annotations istiod would refuse.
 * @param path - where the pod's `metadata` is in the user's document.
 * @throws {OperatorError} `InvalidValue` for all annotations that are wrong.
 */
export function checkAnnotations(pod: JsonObject, path: string): void {
  const issues = Object.entries(annotationsOf(pod)).flatMap(([name, value]): Issue[] => {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    const wanted = typeof value === 'string' ? check?.(value) : undefined;
    if (wanted === undefined) return [];
    const at = `${path}.annotations["${name}"]`;
    return [{ code: 'InvalidValue', path: at, message: `Expected ${wanted}, got ${JSON.stringify(value)}.` }];
  });
  throwIssues(issues);
}

function port(value: string): string | undefined {
  return isPort(value) ? undefined : 'a port';
}

function ports(value: string): string | undefined {
  return value.trim() === '' || value.split(',').every(isPort) ? undefined : 'ports with commas between them';
}

function isPort(value: string): boolean {
  return /^\d{1,9}$/.test(value.trim()) && Number(value) <= 65_535;
}

function count(value: string): string | undefined {
  return /^\d{1,10}$/.test(value) && Number(value) < 2 ** 32 ? undefined : 'a whole number';
}

function ranges(value: string): string | undefined {
  return value === '' || value.split(',').every(isRange)
    ? undefined
    : 'ranges such as 10.0.0.0/8 with commas between them';
}

function isRange(value: string): boolean {
  const match = /^([\da-fA-F.:]{2,45})\/(0|[1-9]\d{0,2})$/.exec(value);
  const [, address = '', bits = ''] = match ?? [];
  if (address.includes(':')) return Number(bits) <= 128 && URL.canParse(`http://[${address}]/`);
  const octets = address.split('.');
  return (
    octets.length === 4 &&
    Number(bits) <= 32 &&
    octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)
  );
}

function interfaces(value: string): string | undefined {
  const isName = (name: string) => /^[A-Za-z][A-Za-z0-9._-]{0,14}$/.test(name.trim());
  return value === '' || value.split(',').every(isName)
    ? undefined
    : 'names of network interfaces with commas between them';
}

function quantity(value: string): string | undefined {
  return canonicalQuantity(value) === undefined ? 'a quantity such as 100m or 1Gi' : undefined;
}
