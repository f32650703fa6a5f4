import { type ComponentName, type KubernetesObject, OPERATOR_VERSION, OperatorError } from '../core/index.ts';

/** The IstioOperator that objects are installed for. */
export interface Owner {
  readonly name: string;
  readonly namespace: string;
}

/** What the bookkeeping labels of one component's objects say. */
export interface Bookkeeping {
  readonly component: ComponentName;
  /** The revision, or `default`. */
  readonly revision: string;
  /** Absent where a manifest is only printed. */
  readonly owner?: Owner | undefined;
}

/** The longest value that a label can have. */
const MAX_LABEL = 63;

/** Refuses an owner whose name does not fit into the label that marks its objects. */
export function checkOwner(owner: Owner | undefined): void {
  if (owner === undefined || owner.name.length <= MAX_LABEL) return;
  throw new OperatorError(`The name of the IstioOperator is longer than ${MAX_LABEL} characters.`, {
    code: 'InvalidResource',
    path: 'metadata.name',
    hint: 'Its objects carry the name as a label, and Kubernetes allows no longer ones. Choose a shorter name.',
  });
}

/**
 * The object with the labels that Istio's installers have always put on what they install. A manifest without an owner is
 * one to look at or to apply by hand: like upstream's `manifest generate`, it gets no owner and no `istio.io/rev`.
 */
export function withBookkeeping(
  object: KubernetesObject,
  { component, revision, owner }: Bookkeeping,
): KubernetesObject {
  const labels = {
    ...object.metadata.labels,
    'operator.istio.io/managed': 'Reconcile',
    'operator.istio.io/component': component,
    'operator.istio.io/version': OPERATOR_VERSION,
    ...(owner === undefined ? {} : { 'istio.io/rev': revision }),
    ...(owner?.name ? { 'install.operator.istio.io/owning-resource': owner.name } : {}),
    ...(owner?.namespace ? { 'install.operator.istio.io/owning-resource-namespace': owner.namespace } : {}),
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}
