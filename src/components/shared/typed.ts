import { type Json, type KubernetesObject, withoutUndefined } from '../../core/index.ts';

/** A Kubernetes type as a builder writes it: any field may be `undefined`, which leaves it out. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Draft<T[Key]> | undefined }
    : T;

/** What every typed object has; `metadata.name` is checked by `built`. */
type Typed = { readonly apiVersion: string; readonly kind: string; readonly metadata?: unknown };

/**
 * Turns a draft that the compiler checked against the Kubernetes API into a rendered object, without undefined fields.
 * @example built<IService>({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports } })
 */
export function built<T extends Typed>(
  draft: Draft<T> & { readonly metadata: { readonly name: string } },
): KubernetesObject {
  return withoutUndefined(draft as unknown as Json) as unknown as KubernetesObject;
}
