/*
 * A cluster's and a mesh's administrator who are not the same person each install their own part: `resourceScope` is
 * `cluster` for the one and `namespace` for the other. Usually it is `all`, also where it is absent.
 */

/** True when objects without a namespace are to be made. */
export function hasClusterObjects(resourceScope: string | undefined): boolean {
  return isAll(resourceScope) || resourceScope === 'cluster';
}

/** True when objects in namespaces are to be made. */
export function hasNamespacedObjects(resourceScope: string | undefined): boolean {
  return isAll(resourceScope) || resourceScope === 'namespace';
}

function isAll(resourceScope: string | undefined): boolean {
  return resourceScope === undefined || resourceScope === 'all';
}
