import type { IEnvVar } from 'kubernetes-models/v1';
import { fieldVariable, limitVariable, uniqueVariables, variablesOf } from '../shared/environment.ts';
import type { Draft } from '../shared/typed.ts';
import type { PilotContext } from './pilot-context.ts';

type Variable = Draft<IEnvVar>;

/** The environment of istiod: who it is, what values say, and the user's own variables. */
export function discoveryEnvironment(pilot: PilotContext): readonly Variable[] {
  const { values, revisionLabel } = pilot;
  return uniqueVariables([
    { name: 'REVISION', value: revisionLabel },
    { name: 'PILOT_CERT_PROVIDER', value: values.global.pilotCertProvider },
    fieldVariable('POD_NAME', 'metadata.name', 'v1'),
    fieldVariable('POD_NAMESPACE', 'metadata.namespace', 'v1'),
    fieldVariable('SERVICE_ACCOUNT', 'spec.serviceAccountName', 'v1'),
    { name: 'KUBECONFIG', value: '/var/run/secrets/remote/config' },
    ...trustedZtunnel(pilot),
    ...variablesOf(values.env),
    ...values.envVarFrom,
    ...featureVariables(pilot),
    { name: 'PILOT_ENABLE_ANALYSIS', value: String(values.global.istiod.enableAnalysis ?? false) },
    { name: 'CLUSTER_ID', value: values.global.multiCluster.clusterName || 'Kubernetes' },
    limitVariable('GOMAXPROCS', 'limits.cpu'),
    { name: 'PLATFORM', value: values.global.platform || values.platform || '' },
  ]);
}

/** The account whose node agents may ask for other pods' certificates: ztunnel's, by default beside istiod. */
function trustedZtunnel({ values, namespace }: PilotContext): readonly Variable[] {
  if (values.env.CA_TRUSTED_NODE_ACCOUNTS) return [];
  const account = `${values.trustedZtunnelNamespace || namespace}/${values.trustedZtunnelName || 'ztunnel'}`;
  return [{ name: 'CA_TRUSTED_NODE_ACCOUNTS', value: account }];
}

function featureVariables({ values }: PilotContext): readonly Variable[] {
  const { externalIstiod, trustBundleName } = values.global;
  const variables: Variable[] = [];
  const add = (name: string, value: string | number | boolean | undefined) => {
    if (value) variables.push({ name, value: String(value) });
  };
  add('PILOT_TRACE_SAMPLING', values.traceSampling);
  if (values.taint.enabled) {
    add('PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS', true);
    add('PILOT_NODE_UNTAINT_CONTROLLERS_TAINT_NAME', values.taint.name);
  }
  if (!values.env.EXTERNAL_ISTIOD) add('EXTERNAL_ISTIOD', externalIstiod);
  add('PILOT_CA_CERT_CONFIGMAP', trustBundleName);
  add('PILOT_CRL_CONFIGMAP', values.crlConfigMapName);
  return variables;
}
