import type { ICustomResourceDefinition } from 'kubernetes-models/apiextensions.k8s.io/v1/CustomResourceDefinition';
import type { KubernetesObject } from '../../../core/index.ts';
import type { Draft } from '../../shared/typed.ts';
import { resourceStatus } from './resource-status.ts';
import { type ObjectSchema, object } from './schema.ts';

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'date';
  readonly jsonPath: string;
}

/** What distinguishes one resource of Istio from the others. */
export interface ResourceDefinition<Version extends string> {
  readonly group: `${string}.istio.io`;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  /** All versions are served and hold the same: in Istio a new version promotes a schema, it does not change it. */
  readonly versions: readonly Version[];
  /** The version in which the API server stores the resource. */
  readonly storedAs: NoInfer<Version>;
  readonly columns?: readonly Column[];
  readonly spec: ObjectSchema;
  /** True where a resource without a spec is refused. Default: false, as in the older kinds. */
  readonly isSpecRequired?: boolean;
}

/** The age of the resource, as kubectl prints it for kinds that have no columns of their own. */
export const AGE: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** A column that shows a text, or a list of texts, of the spec. */
export function column(name: string, jsonPath: `.spec.${string}`): Column {
  return { name, type: 'string', jsonPath };
}

/** The CustomResourceDefinition of a resource. */
export function defineResource<Version extends string>(resource: ResourceDefinition<Version>): KubernetesObject {
  const { group, kind, plural, shortNames, versions, storedAs, columns, spec, isSpecRequired } = resource;
  const openAPIV3Schema = object({ spec, status: resourceStatus() }, isSpecRequired ? { required: ['spec'] } : {});
  const served = {
    served: true,
    subresources: { status: {} },
    schema: { openAPIV3Schema },
    ...(columns === undefined ? {} : { additionalPrinterColumns: columns }),
  };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      labels: { 'app.kubernetes.io/instance': 'istio', 'app.kubernetes.io/part-of': 'istio' },
      // With a CRD go all its resources, so Helm, should it ever own this one, must leave it when it uninstalls.
      annotations: { 'helm.sh/resource-policy': 'keep' },
    },
    spec: {
      group,
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        categories: ['istio-io', group.replace('.istio.io', '-istio-io')],
        ...(shortNames === undefined ? {} : { shortNames }),
      },
      scope: 'Namespaced',
      versions: versions.map((name) => ({ name, storage: name === storedAs, ...served })),
    },
  } satisfies Draft<ICustomResourceDefinition>;
  return definition;
}
