import type { ILabelSelector } from '@kubernetes-models/apimachinery/apis/meta/v1/LabelSelector';
import type { IHorizontalPodAutoscalerBehavior } from 'kubernetes-models/autoscaling/v2';
import type {
  IAffinity,
  IContainer,
  IEnvVar,
  ISeccompProfile,
  IToleration,
  ITopologySpreadConstraint,
  IVolume,
  IVolumeMount,
} from 'kubernetes-models/v1';
import type { JsonObject } from '../core/index.ts';
import type { BaseValues, ResourceScope } from './base-values.ts';
import type { ResourceValues, TextMap } from './value-types.ts';

type IpFamily = 'IPv4' | 'IPv6';
type IpFamilyPolicy = 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';

/**
 * The values that the builders of Pilot read. Maps and lists are always there (`settled`); a single value is absent when
 * the user set it to null. `values.pilot.*` stands at the top level.
 */
export interface IstiodValues {
  readonly autoscaleEnabled?: boolean;
  readonly autoscaleMin?: number;
  readonly autoscaleMax?: number;
  readonly autoscaleBehavior: IHorizontalPodAutoscalerBehavior;
  readonly replicaCount?: number;
  readonly rollingMaxSurge?: string | number;
  readonly rollingMaxUnavailable?: string | number;
  readonly hub?: string;
  readonly tag?: string | number;
  readonly variant?: string;
  /** An image's name, or with a slash the whole reference. */
  readonly image?: string;
  /** Percent of requests that are traced. */
  readonly traceSampling?: number;
  readonly resources: ResourceValues;
  /** Empty for the node's default. */
  readonly seccompProfile: ISeccompProfile;
  readonly extraContainerArgs: readonly string[];
  readonly env: TextMap;
  readonly envVarFrom: readonly IEnvVar[];
  /** How istiod takes the taint off nodes once their CNI agent is ready. */
  readonly taint: { readonly enabled?: boolean; readonly namespace?: string; readonly name?: string };
  readonly affinity: IAffinity;
  readonly tolerations: readonly IToleration[];
  readonly cpu: { readonly targetAverageUtilization?: number };
  readonly memory: { readonly targetAverageUtilization?: number };
  readonly volumes: readonly IVolume[];
  readonly volumeMounts: readonly IVolumeMount[];
  readonly initContainers: readonly IContainer[];
  readonly nodeSelector: TextMap;
  readonly podAnnotations: TextMap;
  readonly podLabels: TextMap;
  readonly deploymentLabels: TextMap;
  readonly deploymentAnnotations: TextMap;
  readonly serviceAnnotations: TextMap;
  readonly serviceAccountAnnotations: TextMap;
  readonly sidecarInjectorWebhookAnnotations: TextMap;
  readonly topologySpreadConstraints: readonly ITopologySpreadConstraint[];
  /** PEM certificates that istiod trusts when it fetches JWT keys. */
  readonly jwksResolverExtraRootCA?: string;
  readonly keepaliveMaxServerConnectionAge?: string;
  /** False leaves out the ConfigMap with the mesh configuration: somebody else writes it. */
  readonly configMap?: boolean;
  readonly ipFamilyPolicy?: IpFamilyPolicy | '';
  readonly ipFamilies: readonly IpFamily[];
  readonly trafficDistribution?: string;
  readonly trustedZtunnelNamespace?: string;
  readonly trustedZtunnelName?: string;
  readonly crlConfigMapName?: string;
  readonly platform?: string;
  readonly pdb: {
    readonly minAvailable?: string | number;
    readonly maxUnavailable?: string | number;
    readonly unhealthyPodEvictionPolicy?: 'AlwaysAllow' | 'IfHealthyBudget' | '';
  };
  readonly sidecarInjectorWebhook: InjectorValues;
  readonly istiodRemote: IstiodRemoteValues;
  readonly telemetry: {
    readonly enabled?: boolean;
    readonly v2: {
      readonly enabled?: boolean;
      readonly prometheus: { readonly enabled?: boolean };
      readonly stackdriver: { readonly enabled?: boolean };
    };
  };
  readonly revision?: string;
  readonly revisionTags: readonly string[];
  readonly ownerName?: string;
  /** Laid over the mesh configuration that other values make; null deletes. */
  readonly meshConfig: JsonObject;
  readonly experimental: { readonly stableValidationPolicy?: boolean };
  readonly base: Pick<BaseValues['base'], 'validationURL' | 'validationCABundle' | 'validationFailurePolicy'>;
  /** By class, then by kind: what Gateways of a class get in the objects made for them. */
  readonly gatewayClasses: Readonly<Record<string, JsonObject>>;
  readonly global: IstiodGlobalValues;
}

