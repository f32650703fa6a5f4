import { isObject, type JsonObject, valueAt } from './json.ts';

/**
 * The version that a workload runs: the tag of its first container's image, without a variant (`1.30.3-distroless` is
 * 1.30.3). Undefined for what is no workload, and where the image has no tag.
 */
export function imageVersion(object: object): string | undefined {
  const containers = valueAt(object as JsonObject, 'spec', 'template', 'spec', 'containers');
  const first = Array.isArray(containers) ? containers[0] : undefined;
  const image = isObject(first) && typeof first.image === 'string' ? first.image : '';
  const tag = /:([\w][\w.-]{0,127})$/.exec(image)?.[1];
  return tag?.replace(/-(distroless|debug)$/, '');
}
