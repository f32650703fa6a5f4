/**
 * The values that the gateway builders read.
 *
 * An instance gets the whole values tree, in which `gateways.istio-ingressgateway` (`gateways.istio-egressgateway` for an
 * egress gateway) holds the settings of this one gateway. Lowest layer first:
 *
 * 1. `ingressGatewayDefaults` or `egressGatewayDefaults`
 * 2. the values profile, the compatibility version and the platform, each merged as it is (all have `gateways.…` paths)
 * 3. the values that the merged spec translates to. For the entry of the gateway list: `name` and `label` become `name`
 *    and `labels` (merged over the default labels), `tag` becomes `tag`, and `k8s.service.ports`, where given, replaces
 *    `ports`. There a port without `targetPort` gets 0, which is how the API type spells "the same"; a port in
 *    `values.gateways.….ports` is left as it is.
 */
import type { IContainer, IServicePort, IServiceSpec, IToleration } from 'kubernetes-models/v1';
import type { Choice, ResourceValues, TextMap } from './value-types.ts';

/** Where the settings of a gateway stand below `gateways`; also the usual name of the gateway. */
export type GatewayRoot = 'istio-ingressgateway' | 'istio-egressgateway';

/**
 * A port of a gateway's Service; `targetPort` (or `port`) is what the proxy listens on. Without any `port` the API server
 * refuses it.
 */
export interface GatewayPort {
  readonly port?: number | string | undefined;
  readonly targetPort?: number | string;
  readonly name?: string | undefined;
  readonly protocol?: NonNullable<IServicePort['protocol']>;
  readonly nodePort?: number | string;
  readonly appProtocol?: string;
}

/** A rule that keeps the pods of a gateway apart from other pods. Istio's own form of its lists is `a,b`. */
export interface PodAntiAffinityRule {
  readonly key: string;
  readonly operator: string;
  readonly values?: string | readonly string[];
  readonly topologyKey: string;
  readonly namespaces?: string | readonly string[];
}

/** The settings of one gateway. */
export interface GatewaySettings {
  readonly name?: string;
  /** On every object, and what selects the pods. */
  readonly labels: TextMap;
  readonly ports: readonly GatewayPort[];
  /** More ports of an ingress gateway's Service that no container port stands for. */
  readonly ingressPorts?: readonly GatewayPort[];
  /** The same for an egress gateway. */
  readonly egressPorts?: readonly GatewayPort[];
  readonly tag?: string | number;
  readonly replicaCount?: number;
  readonly rollingMaxSurge?: string | number;
  readonly rollingMaxUnavailable?: string | number;
  readonly autoscaleEnabled?: boolean;
  readonly autoscaleMin?: number;
  readonly autoscaleMax?: number;
  readonly cpu: { readonly targetAverageUtilization?: number };
  readonly resources: ResourceValues;
  readonly type?: Choice<IServiceSpec['type']>;
  readonly loadBalancerIP?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly externalTrafficPolicy?: Choice<IServiceSpec['externalTrafficPolicy']>;
  readonly ipFamilyPolicy?: Choice<IServiceSpec['ipFamilyPolicy']>;
  readonly ipFamilies: Readonly<NonNullable<IServiceSpec['ipFamilies']>>;
  readonly serviceAnnotations: TextMap;
  readonly podAnnotations: TextMap;
  readonly serviceAccount: { readonly annotations?: TextMap };
  readonly secretVolumes: readonly {
    readonly name: string;
    readonly secretName: string;
    readonly mountPath: string;
  }[];
  readonly configVolumes: readonly {
    readonly name: string;
    readonly configMapName: string;
    readonly mountPath?: string;
  }[];
  readonly additionalContainers: readonly IContainer[];
  /** The user brings the Service. */
  readonly customService?: boolean;
  readonly env: TextMap;
  readonly nodeSelector: TextMap;
  readonly tolerations: readonly IToleration[];
  /** Pods that must not share a topology domain with this gateway. */
  readonly podAntiAffinityLabelSelector: readonly PodAntiAffinityRule[];
  /** Pods that should not, if it can be helped. */
  readonly podAntiAffinityTermLabelSelector: readonly PodAntiAffinityRule[];
  readonly runAsRoot?: boolean;
  /** The injection template that makes the proxy; empty: the Deployment holds the whole proxy itself. */
  readonly injectionTemplate?: string;
}

/** The part of the values tree that a gateway depends on. Maps and lists that have a default are never absent. */
export interface GatewayValues {
  readonly gateways: Readonly<Record<GatewayRoot, GatewaySettings>>;
  readonly revision?: string;
  readonly platform?: string;
  readonly pilot?: { readonly env?: TextMap };
  /** The mesh configuration as the user has it, with nulls. */
  readonly meshConfig?: {
    readonly enablePrometheusMerge?: boolean | null;
    readonly trustDomain?: string | null;
    readonly defaultConfig?: { readonly proxyMetadata?: TextMap | null } | null;
  };
  readonly global: {
    readonly arch: Readonly<Record<string, number>>;
    readonly caAddress?: string;
    readonly defaultNodeSelector: TextMap;
    readonly defaultPodDisruptionBudget: { readonly enabled?: boolean };
    readonly defaultResources: ResourceValues;
    readonly defaultTolerations: readonly IToleration[];
    readonly hub?: string;
    readonly imagePullPolicy?: Choice<IContainer['imagePullPolicy']>;
    readonly imagePullSecrets: readonly string[];
    readonly istioNamespace?: string;
    readonly logAsJson?: boolean;
    readonly logging: { readonly level?: string };
    readonly meshID?: string;
    readonly mountMtlsCerts?: boolean;
    readonly multiCluster: { readonly clusterName?: string };
    readonly network?: string;
    readonly networkPolicy: { readonly enabled?: boolean };
    readonly pilotCertProvider?: string;
    readonly platform?: string;
    readonly priorityClassName?: string;
    readonly proxy: {
      readonly clusterDomain?: string;
      readonly componentLogLevel?: string;
      readonly image?: string;
      readonly logLevel?: string;
      readonly variant?: string;
    };
    readonly sds: { readonly token: { readonly aud?: string } };
    readonly sts: { readonly servicePort?: number };
    readonly tag?: string | number;
    readonly trustBundleName?: string;
    readonly variant?: string;
  };
}

