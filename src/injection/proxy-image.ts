import { isObject, type JsonObject } from '../core/index.ts';
import { annotationsOf, mapAt, textAt } from './pod-parts.ts';

/** Variants of the image that a tag can end in. */
const VARIANTS = ['distroless', 'debug'];

/**
 * The image of the proxy from hub, name, tag and variant: the pod's annotation chooses the variant, else the proxy's
 * configuration, else the installation.
 */
export function proxyImage(values: JsonObject, proxyConfig: JsonObject, pod: JsonObject): string {
  const global = mapAt(values, 'global');
  const name = textAt(mapAt(global, 'proxy'), 'image') || 'proxyv2';
  const { image } = proxyConfig;
  const configured = isObject(image) ? (textAt(image, 'imageType') ?? '') : textAt(global, 'variant');
  const variant = textAt(annotationsOf(pod), 'sidecar.istio.io/proxyImageType') ?? configured ?? '';
  const { tag } = global;
  return `${textAt(global, 'hub') ?? ''}/${name}:${withVariant(tag == null ? '' : String(tag), variant)}`;
}

/** A tag with this variant in place of the one that it ends in; `default` is the one without a name. */
function withVariant(tag: string, variant: string): string {
  if (variant === '') return tag;
  const own = VARIANTS.find((known) => tag.endsWith(`-${known}`));
  const bare = own === undefined ? tag : tag.slice(0, -own.length - 1);
  return variant === 'default' ? bare : `${bare}-${variant}`;
}
