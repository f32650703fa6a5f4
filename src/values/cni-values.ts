/**
 * The values that the builder of the CNI node agent reads: a flat view, with everything of `cni` at the top.
 *
 * Lowest layer first:
 *
 * 1. `cniDefaults`
 * 2. the values profile, then the compatibility version, then the platform, each merged as it is. Most of what they say is
 *    below `cni`; some counts at the top (`seLinuxOptions` of openshift, `resourceQuotas` of gke, `ambient` of 1.25).
 * 3. the values that the merged spec translates to, whole (`global`, `revision`, …)
 * 4. at the end, all that `cni` then holds, merged over the top
 */

import type { IDaemonSetUpdateStrategy } from 'kubernetes-models/apps/v1';
import type { IAffinity, IContainer, ISELinuxOptions, ISeccompProfile, IToleration } from 'kubernetes-models/v1';
import type { Json } from '../core/index.ts';
import type { Choice, ResourceValues, TextMap } from './value-types.ts';

/** The flat values of the CNI node agent. Maps and lists that have a default are never absent. */
export interface CniValues {
  readonly hub?: string;
  readonly tag?: string | number;
  readonly variant?: string;
  readonly image?: string;
  readonly pullPolicy?: Choice<IContainer['imagePullPolicy']>;
  readonly logging: { readonly level?: string };
  /** Where the node keeps CNI plugins; empty: found out from the kind of cluster. */
  readonly cniBinDir?: string;
  readonly cniConfDir?: string;
  /** The configuration file to extend; empty: the first one of the directory. */
  readonly cniConfFileName?: string;
  readonly cniNetnsDir?: string;
  readonly istioOwnedCNIConfig?: boolean;
  readonly istioOwnedCNIConfigFileName?: string;
  readonly excludeNamespaces: readonly string[];
  readonly affinity: IAffinity;
  readonly daemonSetLabels: TextMap;
  readonly podAnnotations: TextMap;
  readonly podLabels: TextMap;
  readonly chained?: boolean;
  /** `default` or `multus`. */
  readonly provider?: string;
  readonly ambient: {
    readonly enabled?: boolean;
    /** Which pods ambient mode captures, as a list of pod and namespace selectors. */
    readonly enablementSelectors?: Json;
    readonly dnsCapture?: boolean;
    readonly ipv6?: boolean;
    readonly reconcileIptablesOnStartup?: boolean;
    readonly shareHostNetworkNamespace?: boolean;
    readonly enableAmbientDetectionRetry?: boolean;
  };
  /** What to do with pods that started before the plugin was there: the first of repair, delete and label that is on. */
  readonly repair: {
    readonly enabled?: boolean;
    readonly repairPods?: boolean;
    readonly deletePods?: boolean;
    readonly labelPods?: boolean;
    readonly initContainerName?: string;
    readonly brokenPodLabelKey?: string;
    readonly brokenPodLabelValue?: string;
  };
  readonly seccompProfile: Partial<ISeccompProfile>;
  readonly seLinuxOptions: ISELinuxOptions;
  /** AppArmor by annotation, for Kubernetes before 1.30; else by the container's security context. */
  readonly useAppArmorAnnotation?: boolean;
  readonly resources: ResourceValues;
  readonly resourceQuotas: { readonly enabled?: boolean; readonly pods?: number | string };
  readonly tolerations: readonly IToleration[];
  readonly updateStrategy: IDaemonSetUpdateStrategy;
  readonly terminationGracePeriodSeconds?: number;
  readonly revision?: string;
  readonly platform?: string;
  readonly env: TextMap;
  readonly global: {
    readonly defaultResources: ResourceValues;
    readonly hub?: string;
    readonly imagePullPolicy?: Choice<IContainer['imagePullPolicy']>;
    readonly imagePullSecrets: readonly string[];
    readonly logAsJson?: boolean;
    readonly logging: { readonly level?: string };
    readonly nativeNftables?: boolean;
    readonly networkPolicy: { readonly enabled?: boolean };
    readonly platform?: string;
    /** Which objects to make: `all`, or only those of `cluster` or `namespace` scope. */
    readonly resourceScope?: string;
    readonly tag?: string | number;
    readonly variant?: string;
  };
}

/** The lowest layer of the CNI node agent's values. */
export const cniDefaults = {
  hub: '',
  tag: '',
  variant: '',
  image: 'install-cni',
  pullPolicy: '',
  logging: { level: '' },
  cniBinDir: '/opt/cni/bin',
  cniConfDir: '/etc/cni/net.d',
  cniConfFileName: '',
  cniNetnsDir: '/var/run/netns',
  istioOwnedCNIConfigFileName: '',
  istioOwnedCNIConfig: false,
  excludeNamespaces: ['kube-system'],
  affinity: {},
  daemonSetLabels: {},
  podAnnotations: {},
  podLabels: {},
  chained: true,
  provider: 'default',
  ambient: {
    enabled: false,
    enablementSelectors: [
      { podSelector: { matchLabels: { 'istio.io/dataplane-mode': 'ambient' } } },
      {
        podSelector: { matchExpressions: [{ key: 'istio.io/dataplane-mode', operator: 'NotIn', values: ['none'] }] },
        namespaceSelector: { matchLabels: { 'istio.io/dataplane-mode': 'ambient' } },
      },
    ],
    dnsCapture: true,
    ipv6: true,
    reconcileIptablesOnStartup: true,
    shareHostNetworkNamespace: false,
    enableAmbientDetectionRetry: false,
  },
  repair: {
    enabled: true,
    labelPods: false,
    deletePods: false,
    repairPods: true,
    initContainerName: 'istio-validation',
    brokenPodLabelKey: 'cni.istio.io/uninitialized',
    brokenPodLabelValue: 'true',
  },
  seccompProfile: {},
  seLinuxOptions: {},
  useAppArmorAnnotation: true,
  resources: { requests: { cpu: '100m', memory: '100Mi' } },
  resourceQuotas: { enabled: false, pods: 5000 },
  tolerations: [
    { effect: 'NoSchedule', operator: 'Exists' },
    { key: 'CriticalAddonsOnly', operator: 'Exists' },
    { effect: 'NoExecute', operator: 'Exists' },
  ],
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
  terminationGracePeriodSeconds: 30,
  revision: '',
  global: {
    hub: 'registry.istio.io/testing',
    tag: 'latest',
    variant: '',
    imagePullPolicy: '',
    logging: { level: 'info' },
    logAsJson: false,
    networkPolicy: { enabled: false },
    imagePullSecrets: [],
    defaultResources: { requests: { cpu: '100m', memory: '100Mi' } },
    nativeNftables: false,
    resourceScope: 'all',
  },
  env: {},
} as const satisfies CniValues;
