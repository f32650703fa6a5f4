import { type Json, type JsonObject, valueAt } from '../core/index.ts';
import { objectAt } from './object-at.ts';

/** A program that takes traces, as a provider of the mesh configuration describes it. */
export interface TracingBackend {
  /** The name of the provider where the mesh configuration lacks one. */
  readonly name: string;
  readonly kind: 'opentelemetry' | 'zipkin';
  readonly service: string;
  readonly port: number;
}

/** The add-on `tracing` in a namespace. */
export function jaegerIn(namespace: string, istiod: JsonObject): TracingBackend {
  const service = `jaeger-collector.${namespace}.svc.${clusterDomainOf(istiod)}`;
  return { name: 'istio-tracing', kind: 'opentelemetry', service, port: 4317 };
}

/** The add-on `zipkin` in a namespace. */
export function zipkinIn(namespace: string, istiod: JsonObject): TracingBackend {
  const service = `zipkin.${namespace}.svc.${clusterDomainOf(istiod)}`;
  return { name: 'zipkin', kind: 'zipkin', service, port: 9411 };
}

/** The name of the provider through which the mesh reaches a backend. */
export function providerName(istiod: JsonObject, backend: TracingBackend): string {
  return providerFor(backend, extensionProviders(istiod).providers) ?? backend.name;
}

/** The control plane's values with a provider for a backend, unless there is one. */
export function withProvider(istiod: JsonObject, backend: TracingBackend): JsonObject {
  const { field, providers } = extensionProviders(istiod);
  if (providerFor(backend, providers) !== undefined) return istiod;
  const added: Json = { name: backend.name, [backend.kind]: { service: backend.service, port: backend.port } };
  return { ...istiod, meshConfig: { ...objectAt(istiod, 'meshConfig'), [field]: [...providers, added] } };
}

/** The name of the provider that already sends traces there. One of our name is the author's own choice of a backend. */
function providerFor(backend: TracingBackend, providers: readonly Json[]): string | undefined {
  const found = providers.find((provider) => {
    if (valueAt(provider, 'name') === backend.name) return true;
    return (
      valueAt(provider, backend.kind, 'service') === backend.service &&
      valueAt(provider, backend.kind, 'port') === backend.port
    );
  });
  const name = valueAt(found, 'name');
  return typeof name === 'string' ? name : undefined;
}

/** The providers, and under which of its two spellings the field stands: both at once would be a duplicate. */
function extensionProviders(istiod: JsonObject): { readonly field: string; readonly providers: readonly Json[] } {
  const meshConfig = objectAt(istiod, 'meshConfig');
  const field = Object.hasOwn(meshConfig, 'extension_providers') ? 'extension_providers' : 'extensionProviders';
  const providers = meshConfig[field];
  return { field, providers: Array.isArray(providers) ? providers : [] };
}

/** The domain of the cluster's Services. */
export function clusterDomainOf(istiod: JsonObject): string {
  const domain = valueAt(istiod, 'global', 'proxy', 'clusterDomain');
  return typeof domain === 'string' && domain !== '' ? domain : 'cluster.local';
}
