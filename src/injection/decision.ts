import type { JsonObject } from '../core/index.ts';
import type { InjectorConfig } from './injector-config.ts';
import { annotationsOf, labelsOf, mapAt, textAt } from './pod-parts.ts';
import { matchesSelector } from './selectors.ts';

/** Whether a pod is injected; if not, why: as the end of "… is not injected because it …". */
export type Decision = { readonly injects: true } | { readonly injects: false; readonly because: string };

/** Namespaces in which pods are left alone: they run the cluster. */
const IGNORED_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

const INJECT = 'sidecar.istio.io/inject';
const INJECTS: Decision = { injects: true };

/**
 * Decides as istiod does for a pod that reaches it: the host's network is not to be redirected, then the pod's own word
 * counts, then the selectors of the installation.
 */
export function decide(pod: JsonObject, config: InjectorConfig): Decision {
  if (mapAt(pod, 'spec').hostNetwork === true) return notInjected('uses the network of its host');
  const namespace = textAt(mapAt(pod, 'metadata'), 'namespace') ?? '';
  if (IGNORED_NAMESPACES.includes(namespace))
    return notInjected(`is in the namespace ${namespace}, which runs the cluster`);
  const word = textAt(labelsOf(pod), INJECT) ?? textAt(annotationsOf(pod), INJECT);
  if (word === 'true') return INJECTS;
  if (word === 'false') return notInjected(`says ${INJECT}: "false"`);
  const matches = (selector: JsonObject) => matchesSelector(selector, labelsOf(pod));
  if (config.neverInjectSelector.some(matches)) return notInjected('matches neverInjectSelector of the installation');
  return INJECTS;
}

function notInjected(because: string): Decision {
  return { injects: false, because };
}
