import type { ComponentName } from '../core/index.ts';

/**
 * What each component waits for before something new of it is sent. On a first install the node agent goes out together
 * with the control plane; an existing one follows it, so that nodes never run ahead of istiod.
 */
const WAITS_FOR: Readonly<Record<ComponentName, readonly ComponentName[]>> = {
  Base: [],
  Pilot: ['Base'],
  Cni: ['Base', 'Pilot'],
  Ztunnel: ['Pilot', 'Cni'],
  IngressGateways: ['Base', 'Pilot'],
  EgressGateways: ['Base', 'Pilot'],
  AddonComponents: ['Base', 'Pilot'],
};

/**
 * The components that `component` has to wait for, among those that this CR installs.
 * @param installed - components of which something has been applied before.
 */
export function waitsFor(
  component: ComponentName,
  wanted: ReadonlySet<ComponentName>,
  installed: ReadonlySet<ComponentName>,
): readonly ComponentName[] {
  const firstInstall = component === 'Cni' && !installed.has('Cni');
  return WAITS_FOR[component].filter((parent) => wanted.has(parent) && !(firstInstall && parent === 'Pilot'));
}

/**
 * Steps inside a component, by kind: objects of one step are sent concurrently, and a step starts when the one before
 * went through. Bindings come after their roles, which the API server looks up to see whether we may grant them;
 * workloads after the accounts, rights and configuration that their pods need at start, and webhooks after the workload
 * that answers them.
 */
export function stepOf(kind: string): number {
  switch (kind) {
    case 'CustomResourceDefinition':
      return 0;
    case 'ClusterRoleBinding':
    case 'RoleBinding':
      return 2;
    case 'Deployment':
    case 'DaemonSet':
    case 'StatefulSet':
      return 3;
    case 'HorizontalPodAutoscaler':
    case 'PodDisruptionBudget':
    case 'MutatingWebhookConfiguration':
    case 'ValidatingWebhookConfiguration':
    case 'ValidatingAdmissionPolicyBinding':
      return 4;
    default:
      return 1;
  }
}
