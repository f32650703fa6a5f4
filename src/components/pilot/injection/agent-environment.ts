import { formatted, hasAnnotation, quoted, setting } from './expressions.ts';
import { choose, type Fields, forEach, type Part, when } from './template-text.ts';

const MESH_ID = setting('global.meshID');
/** The domain of the mesh's identities; a MeshConfig that does not say leaves it to the values. */
const TRUST_DOMAIN = `(or $.MeshConfig.TrustDomain ${setting('global.trustDomain')})`;

/** A variable with a value. */
export function variable(name: string, value: Part): Fields {
  return { name, value };
}

/** A variable that is there only if the condition holds. */
export function variableWhen(condition: string, name: string, value: Part): Part {
  return when(condition, variable(name, value));
}

/** A variable that Kubernetes fills from a field of the pod. */
export function fromField(name: string, fieldPath: string): Fields {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** A variable that Kubernetes fills from a limit of the container, in whole units. */
export function fromLimit(name: string, resource: string): Fields {
  return { name, valueFrom: { resourceFieldRef: { resource, divisor: '1' } } };
}

/** Where certificates come from. */
export function certificateProvider(): Part {
  return variable('PILOT_CERT_PROVIDER', quoted(setting('global.pilotCertProvider')));
}

/** A variable with the address of the certificate authority: the mesh's own, or istiod of the revision. */
export function authorityAddress(name: string): Part {
  const authority = setting('global.caAddress');
  const revision = setting('revision');
  const namespace = setting('global.istioNamespace');
  return variable(
    name,
    choose(
      [
        [authority, quoted(authority)],
        [revision, formatted('istiod-%v.%v.svc:15012', revision, namespace)],
      ],
      formatted('istiod.%v.svc:15012', namespace),
    ),
  );
}

/** Who the pod is: how the agent gets its certificate, and under which name. */
export function identity(): readonly Part[] {
  return [
    certificateProvider(),
    authorityAddress('CA_ADDR'),
    fromField('POD_NAME', 'metadata.name'),
    fromField('POD_NAMESPACE', 'metadata.namespace'),
    fromField('INSTANCE_IP', 'status.podIP'),
    fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    fromField('HOST_IP', 'status.hostIP'),
  ];
}

/** The CPU limit, which the agent derives Envoy's concurrency from. */
export function cpuLimit(): Part {
  return fromLimit('ISTIO_CPU_LIMIT', 'limits.cpu');
}

/** Limits that the Go runtime of the agent heeds. */
export function runtimeLimits(): readonly Part[] {
  return [fromLimit('GOMEMLIMIT', 'limits.memory'), fromLimit('GOMAXPROCS', 'limits.cpu')];
}

/** The configuration of the proxy without what is default, as a line of JSON. */
export function proxyConfig(): Part {
  return variable('PROXY_CONFIG', formatted('%s\n', '(protoToJSON $.ProxyConfig)'));
}

/** Standards such as FIPS that istiod itself has to meet. */
export function compliance(): Part {
  return variableWhen('$.CompliancePolicy', 'COMPLIANCE_POLICY', quoted('$.CompliancePolicy'));
}

/** The name of the cluster; `fallback` is an expression. */
export function clusterId(name: string, fallback: string): Part {
  return variable(name, quoted(`or ${setting('global.multiCluster.clusterName')} ${fallback}`));
}

/** The node that the pod runs on. */
export function nodeName(): Part {
  return fromField('ISTIO_META_NODE_NAME', 'spec.nodeName');
}

/** The network of the installation, if it names one. */
export function installationNetwork(): Part {
  const network = setting('global.network');
  return variableWhen(network, 'ISTIO_META_NETWORK', quoted(network));
}

/** The name of the workload, or of the pod where that is all that is known. */
export function workloadName(): Part {
  const name = '$.DeploymentMeta.Name';
  return variableWhen(name, 'ISTIO_META_WORKLOAD_NAME', quoted(name));
}

/** The workload that owns the pod, as far as it is known. */
export function workloadOwner(): Part {
  return variableWhen(
    'and $.TypeMeta.APIVersion $.DeploymentMeta.Name',
    'ISTIO_META_OWNER',
    formatted(
      'kubernetes://apis/%s/namespaces/%s/%ss/%s',
      '$.TypeMeta.APIVersion',
      '(or $.DeploymentMeta.Namespace "default")',
      '(lower $.TypeMeta.Kind)',
      '$.DeploymentMeta.Name',
    ),
  );
}

/** A bootstrap of the user's instead of Envoy's usual one. */
export function bootstrapOverride(): Part {
  return variableWhen(
    hasAnnotation('sidecar.istio.io/bootstrapOverride'),
    'ISTIO_BOOTSTRAP_OVERRIDE',
    '/etc/istio/custom-bootstrap/custom_bootstrap.json',
  );
}

/** The mesh, which goes by its trust domain where it has no name. */
export function meshId(): Part {
  const name = 'ISTIO_META_MESH_ID';
  return choose([
    [MESH_ID, variable(name, quoted(MESH_ID))],
    [TRUST_DOMAIN, variable(name, quoted(TRUST_DOMAIN))],
  ]);
}

/** The trust domain, if there is one. */
export function trustDomain(): Part {
  return variableWhen(TRUST_DOMAIN, 'TRUST_DOMAIN', quoted(TRUST_DOMAIN));
}

/** Variables that the proxy's configuration sets for the pod. */
export function proxyMetadata(): Part {
  return forEach('$key, $value := $.ProxyConfig.ProxyMetadata', { name: quoted('$key'), value: quoted('$value') });
}
