import type { JsonObject } from '../core/index.ts';

/** The names of the built-in profiles, in the order in which messages list them. */
export const PROFILE_NAMES = [
  'default',
  'demo',
  'minimal',
  'empty',
  'remote',
  'preview',
  'stable',
  'ambient',
  'openshift',
  'openshift-ambient',
] as const;

/** The name of a built-in profile. */
export type ProfileName = (typeof PROFILE_NAMES)[number];

const NO_INGRESS: JsonObject = { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] };

/**
 * What each profile sets in an IstioOperator's spec. Every profile but `default` is laid over `default`. Hub and tag are
 * not here: they are the operator's own (`ISTIO_HUB`, `ISTIO_VERSION`).
 */
export const BUILTIN_PROFILES: Readonly<Record<ProfileName, JsonObject>> = {
  default: {
    components: {
      base: { enabled: true },
      pilot: { enabled: true },
      ingressGateways: [{ name: 'istio-ingressgateway', enabled: true }],
      egressGateways: [{ name: 'istio-egressgateway', enabled: false }],
    },
    values: {
      // No default revision: who validates for it comes with a revision tag, not with Base.
      defaultRevision: '',
      global: { istioNamespace: 'istio-system', configValidation: true },
      gateways: { 'istio-ingressgateway': {}, 'istio-egressgateway': {} },
      ztunnel: { resourceName: 'ztunnel' },
    },
  },
  demo: {
    components: { egressGateways: [{ name: 'istio-egressgateway', enabled: true }] },
    addonComponents: {
      prometheus: { enabled: true },
      grafana: { enabled: true },
      kiali: { enabled: true },
      tracing: { enabled: true },
    },
    values: { profile: 'demo' },
  },
  minimal: { components: NO_INGRESS },
  empty: { components: { base: { enabled: false }, pilot: { enabled: false }, ...NO_INGRESS } },
  remote: {
    components: { base: { enabled: true }, pilot: { enabled: true }, ...NO_INGRESS },
    values: { profile: 'remote' },
  },
  preview: { values: { profile: 'preview' } },
  stable: { values: { profile: 'stable' } },
  ambient: {
    components: { cni: { enabled: true }, ztunnel: { enabled: true }, ...NO_INGRESS },
    values: { profile: 'ambient' },
  },
  openshift: {
    components: { cni: { enabled: true, namespace: 'kube-system' } },
    values: { global: { platform: 'openshift' } },
  },
  'openshift-ambient': {
    components: {
      cni: { enabled: true, namespace: 'kube-system' },
      ztunnel: { enabled: true, namespace: 'kube-system' },
      ...NO_INGRESS,
    },
    values: { profile: 'ambient', global: { platform: 'openshift' } },
  },
};
