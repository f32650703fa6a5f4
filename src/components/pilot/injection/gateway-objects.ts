import { quoted } from './expressions.ts';
import { type Action, type Fields, forEach, type Part, print, type TemplateSource, when } from './template-text.ts';

/** What istiod keeps on the Gateway for itself or its user, and nothing else has a use for. */
const OWN_ANNOTATIONS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'gateway.istio.io/name-override',
  'gateway.istio.io/service-account',
  'gateway.istio.io/controller-version',
];

const VARIABLES = [
  ['annotations', `omit $.InfrastructureAnnotations ${OWN_ANNOTATIONS.map((name) => `"${name}"`).join(' ')}`],
  [
    'gatewayLabels',
    'strdict "gateway.networking.k8s.io/gateway-name" $.Name "gateway.networking.k8s.io/gateway-class-name" $.GatewayClass',
  ],
] as const;

/** How the templates of gateway classes differ. */
export interface GatewayClassShape {
  /** An expression: who says on the objects that it manages them. */
  readonly managedBy: string;
  /** Whether pods keep out of the ambient data plane even if the Gateway's labels do not say so. */
  readonly outsideAmbient: boolean;
  /** Whether API servers before 1.28, which let an owner's deletion hang on its accounts, are to be spared. */
  readonly sparesOldServers: boolean;
  /** Annotations of the Service, before those of the Gateway. */
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  readonly podSpec: Fields;
}

/**
 * The objects that istiod applies for a Gateway: account, Deployment and Service always; autoscaler and disruption budget
 * only where the class or the Gateway has settings for them, which are merged into what stands here.
 */
export function gatewayObjects(shape: GatewayClassShape): TemplateSource {
  return {
    variables: VARIABLES,
    documents: [
      serviceAccount(shape),
      deployment(shape),
      service(shape),
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: metadata('$.DeploymentName'),
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: quoted('$.DeploymentName') },
          maxReplicas: 1,
        },
      },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: metadata('$.DeploymentName'),
        spec: { selector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': quoted('$.Name') } } },
      },
    ],
  };
}

function metadata(name: string, more: { annotations?: string; labels?: string; owned?: string } = {}): Fields {
  const owner = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    name: quoted('$.Name'),
    uid: quoted('$.UID'),
  };
  return {
    name: quoted(name),
    namespace: quoted('$.Namespace'),
    annotations: textMap(more.annotations ?? '', '$annotations'),
    labels: textMap('$.InfrastructureLabels', '$gatewayLabels', more.labels ?? ''),
    ownerReferences: more.owned === undefined ? [owner] : when(more.owned, [owner]),
  };
}

function serviceAccount({ sparesOldServers }: GatewayClassShape): Fields {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadata('$.ServiceAccount', sparesOldServers ? { owned: 'ge $.KubeVersion 128' } : {}),
  };
}

function deployment({ managedBy, outsideAmbient, podSpec }: GatewayClassShape): Fields {
  const managed = literalMap({ 'gateway.istio.io/managed': managedBy });
  const defaults = literalMap({
    'sidecar.istio.io/inject': '"false"',
    ...(outsideAmbient ? { 'istio.io/dataplane-mode': '"none"' } : {}),
    'service.istio.io/canonical-name': '$.DeploymentName',
    'service.istio.io/canonical-revision': '"latest"',
  });
  const scraped = literalMap({
    'istio.io/rev': '($.Revision | default "default")',
    'prometheus.io/path': '"/stats/prometheus"',
    'prometheus.io/port': '"15020"',
    'prometheus.io/scrape': '"true"',
  });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata('$.DeploymentName', { labels: managed }),
    spec: {
      selector: { matchLabels: selector() },
      template: {
        metadata: {
          annotations: textMap('$annotations', scraped),
          labels: textMap(defaults, '$.InfrastructureLabels', '$gatewayLabels', managed),
        },
        spec: podSpec,
      },
    },
  };
}

function service({ serviceAnnotations }: GatewayClassShape): Fields {
  const entries = Object.entries(serviceAnnotations).map(([name, value]) => [name, `"${value}"`]);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(
      '$.DeploymentName',
      entries.length === 0 ? {} : { annotations: literalMap(Object.fromEntries(entries)) },
    ),
    spec: {
      type: quoted('$.ServiceType'),
      ipFamilyPolicy: 'PreferDualStack',
      loadBalancerIP: when(
        'and $.Spec.Addresses (eq $.ServiceType "LoadBalancer")',
        quoted('(index $.Spec.Addresses 0).Value'),
      ),
      selector: selector(),
      ports: [forEach('$port := $.Ports', servicePort())],
    },
  };
}

function servicePort(): Part {
  return {
    name: quoted('$port.Name'),
    port: print('$port.Port'),
    protocol: 'TCP',
    // A pointer, which functions would print as an address; the protocols that it can be need no quotes.
    appProtocol: print('$port.AppProtocol'),
  };
}

function selector(): Part {
  return textMap('(strdict $.GatewayNameLabel $.Name)');
}

/** Maps of text, merged: the later ones win. */
function textMap(...maps: readonly string[]): Action {
  return print(`toJsonMap ${maps.filter((map) => map !== '').join(' ')}`);
}

/** A map of text whose values are expressions. */
function literalMap(entries: Readonly<Record<string, string>>): string {
  return `(strdict ${Object.entries(entries)
    .map(([name, value]) => `"${name}" ${value}`)
    .join(' ')})`;
}
