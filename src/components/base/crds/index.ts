import type { KubernetesObject } from '../../../core/index.ts';
import { deepFreeze } from './deep-freeze.ts';
import { trafficExtension } from './extensions/traffic-extension.ts';
import { wasmPlugin } from './extensions/wasm-plugin.ts';
import { destinationRule } from './networking/destination-rule.ts';
import { envoyFilter } from './networking/envoy-filter.ts';
import { gateway } from './networking/gateway.ts';
import { proxyConfig } from './networking/proxy-config.ts';
import { serviceEntry } from './networking/service-entry.ts';
import { sidecar } from './networking/sidecar.ts';
import { virtualService } from './networking/virtual-service.ts';
import { workloadEntry } from './networking/workload-entry.ts';
import { workloadGroup } from './networking/workload-group.ts';
import { once } from './once.ts';
import { authorizationPolicy } from './security/authorization-policy.ts';
import { peerAuthentication } from './security/peer-authentication.ts';
import { requestAuthentication } from './security/request-authentication.ts';
import { telemetry } from './telemetry/telemetry.ts';

/** Which CRDs somebody else looks after. */
export interface CrdOptions {
  /** Full names, as in `wasmplugins.extensions.istio.io`. Default: none. */
  readonly excluded?: readonly string[];
}

/**
 * The CustomResourceDefinitions of Istio, by name.
 * @returns the same frozen objects at every call, which share their parts: copy what you change, and a writer of YAML
 * must not turn shared parts into anchors.
 */
export function istioCrds({ excluded = [] }: CrdOptions = {}): readonly KubernetesObject[] {
  if (excluded.length === 0) return allCrds();
  return allCrds().filter((crd) => !excluded.includes(crd.metadata.name));
}

const allCrds = once((): readonly KubernetesObject[] =>
  deepFreeze([
    authorizationPolicy(),
    destinationRule(),
    envoyFilter(),
    gateway(),
    peerAuthentication(),
    proxyConfig(),
    requestAuthentication(),
    serviceEntry(),
    sidecar(),
    telemetry(),
    trafficExtension(),
    virtualService(),
    wasmPlugin(),
    workloadEntry(),
    workloadGroup(),
  ]),
);
