import type { JsonObject } from '../../core/index.ts';
import type { IstiodValues } from '../../values/index.ts';
import { firstSet, isEmpty } from '../shared/empty.ts';
import type { PilotContext } from './pilot-context.ts';

/** The part of the mesh configuration that follows from other values; the user's `meshConfig` goes on top. */
export function derivedMeshConfig(pilot: PilotContext): JsonObject {
  const { values, istioNamespace } = pilot;
  const variant = firstSet(values.global.proxy.variant, values.global.variant);
  return {
    trustDomain: 'cluster.local',
    rootNamespace: values.meshConfig.rootNamespace || istioNamespace,
    defaultProviders: defaultProviders(values),
    defaultConfig: {
      meshId: values.global.meshID || undefined,
      image: variant === undefined ? undefined : { imageType: variant },
      tracing: tracing(pilot),
      discoveryAddress: discoveryAddress(pilot),
    },
  };
}

/** Who gets telemetry that no Telemetry resource directs elsewhere. */
function defaultProviders({ telemetry, meshConfig }: IstiodValues): JsonObject | undefined {
  if (!isEmpty(meshConfig.defaultProviders) || !telemetry.enabled || !telemetry.v2.enabled) return undefined;
  const prometheus = telemetry.v2.prometheus.enabled ? ['prometheus'] : [];
  const stackdriver = telemetry.v2.stackdriver.enabled ? ['stackdriver'] : [];
  const metrics = [...prometheus, ...stackdriver];
  if (metrics.length === 0) return undefined;
  return { metrics, accessLogging: stackdriver.length === 0 ? undefined : stackdriver };
}

/** Where the tracer of `global.proxy.tracer` is; `none` and names that Istio does not know set nothing. */
function tracing({ values, istioNamespace }: PilotContext): JsonObject | undefined {
  const { tracer, proxy } = values.global;
  switch (proxy.tracer) {
    case 'zipkin':
      return { zipkin: { address: tracer?.zipkin?.address || `zipkin.${istioNamespace}:9411` } };
    case 'datadog':
      return { datadog: { address: tracer?.datadog?.address || '$(HOST_IP):8126' } };
    case 'lightstep':
      return { lightstep: { address: tracer?.lightstep?.address, accessToken: tracer?.lightstep?.accessToken } };
    case 'stackdriver':
      return {
        stackdriver: {
          debug: tracer?.stackdriver?.debug || false,
          maxNumberOfAttributes: tracer?.stackdriver?.maxNumberOfAttributes || 200,
          maxNumberOfAnnotations: tracer?.stackdriver?.maxNumberOfAnnotations || 200,
          maxNumberOfMessageEvents: tracer?.stackdriver?.maxNumberOfMessageEvents || 200,
        },
      };
    default:
      return undefined;
  }
}

/** Where proxies get their configuration. A remote istiod is reached through a Service of this cluster. */
function discoveryAddress({ values, name, namespace }: PilotContext): string {
  if (!values.global.remotePilotAddress) return `${name}.${namespace}.svc:15012`;
  const { enabled, enabledLocalInjectorIstiod } = values.istiodRemote;
  return `${enabled && enabledLocalInjectorIstiod ? 'istiod-remote' : 'istiod'}.${namespace}.svc:15012`;
}
