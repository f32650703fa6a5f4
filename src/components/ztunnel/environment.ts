import type { IEnvVar } from 'kubernetes-models/v1';
import { fieldVariable, limitVariable, uniqueVariables, variablesOf } from '../shared/environment.ts';
import { istiodAddress } from '../shared/revision.ts';
import type { Draft } from '../shared/typed.ts';
import type { Ztunnel } from './ztunnel.ts';

/** Where the revocation list is mounted. */
export const REVOCATION_DIRECTORY = '/var/run/secrets/istio/crl';

/** The variables that configure ztunnel. */
export function environment({ values }: Ztunnel): Draft<IEnvVar>[] {
  const istiod = istiodAddress(values.revision, values.istioNamespace);
  return uniqueVariables([
    ...variablesOf({
      CA_ADDRESS: values.caAddress || istiod,
      XDS_ADDRESS: values.xdsAddress || istiod,
      LOG_FORMAT: values.logAsJson ? 'json' : undefined,
      NETWORK: values.network || undefined,
      RUST_LOG: values.logLevel,
      RUST_BACKTRACE: 1,
      ISTIO_META_CLUSTER_ID: values.multiCluster.clusterName || 'Kubernetes',
      INPOD_ENABLED: true,
      TERMINATION_GRACE_PERIOD_SECONDS: values.terminationGracePeriodSeconds,
    }),
    fieldVariable('POD_NAME', 'metadata.name'),
    fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
    fieldVariable('NODE_NAME', 'spec.nodeName'),
    fieldVariable('INSTANCE_IP', 'status.podIP'),
    fieldVariable('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    ...variablesOf(values.meshConfig?.defaultConfig?.proxyMetadata),
    limitVariable('ZTUNNEL_CPU_LIMIT', 'limits.cpu'),
    ...variablesOf(values.env),
    ...variablesOf({ CRL_PATH: values.peerCaCrl.enabled ? `${REVOCATION_DIRECTORY}/ca-crl.pem` : undefined }),
  ]);
}