/** The lowest layer has settings for one kind of gateway only. */
type GatewayDefaults = Omit<GatewayValues, 'gateways'> & { readonly gateways: Partial<GatewayValues['gateways']> };

const sharedDefaults = {
  revision: '',
  global: {
    defaultNodeSelector: {},
    defaultPodDisruptionBudget: { enabled: true },
    defaultResources: { requests: { cpu: '10m' } },
    defaultTolerations: [],
    hub: 'registry.istio.io/testing',
    tag: 'latest',
    variant: '',
    imagePullPolicy: '',
    imagePullSecrets: [],
    logAsJson: false,
    arch: {},
    logging: { level: 'default:info' },
    priorityClassName: '',
    proxy: {
      image: 'proxyv2',
      clusterDomain: 'cluster.local',
      componentLogLevel: 'misc:error',
      logLevel: 'warning',
    },
    caAddress: '',
    istioNamespace: 'istio-system',
    meshID: '',
    mountMtlsCerts: false,
    multiCluster: { clusterName: '' },
    network: '',
    pilotCertProvider: 'istiod',
    sds: { token: { aud: 'istio-ca' } },
    sts: { servicePort: 0 },
    networkPolicy: { enabled: false },
  },
  meshConfig: { enablePrometheusMerge: true, trustDomain: 'cluster.local', defaultConfig: { proxyMetadata: {} } },
} as const;

const sharedGatewayDefaults = {
  rollingMaxSurge: '100%',
  rollingMaxUnavailable: '25%',
  autoscaleEnabled: true,
  autoscaleMin: 1,
  autoscaleMax: 5,
  cpu: { targetAverageUtilization: 80 },
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } },
  serviceAnnotations: {},
  ipFamilyPolicy: '',
  ipFamilies: [],
  podAnnotations: {},
  additionalContainers: [],
  configVolumes: [],
  serviceAccount: { annotations: {} },
  env: {},
  nodeSelector: {},
  tolerations: [],
  podAntiAffinityLabelSelector: [],
  podAntiAffinityTermLabelSelector: [],
  runAsRoot: false,
  injectionTemplate: '',
} as const;

/** The lowest layer of an ingress gateway's values. */
export const ingressGatewayDefaults = {
  ...sharedDefaults,
  gateways: {
    'istio-ingressgateway': {
      ...sharedGatewayDefaults,
      name: 'istio-ingressgateway',
      labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
      // AWS checks the health of a load balancer on the first port, so that is the one that always answers
      ports: [
        { port: 15021, targetPort: 15021, name: 'status-port', protocol: 'TCP' },
        { port: 80, targetPort: 8080, name: 'http2', protocol: 'TCP' },
        { port: 443, targetPort: 8443, name: 'https', protocol: 'TCP' },
      ],
      loadBalancerIP: '',
      loadBalancerSourceRanges: [],
      type: 'LoadBalancer',
      secretVolumes: [
        {
          name: 'ingressgateway-certs',
          secretName: 'istio-ingressgateway-certs',
          mountPath: '/etc/istio/ingressgateway-certs',
        },
        {
          name: 'ingressgateway-ca-certs',
          secretName: 'istio-ingressgateway-ca-certs',
          mountPath: '/etc/istio/ingressgateway-ca-certs',
        },
      ],
      customService: false,
      externalTrafficPolicy: '',
      ingressPorts: [],
    },
  },
} as const satisfies GatewayDefaults;

/** The lowest layer of an egress gateway's values. */
export const egressGatewayDefaults = {
  ...sharedDefaults,
  gateways: {
    'istio-egressgateway': {
      ...sharedGatewayDefaults,
      name: 'istio-egressgateway',
      labels: { app: 'istio-egressgateway', istio: 'egressgateway' },
      ports: [
        { port: 80, targetPort: 8080, name: 'http2', protocol: 'TCP' },
        { port: 443, targetPort: 8443, name: 'https', protocol: 'TCP' },
      ],
      type: 'ClusterIP',
      secretVolumes: [
        {
          name: 'egressgateway-certs',
          secretName: 'istio-egressgateway-certs',
          mountPath: '/etc/istio/egressgateway-certs',
        },
        {
          name: 'egressgateway-ca-certs',
          secretName: 'istio-egressgateway-ca-certs',
          mountPath: '/etc/istio/egressgateway-ca-certs',
        },
      ],
    },
  },
} as const satisfies GatewayDefaults;
