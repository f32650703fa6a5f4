/**
 * The values that the builder of ztunnel reads: a flat view in which `global` and `ztunnel` are merged into the top.
 *
 * Lowest layer first:
 *
 * 1. `ztunnelDefaults`
 * 2. the values profile, then the compatibility version, then the platform, each merged as it is: `meshConfig` of ambient
 *    and `seLinuxOptions` of openshift count, their `ztunnel` and `cni` blocks do not
 * 3. `global` of those three, merged over the top
 * 4. the user's `global`, merged over the top (so `global.hub` is `hub`, `global.platform` is `platform`)
 * 5. of the values that the merged spec translates to: `global` as a block, every top-level value that is not a map
 *    (`revision`, …; maps such as `meshConfig` are dropped), and all of `ztunnel` over the top, which wins
 */

import type { IDaemonSetUpdateStrategy } from 'kubernetes-models/apps/v1';
import type {
  IAffinity,
  IContainer,
  IPodDNSConfig,
  IPodSpec,
  ISELinuxOptions,
  IToleration,
  IVolume,
  IVolumeMount,
} from 'kubernetes-models/v1';
import type { Choice, ResourceValues, TextMap } from './value-types.ts';

/** The flat values of ztunnel. Maps and lists that have a default are never absent. */
export interface ZtunnelValues {
  readonly hub?: string;
  readonly tag?: string | number;
  readonly variant?: string;
  readonly image?: string;
  readonly network?: string;
  /** The name of its objects; empty: `ztunnel`. */
  readonly resourceName?: string;
  readonly labels: TextMap;
  readonly annotations: TextMap;
  readonly volumeMounts: readonly IVolumeMount[];
  readonly volumes: readonly IVolume[];
  readonly nodeSelector?: TextMap;
  readonly affinity?: IAffinity;
  readonly tolerations: readonly IToleration[];
  readonly podAnnotations: TextMap;
  readonly podLabels: TextMap;
  readonly resources: ResourceValues;
  readonly resourceQuotas: { readonly enabled?: boolean; readonly pods?: number | string };
  /** Checks peers against the revocation list of a plugged-in CA. */
  readonly peerCaCrl: { readonly enabled?: boolean };
  readonly imagePullSecrets: readonly string[];
  readonly env: TextMap;
  readonly imagePullPolicy?: Choice<IContainer['imagePullPolicy']>;
  readonly multiCluster: { readonly clusterName?: string };
  readonly meshConfig?: { readonly defaultConfig?: { readonly proxyMetadata?: TextMap | null } | null };
  readonly terminationGracePeriodSeconds?: number;
  readonly revision?: string;
  /** Empty: istiod of the revision. */
  readonly caAddress?: string;
  /** Empty: istiod of the revision. */
  readonly xdsAddress?: string;
  readonly istioNamespace?: string;
  readonly trustBundleName?: string;
  readonly logLevel?: string;
  readonly logAsJson?: boolean;
  readonly platform?: string;
  readonly seLinuxOptions: ISELinuxOptions;
  /** Which objects to make: `all`, or only those of `cluster` or `namespace` scope. */
  readonly resourceScope?: string;
  readonly updateStrategy: IDaemonSetUpdateStrategy;
  readonly dnsPolicy?: Choice<IPodSpec['dnsPolicy']>;
  readonly dnsConfig: IPodDNSConfig;
  readonly global: { readonly networkPolicy: { readonly enabled?: boolean } };
}

/** The lowest layer of ztunnel's values. */
export const ztunnelDefaults = {
  hub: 'registry.istio.io/testing',
  tag: 'latest',
  variant: '',
  image: 'ztunnel',
  network: '',
  global: { networkPolicy: { enabled: false } },
  resourceName: '',
  labels: {},
  annotations: {},
  volumeMounts: [],
  volumes: [],
  tolerations: [
    { effect: 'NoSchedule', operator: 'Exists' },
    { key: 'CriticalAddonsOnly', operator: 'Exists' },
    { effect: 'NoExecute', operator: 'Exists' },
  ],
  podAnnotations: { 'prometheus.io/port': '15020', 'prometheus.io/scrape': 'true' },
  podLabels: {},
  resources: { requests: { cpu: '200m', memory: '512Mi' } },
  resourceQuotas: { enabled: false, pods: 5000 },
  peerCaCrl: { enabled: false },
  imagePullSecrets: [],
  env: {},
  imagePullPolicy: '',
  multiCluster: { clusterName: '' },
  meshConfig: { defaultConfig: { proxyMetadata: {} } },
  terminationGracePeriodSeconds: 30,
  revision: '',
  caAddress: '',
  xdsAddress: '',
  istioNamespace: 'istio-system',
  logLevel: 'info',
  logAsJson: false,
  seLinuxOptions: {},
  resourceScope: 'all',
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  dnsPolicy: '',
  dnsConfig: {},
} as const satisfies ZtunnelValues;
