import { asJson, type KubernetesObject, type Manifest, writeYaml } from '../core/index.ts';
import { inApplyOrder } from './apply-order.ts';

/** All objects of a manifest in apply order, whatever component they belong to. */
export function manifestObjects(manifest: Pick<Manifest, 'components'>): readonly KubernetesObject[] {
  return inApplyOrder(manifest.components.flatMap((component) => component.objects));
}

/** A manifest, or objects in the order given, as a YAML stream. An empty one is an empty text. */
export function formatManifest(manifest: Pick<Manifest, 'components'> | readonly KubernetesObject[]): string {
  const objects = 'components' in manifest ? manifestObjects(manifest) : manifest;
  return writeYaml(objects.map(asJson));
}
