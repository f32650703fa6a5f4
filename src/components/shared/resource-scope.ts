/*
 * A cluster's and a mesh's administrator who are not the same person each install their own part: `resourceScope` is
 * `cluster` for the one and `namespace` for the other. Usually it is `all`, which is its default; null is neither.
 */

/** True when objects without a namespace are to be made. */
export function hasClusterObjects(resourceScope: string | undefined): boolean {
  return resourceScope === 'all' || resourceScope === 'cluster';
}

/** True when objects in namespaces are to be made. */
export function hasNamespacedObjects(resourceScope: string | undefined): boolean {
  return resourceScope === 'all' || resourceScope === 'namespace';
}