/** How pods are chosen for injection and what they get. */
export interface InjectorValues {
  readonly neverInjectSelector: readonly ILabelSelector[];
  readonly alwaysInjectSelector: readonly ILabelSelector[];
  readonly injectedAnnotations: TextMap;
  readonly enableNamespacesByDefault?: boolean;
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded';
  /** The user's own templates, by name; one with the name of a built-in template stands in for it. */
  readonly templates: Readonly<Record<string, string>>;
  readonly defaultTemplates: readonly string[];
}

/** How this cluster uses an istiod that runs in another one. */
export interface IstiodRemoteValues {
  readonly enabled?: boolean;
  /** Injection is done by an istiod of this cluster, configuration comes from the remote one. */
  readonly enabledLocalInjectorIstiod?: boolean;
  readonly injectionURL?: string;
  readonly injectionPath?: string;
  readonly injectionCABundle?: string;
}

/** `values.global` as far as Pilot reads it. */
export interface IstiodGlobalValues {
  readonly istioNamespace?: string;
  readonly certSigners: readonly string[];
  readonly defaultPodDisruptionBudget: { readonly enabled?: boolean };
  readonly defaultResources: ResourceValues;
  readonly hub?: string;
  readonly tag?: string | number;
  readonly variant?: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never' | '';
  readonly imagePullSecrets: readonly string[];
  readonly ipFamilyPolicy?: IpFamilyPolicy | '';
  readonly ipFamilies?: readonly IpFamily[];
  readonly istiod: { readonly enableAnalysis?: boolean };
  readonly logAsJson?: boolean;
  readonly logging: { readonly level?: string };
  readonly networkPolicy: { readonly enabled?: boolean };
  readonly omitSidecarInjectorConfigMap?: boolean;
  readonly resourceScope?: ResourceScope;
  /** The operator (or whoever) writes the injection webhooks; they are not rendered. */
  readonly operatorManageWebhooks?: boolean;
  readonly priorityClassName?: string;
  readonly proxy: {
    readonly autoInject?: string;
    readonly clusterDomain?: string;
    readonly variant?: string;
    readonly tracer?: string;
  };
  readonly tracer?: TracerValues;
  readonly remotePilotAddress?: string;
  readonly externalIstiod?: boolean;
  /** This cluster's configuration is read by the remote istiod. */
  readonly configCluster?: boolean;
  readonly configValidation?: boolean;
  readonly meshID?: string;
  readonly meshNetworks: JsonObject;
  readonly multiCluster: { readonly clusterName?: string };
  readonly pilotCertProvider?: string;
  readonly platform?: string;
  readonly sds: { readonly token: { readonly aud?: string } };
  readonly trustBundleName?: string;
}

/** Addresses and limits of the tracers that `global.proxy.tracer` can name. */
export interface TracerValues {
  readonly lightstep?: { readonly address?: string; readonly accessToken?: string };
  readonly zipkin?: { readonly address?: string };
  readonly datadog?: { readonly address?: string };
  readonly stackdriver?: {
    readonly debug?: boolean;
    readonly maxNumberOfAttributes?: number;
    readonly maxNumberOfAnnotations?: number;
    readonly maxNumberOfMessageEvents?: number;
  };
}
