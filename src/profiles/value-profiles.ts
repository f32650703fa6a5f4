import type { JsonObject } from '../core/index.ts';

const SMALL: JsonObject = { requests: { cpu: '10m', memory: '40Mi' } };

const AMBIENT: JsonObject = {
  meshConfig: {
    defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: 'true' } },
    serviceScopeConfigs: [
      {
        servicesSelector: { matchExpressions: [{ key: 'istio.io/global', operator: 'In', values: ['true'] }] },
        scope: 'GLOBAL',
      },
    ],
  },
  global: { variant: 'distroless' },
  pilot: { env: { PILOT_ENABLE_AMBIENT: 'true' } },
  cni: { ambient: { enabled: true } },
};

/** Small requests, one replica of everything, traces and access logs on: for trying Istio out. */
const DEMO: JsonObject = {
  meshConfig: {
    accessLogFile: '/dev/stdout',
    extensionProviders: [
      {
        name: 'otel',
        envoyOtelAls: { service: 'opentelemetry-collector.observability.svc.cluster.local', port: 4317 },
      },
      { name: 'skywalking', skywalking: { service: 'tracing.istio-system.svc.cluster.local', port: 11800 } },
      {
        name: 'otel-tracing',
        opentelemetry: { port: 4317, service: 'opentelemetry-collector.observability.svc.cluster.local' },
      },
      { name: 'jaeger', opentelemetry: { port: 4317, service: 'jaeger-collector.istio-system.svc.cluster.local' } },
    ],
  },
  cni: { resources: SMALL },
  ztunnel: { resources: SMALL },
  global: { proxy: { resources: SMALL }, waypoint: { resources: SMALL } },
  pilot: {
    autoscaleEnabled: false,
    traceSampling: 100,
    resources: { requests: { cpu: '10m', memory: '100Mi' } },
  },
  gateways: {
    'istio-egressgateway': { autoscaleEnabled: false, resources: SMALL },
    'istio-ingressgateway': {
      autoscaleEnabled: false,
      ports: [
        { port: 15021, targetPort: 15021, name: 'status-port' },
        { port: 80, targetPort: 8080, name: 'http2' },
        { port: 443, targetPort: 8443, name: 'https' },
        { port: 31400, targetPort: 31400, name: 'tcp' },
        { port: 15443, targetPort: 15443, name: 'tls' },
      ],
      resources: SMALL,
    },
  },
};

/** The profiles of Istio's values: what `values.profile` may name. An IstioOperator profile picks one by that field. */
export const VALUE_PROFILES: Readonly<Record<string, JsonObject>> = {
  ambient: AMBIENT,
  demo: DEMO,
  preview: { meshConfig: { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } } },
  remote: {
    istiodRemote: { enabled: true },
    configMap: false,
    telemetry: { enabled: false },
    global: { omitSidecarInjectorConfigMap: true },
  },
  stable: { experimental: { stableValidationPolicy: true } },
};

/** What `values.global.platform` may name, and how Istio's defaults differ there. */
export const PLATFORMS: Readonly<Record<string, JsonObject>> = {
  gke: { cni: { cniBinDir: '', resourceQuotas: { enabled: true } }, resourceQuotas: { enabled: true } },
  k3d: { cni: { cniConfDir: '/var/lib/rancher/k3s/agent/etc/cni/net.d', cniBinDir: '/bin' } },
  k3s: {
    cni: { cniConfDir: '/var/lib/rancher/k3s/agent/etc/cni/net.d', cniBinDir: '/var/lib/rancher/k3s/data/cni' },
  },
  microk8s: {
    cni: {
      cniConfDir: '/var/snap/microk8s/current/args/cni-network',
      cniBinDir: '/var/snap/microk8s/current/opt/cni/bin',
    },
  },
  minikube: { cni: { cniNetnsDir: '/var/run/docker/netns' } },
  openshift: {
    cni: {
      cniBinDir: '/var/lib/cni/bin',
      cniConfDir: '/etc/cni/multus/net.d',
      chained: false,
      cniConfFileName: 'istio-cni.conf',
      provider: 'multus',
    },
    pilot: { cni: { enabled: true, provider: 'multus' } },
    seLinuxOptions: { type: 'spc_t' },
    trustedZtunnelNamespace: 'kube-system',
  },
};

/**
 * Behaviour that was different up to and including a release, newest first. A compatibility version undoes every change
 * after it: its own entry and all above.
 */
export const BEHAVIOUR_UP_TO: readonly { readonly release: string; readonly values: JsonObject }[] = [
  { release: '1.29', values: { pilot: { env: { PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false' } } } },
  {
    release: '1.28',
    values: {
      pilot: { env: { DISABLE_TRACK_REMAINING_CB_METRICS: 'false' } },
      cni: { ambient: { reconcileIptablesOnStartup: false } },
    },
  },
  {
    release: '1.27',
    values: {
      pilot: { env: { DISABLE_SHADOW_HOST_SUFFIX: 'false', PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false' } },
    },
  },
  { release: '1.26', values: { pilot: { env: { ENABLE_NATIVE_SIDECARS: 'false' } } } },
  { release: '1.25', values: { ambient: { shareHostNetworkNamespace: true } } },
];
