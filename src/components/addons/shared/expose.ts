import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1';
import type { JsonObject, KubernetesObject } from '../../../core/index.ts';
import type { ExposeSettings } from '../../../values/index.ts';
import { textMap } from '../../shared/text.ts';
import { built } from '../../shared/typed.ts';
import type { Addon } from './addon.ts';
import type { Dashboard } from './service.ts';

/** What brings users from outside to a dashboard; nothing where it is not exposed. */
export function exposure(addon: Addon, dashboard: Dashboard): readonly KubernetesObject[] {
  const { expose } = addon.settings;
  if (expose === undefined) return [];
  switch (expose.kind) {
    case 'HTTPRoute':
      return httpRoute(addon, expose, dashboard);
    case 'Gateway':
      return istioGateway(addon, expose, dashboard);
    default:
      return [ingress(addon, expose, dashboard)];
  }
}

function metadataOf({ name, namespace, labels }: Addon, expose?: ExposeSettings) {
  return { name, namespace, labels, annotations: textMap(expose?.annotations) };
}

function ingress(addon: Addon, expose: ExposeSettings, { service, port }: Dashboard): KubernetesObject {
  const { host, tlsSecret, ingressClassName } = expose;
  return built<IIngress>({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadataOf(addon, expose),
    spec: {
      ingressClassName: ingressClassName || undefined,
      tls: tlsSecret ? [{ hosts: [host], secretName: tlsSecret }] : undefined,
      rules: [
        {
          host,
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: port } } } }],
          },
        },
      ],
    },
  });
}

/** A route of the Gateway API, with a Gateway for it where the author names none. */
function httpRoute(addon: Addon, expose: ExposeSettings, { service, port }: Dashboard): readonly KubernetesObject[] {
  const { gateway, host } = expose;
  const route = custom('gateway.networking.k8s.io/v1', 'HTTPRoute', metadataOf(addon, expose), {
    parentRefs: [
      gateway === undefined
        ? { name: addon.name }
        : { name: gateway.name, namespace: gateway.namespace, sectionName: gateway.sectionName },
    ],
    hostnames: [host],
    rules: [{ backendRefs: [{ name: service, port }] }],
  });
  return gateway === undefined ? [gatewayForRoute(addon, expose), route] : [route];
}

function gatewayForRoute(addon: Addon, { host, tlsSecret }: ExposeSettings): KubernetesObject {
  const listener = tlsSecret
    ? {
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        tls: { mode: 'Terminate', certificateRefs: [{ name: tlsSecret }] },
      }
    : { name: 'http', port: 80, protocol: 'HTTP' };
  return custom('gateway.networking.k8s.io/v1', 'Gateway', metadataOf(addon), {
    gatewayClassName: 'istio',
    listeners: [{ ...listener, hostname: host, allowedRoutes: { namespaces: { from: 'Same' } } }],
  });
}

/** A Gateway of Istio on pods that are there already, and the VirtualService behind it. */
function istioGateway(addon: Addon, expose: ExposeSettings, dashboard: Dashboard): readonly KubernetesObject[] {
  const { host, tlsSecret, selector } = expose;
  const plain = { hosts: [host], port: { name: 'http', number: 80, protocol: 'HTTP' } };
  const secure = {
    hosts: [host],
    port: { name: 'https', number: 443, protocol: 'HTTPS' },
    tls: { mode: 'SIMPLE', credentialName: tlsSecret },
  };
  const destination = {
    host: `${dashboard.service}.${addon.namespace}.svc.${addon.mesh.clusterDomain}`,
    port: { number: dashboard.port },
  };
  return [
    custom('networking.istio.io/v1', 'Gateway', metadataOf(addon, expose), {
      selector: textMap(selector) ?? { istio: 'ingressgateway' },
      servers: tlsSecret ? [{ ...plain, tls: { httpsRedirect: true } }, secure] : [plain],
    }),
    custom('networking.istio.io/v1', 'VirtualService', metadataOf(addon), {
      hosts: [host],
      gateways: [addon.name],
      http: [{ route: [{ destination }] }],
    }),
  ];
}

/** An object of a kind for which there are no types. */
function custom(
  apiVersion: string,
  kind: string,
  metadata: ReturnType<typeof metadataOf>,
  spec: JsonObject,
): KubernetesObject {
  return built<KubernetesObject & { readonly spec: JsonObject }>({ apiVersion, kind, metadata, spec });
}
