import type { JsonObject } from '../../../core/index.ts';
import { type Addon, addressOf, prometheusAddress, SERVICES } from '../shared/addon.ts';

/** The port of Kiali's own metrics. */
export const METRICS_PORT = 9_090;

/** Where the user interface begins; `istioctl dashboard kiali` opens this path. */
export const WEB_ROOT = '/kiali';

/** The configuration of Kiali. */
export function kialiConfig(addon: Addon, strategy: string): JsonObject {
  const { namespace, mesh, places } = addon;
  const externalHost = addon.settings.expose?.host;
  return {
    auth: { strategy, ...(strategy === 'openid' ? { openid: openId(addon) } : {}) },
    deployment: {
      cluster_wide_access: true,
      instance_name: addon.name,
      namespace,
      // without a login nobody may change anything, whatever rights Kiali is given
      view_only_mode: strategy === 'anonymous',
    },
    external_services: {
      istio: { istio_identity_domain: `svc.${mesh.clusterDomain}` },
      prometheus: { url: prometheusAddress(addon) },
      grafana: grafana(addon),
      tracing: tracing(addon),
    },
    server: {
      port: SERVICES.kiali.port,
      web_root: WEB_ROOT,
      ...(externalHost === undefined
        ? {}
        : {
            web_fqdn: externalHost,
            web_schema: places.kiali?.externalUrl?.startsWith('https:') ? 'https' : 'http',
          }),
      observability: { metrics: { enabled: true, port: METRICS_PORT } },
    },
  };
}

function openId({ settings }: Addon): JsonObject {
  const { clientId, issuerUri, usernameClaim, scopes, disableRbac } = settings.auth?.openid ?? {};
  return {
    client_id: clientId,
    issuer_uri: issuerUri,
    username_claim: usernameClaim || undefined,
    scopes,
    disable_rbac: disableRbac,
  };
}

/** Kiali links from its pages to these dashboards, by their titles. */
function grafana(addon: Addon): JsonObject {
  const url = addressOf(addon, 'grafana');
  if (url === undefined) return { enabled: false };
  return {
    enabled: true,
    internal_url: url,
    external_url: addon.places.grafana?.externalUrl,
    dashboards: [
      { name: 'Istio Service', variables: { namespace: 'var-namespace', service: 'var-service' } },
      { name: 'Istio Workload', variables: { namespace: 'var-namespace', workload: 'var-workload' } },
      { name: 'Istio Mesh' },
      { name: 'Istio Control Plane' },
      { name: 'Istio ztunnel' },
    ],
  };
}

/** Of our two backends Kiali can read Jaeger only. */
function tracing(addon: Addon): JsonObject {
  const url = addressOf(addon, 'tracing');
  if (url === undefined) return { enabled: false };
  return {
    enabled: true,
    provider: 'jaeger',
    use_grpc: false,
    internal_url: url,
    external_url: addon.places.tracing?.externalUrl,
  };
}
