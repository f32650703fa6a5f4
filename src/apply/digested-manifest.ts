import {
  type ComponentManifest,
  type ComponentName,
  idOf,
  type KubernetesObject,
  type ObjectId,
} from '../core/index.ts';
import { contentDigestOf, digestOf } from './fingerprint.ts';

/** A rendered object with its digests. */
export interface DigestedObject {
  readonly id: ObjectId;
  readonly object: KubernetesObject;
  readonly digest: string;
  /** Digest without the labels that say whose it is. */
  readonly content: string;
}

/** A manifest with the digests of each object, computed once per rendering. */
export interface DigestedManifest {
  readonly components: readonly { readonly component: ComponentName; readonly objects: readonly DigestedObject[] }[];
}

/** Computes the digests of a manifest's objects. */
export function digestManifest(components: readonly ComponentManifest[]): DigestedManifest {
  return {
    components: components.map(({ component, objects }) => ({
      component,
      objects: objects.map((object) => ({
        id: idOf(object),
        object,
        digest: digestOf(object),
        content: contentDigestOf(object),
      })),
    })),
  };
}
