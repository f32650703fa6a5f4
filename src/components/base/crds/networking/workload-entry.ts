import { AGE, column, defineResource } from '../define-resource.ts';
import { object } from '../schema.ts';
import { ADDRESS_REQUIRED, NO_PORTS_ON_SOCKETS, workloadFields } from './workload-fields.ts';

/** WorkloadEntry: one endpoint outside Kubernetes. */
export function workloadEntry() {
  return defineResource({
    group: 'networking.istio.io',
    kind: 'WorkloadEntry',
    plural: 'workloadentries',
    shortNames: ['we'],
    versions: ['v1', 'v1alpha3', 'v1beta1'],
    storedAs: 'v1',
    columns: [AGE, column('Address', '.spec.address')],
    spec: object(workloadFields(), { rules: [ADDRESS_REQUIRED, NO_PORTS_ON_SOCKETS] }),
    isSpecRequired: true,
  });
}
