import type { InstallStatus } from '../../src/api/index.ts';
import type { Json } from '../../src/core/index.ts';

/** What GitOps tools see of a custom resource. */
export interface Observable {
  readonly generation: number;
  readonly deleting?: boolean;
  readonly status?: InstallStatus;
}

/** Argo CD's word for the health of a resource. */
export type ArgoHealth = 'Unknown' | 'Progressing' | 'Healthy' | 'Degraded';

/** The rule that Argo CD ships for IstioOperators: the words of the status, in the order of the numbers that Istio 1.4 wrote. */
const ARGO: readonly (readonly [word: string, health: ArgoHealth])[] = [
  ['NONE', 'Unknown'],
  ['UPDATING', 'Progressing'],
  ['RECONCILING', 'Progressing'],
  ['HEALTHY', 'Healthy'],
  ['ERROR', 'Degraded'],
];

/**
 * How Argo CD shows an IstioOperator. Whatever it has no rule for progresses for ever.
 * @param resource - any `status.status`, which an older operator may have written.
 */
export function argoHealth({ deleting = false, status }: Omit<Observable, 'status'> & { status?: { status?: Json } }) {
  const said = status?.status;
  if (deleting) return 'Progressing';
  return ARGO.find(([word], number) => said === word || said === number)?.[1] ?? 'Progressing';
}

/** kstatus' word for a resource, by which Flux, `kubectl wait`-like tools and Helm 4 go. */
export type Kstatus = 'InProgress' | 'Failed' | 'Current' | 'Terminating';

/** The generic rules of kstatus, in their order. */
export function kstatus({ generation, deleting = false, status = {} }: Observable): Kstatus {
  if (deleting) return 'Terminating';
  if (status.observedGeneration !== undefined && status.observedGeneration !== generation) return 'InProgress';
  const is = (type: string, word: string) =>
    status.conditions?.some((condition) => condition.type === type && condition.status === word) === true;
  if (is('Reconciling', 'True')) return 'InProgress';
  if (is('Stalled', 'True')) return 'Failed';
  if (is('Ready', 'False') || is('Ready', 'Unknown')) return 'InProgress';
  return 'Current';
}
