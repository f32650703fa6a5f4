import {
  type ComponentManifest,
  type ComponentName,
  type IgnoredFields,
  idKey,
  idOf,
  type KubernetesObject,
  type ObjectId,
} from '../core/index.ts';
import { contentDigestOf, digestOf } from './fingerprint.ts';

/** A rendered object with its digests. */
export interface DigestedObject {
  readonly id: ObjectId;
  readonly object: KubernetesObject;
  /** Digest of the object and of what is ignored in it. */
  readonly digest: string;
  /** Fields that are left to others once others have set them. */
  readonly ignored?: IgnoredFields['paths'];
  /** Digest without the labels that say whose it is. */
  readonly content: string;
}

/** A manifest with the digests of each object, computed once per rendering. */
export interface DigestedManifest {
  readonly components: readonly { readonly component: ComponentName; readonly objects: readonly DigestedObject[] }[];
}

/** Computes the digests of a manifest's objects. */
export function digestManifest(
  components: readonly ComponentManifest[],
  ignoredFields: readonly IgnoredFields[] = [],
): DigestedManifest {
  const ignoredIn = new Map(ignoredFields.map(({ id, paths }) => [idKey(id), paths]));
  return {
    components: components.map(({ component, objects }) => ({
      component,
      objects: objects.map((object) => digested(object, ignoredIn.get(idKey(idOf(object))))),
    })),
  };
}

/** The content digest that a manifest has for an object; undefined when the object is not in it. */
export function contentIn({ components }: DigestedManifest, id: ObjectId): string | undefined {
  const key = idKey(id);
  for (const { objects } of components) {
    const found = objects.find((object) => idKey(object.id) === key);
    if (found !== undefined) return found.content;
  }
  return undefined;
}

function digested(object: KubernetesObject, ignored: IgnoredFields['paths'] | undefined): DigestedObject {
  return {
    id: idOf(object),
    object,
    digest: digestOf(object, ignored),
    content: contentDigestOf(object),
    ...(ignored === undefined ? {} : { ignored }),
  };
}
