import type { IEnvVar } from 'kubernetes-models/v1';
import { isEmpty } from '../shared/empty.ts';
import { fieldVariable, limitVariable, uniqueVariables, variablesOf } from '../shared/environment.ts';
import { istiodAddress } from '../shared/revision.ts';
import type { Draft } from '../shared/typed.ts';
import type { Gateway } from './gateway.ts';

/** The variables of a proxy that the Deployment holds whole. */
export function proxyEnvironment(gateway: Gateway): Draft<IEnvVar>[] {
  const { global, revision, values } = gateway;
  return uniqueVariables([
    ...variablesOf({
      PILOT_CERT_PROVIDER: global.pilotCertProvider,
      CA_ADDR: global.caAddress || istiodAddress(revision, global.istioNamespace),
    }),
    ...podVariables(),
    ...identityVariables(gateway),
    ...ownVariables(gateway),
    ...variablesOf(values.meshConfig?.defaultConfig?.proxyMetadata),
    ...networkVariable(gateway),
    { name: 'ISTIO_META_CLUSTER_ID', value: global.multiCluster.clusterName || 'Kubernetes' },
    fieldVariable('ISTIO_META_NODE_NAME', 'spec.nodeName'),
  ]);
}

/** The variables that stand in the Deployment however the proxy gets there. */
export function ownVariables({ settings }: Gateway): Draft<IEnvVar>[] {
  return [
    ...(settings.runAsRoot ? [] : [{ name: 'ISTIO_META_UNPRIVILEGED_POD', value: 'true' }]),
    ...variablesOf(settings.env),
  ];
}

function podVariables(): Draft<IEnvVar>[] {
  return [
    fieldVariable('NODE_NAME', 'spec.nodeName', 'v1'),
    fieldVariable('POD_NAME', 'metadata.name', 'v1'),
    fieldVariable('POD_NAMESPACE', 'metadata.namespace', 'v1'),
    fieldVariable('INSTANCE_IP', 'status.podIP', 'v1'),
    fieldVariable('HOST_IP', 'status.hostIP', 'v1'),
    limitVariable('ISTIO_CPU_LIMIT', 'limits.cpu'),
    fieldVariable('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
  ];
}

function identityVariables({ name, namespace, values, global }: Gateway): Draft<IEnvVar>[] {
  const trustDomain = values.meshConfig?.trustDomain || undefined;
  const meshId = global.meshID || trustDomain;
  return [
    { name: 'ISTIO_META_WORKLOAD_NAME', value: name },
    { name: 'ISTIO_META_OWNER', value: `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${name}` },
    ...(meshId === undefined ? [] : [{ name: 'ISTIO_META_MESH_ID', value: meshId }]),
    ...(trustDomain === undefined ? [] : [{ name: 'TRUST_DOMAIN', value: trustDomain }]),
  ];
}

/** The network of the mesh, unless this gateway is told another one. */
function networkVariable({ settings, global }: Gateway): Draft<IEnvVar>[] {
  const told = settings.env.ISTIO_META_NETWORK;
  return global.network && isEmpty(told) ? [{ name: 'ISTIO_META_NETWORK', value: global.network }] : [];
}
