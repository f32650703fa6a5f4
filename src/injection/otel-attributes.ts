import { isObject, type JsonObject } from '../core/index.ts';
import { type GoMap, GoObject, type GoSlice, type Value } from '../gotemplate/index.ts';
import { listAt, mapAt, textAt } from './pod-parts.ts';

const PREFIX = 'resource.opentelemetry.io/';

/**
 * The attributes by which OpenTelemetry knows the service, for meshes with a provider that asks for its conventions; else
 * empty. The name of the pod is known to Kubernetes only, which fills it in.
 */
export function otelResourceAttributes(
  mesh: Value,
  annotations: GoMap,
  labels: GoMap,
  namespace: string,
  containers: GoSlice,
): string {
  if (!asksForConventions(mesh)) return '';
  const first = containers.items[0];
  const [container] = first instanceof GoObject && isObject(first.native) ? [first.native] : [undefined];
  const image = containers.items.length === 1 ? (container?.image ?? '') : '';
  const attributes = {
    'service.namespace': given(annotations, `${PREFIX}service.namespace`) || namespace,
    'service.version':
      given(annotations, `${PREFIX}service.version`) ||
      given(labels, 'app.kubernetes.io/version') ||
      versionOf(String(image)),
    'service.instance.id':
      given(annotations, `${PREFIX}service.instance.id`) ||
      (container === undefined ? '' : `${namespace}.$(POD_NAME).${String(container.name)}`),
  };
  return Object.entries(attributes)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function asksForConventions(mesh: Value): boolean {
  const config: JsonObject = mesh instanceof GoObject && isObject(mesh.native) ? mesh.native : {};
  return listAt(config, 'extensionProviders').some(
    (provider) =>
      textAt(mapAt(provider, 'opentelemetry'), 'serviceAttributeEnrichment') === 'OTEL_SEMANTIC_CONVENTIONS',
  );
}

function given(map: GoMap, key: string): string {
  const value = map.entries.get(key);
  return typeof value === 'string' ? value : '';
}

/** The tag and digest of an image: a colon before the last slash is that of the registry's port. */
function versionOf(image: string): string {
  const [name = '', ...rest] = image.split('@');
  const digest = rest.join('@');
  const colon = name.lastIndexOf(':');
  const tag = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : '';
  return tag !== '' && digest !== '' ? `${tag}@${digest}` : digest || tag;
}
