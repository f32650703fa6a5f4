import { defineResource } from '../define-resource.ts';
import { enumOf, list, object, string } from '../schema.ts';
import { labelsSelector } from '../selectors.ts';
import { connectionPool } from './connection-pool.ts';
import { destination } from './destination.ts';
import { serverPortFields } from './server-port-fields.ts';
import { serverTls } from './server-tls.ts';

/** Sidecar: what the proxy of a workload accepts, and which services it knows. */
export function sidecar() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'Sidecar',
    plural: 'sidecars',
    versions: ['v1', 'v1alpha3', 'v1beta1'],
    storedAs: 'v1',
    spec: object({
      workloadSelector: labelsSelector(),
      ingress: list(ingressListener()),
      egress: list(egressListener()),
      inboundConnectionPool: connectionPool(),
      outboundTrafficPolicy: object({ mode: enumOf('REGISTRY_ONLY', 'ALLOW_ANY'), egressProxy: destination() }),
    }),
  });
}

function ingressListener() {
  return object(
    {
      ...listenerFields(),
      defaultEndpoint: string(),
      tls: serverTls(),
      connectionPool: connectionPool(),
    },
    { required: ['port'] },
  );
}

function egressListener() {
  return object({ ...listenerFields(), hosts: list(string()) }, { required: ['hosts'] });
}

function listenerFields() {
  return { port: object(serverPortFields()), bind: string(), captureMode: enumOf('DEFAULT', 'IPTABLES', 'NONE') };
}
