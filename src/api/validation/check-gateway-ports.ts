import { type Issue, type Json, type JsonObject, valueAt } from '../../core/index.ts';
import { GATEWAYS } from '../gateway-kinds.ts';

/** Ports below this one are for root only. */
const FIRST_FREE_PORT = 1024;

/** What Istio's own gateways add to a port to get one that they may listen on: 80 is served at 8080, 443 at 8443. */
const FIRST_OF_GATEWAYS = 8000;

/**
 * Finds ports of installed gateways on which the proxy could not listen, because it does not run as root. A port that overlays
 * write is not looked at: they may change the security context as well.
 */
export function checkGatewayPorts(spec: JsonObject): readonly Issue[] {
  return GATEWAYS.flatMap(({ list, values }) => {
    const settings = valueAt(spec, 'values', 'gateways', values);
    if (valueAt(settings, 'runAsRoot') === true || isRootInUnvalidated(spec, values)) return [];
    const gateways = valueAt(spec, 'components', list);
    const runAsRoot = `values.gateways.${values}.runAsRoot: true`;
    return [
      ...listOf(gateways).flatMap((gateway, index) => {
        if (valueAt(gateway, 'enabled') === false) return [];
        const path = `spec.components.${list}[${index}].k8s.service.ports`;
        return portIssues(valueAt(gateway, 'k8s', 'service', 'ports'), path, runAsRoot);
      }),
      ...portIssues(valueAt(settings, 'ingressPorts'), `spec.values.gateways.${values}.ingressPorts`, runAsRoot),
    ];
  });
}

function isRootInUnvalidated(spec: JsonObject, gateway: string): boolean {
  return valueAt(spec, 'unvalidatedValues', 'gateways', gateway, 'runAsRoot') === true;
}

function portIssues(ports: Json | undefined, path: string, runAsRoot: string): readonly Issue[] {
  return listOf(ports).flatMap((entry, index): readonly Issue[] => {
    const listening = listeningPort(entry);
    if (listening === undefined || listening.port >= FIRST_FREE_PORT || listening.port <= 0) return [];
    const message = `The gateway would listen on port ${listening.port}, which only root may.`;
    const free = FIRST_OF_GATEWAYS + listening.port;
    const hint = `Set targetPort: ${free}, while port stays what clients and Gateways use; or set ${runAsRoot}.`;
    return [{ code: 'InvalidValue', path: `${path}[${index}].${listening.field}`, message, hint }];
  });
}

/** The number that the proxy listens on; undefined where it is a name, which only the pod can resolve. */
function listeningPort(entry: Json): { readonly field: 'targetPort' | 'port'; readonly port: number } | undefined {
  const target = valueAt(entry, 'targetPort');
  if (typeof target === 'string' && target !== '') return undefined;
  if (typeof target === 'number' && target !== 0) return { field: 'targetPort', port: target };
  const port = valueAt(entry, 'port');
  return typeof port === 'number' ? { field: 'port', port } : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
