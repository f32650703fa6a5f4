import type { Cluster, LiveObject } from '../../apply/index.ts';
import { asJson, isObject, nearMatch, OperatorError, type Scope, valueAt } from '../../core/index.ts';

/** Which pod is meant: one by its name, or any that a selector finds. */
export type PodWish =
  | { readonly name: string; readonly namespace: string }
  | { readonly selector: string; readonly namespace: string; readonly what: string };

const POD = { apiVersion: 'v1', kind: 'Pod' } as const;

/**
 * Finds a pod that is ready.
 * @throws {OperatorError} `NotFound` with what there is instead.
 */
export async function findUiPod(wish: PodWish, cluster: Cluster, scope: Scope): Promise<LiveObject> {
  return 'name' in wish ? await namedPod(wish, cluster, scope) : await selectedPod(wish, cluster, scope);
}

async function namedPod(
  { name, namespace }: Extract<PodWish, { name: string }>,
  cluster: Cluster,
  scope: Scope,
): Promise<LiveObject> {
  const found = await cluster.get({ ...POD, namespace, name }, scope);
  if (found !== undefined) return found;
  const others = await cluster.list(POD, { namespace, metadataOnly: true }, scope);
  const near = nearMatch(
    name,
    others.map(({ metadata }) => metadata.name),
  );
  throw new OperatorError(`There is no pod ${name} in the namespace ${namespace}.`, {
    code: 'NotFound',
    hint: near === undefined ? `See kubectl -n ${namespace} get pods.` : `Did you mean ${near}?`,
  });
}

async function selectedPod(
  { selector, namespace, what }: Extract<PodWish, { selector: string }>,
  cluster: Cluster,
  scope: Scope,
): Promise<LiveObject> {
  const pods = await cluster.list(POD, { namespace, labelSelector: selector }, scope);
  const ready = pods.find(isReady);
  if (ready !== undefined) return ready;
  const [first] = pods;
  if (first === undefined) {
    throw new OperatorError(`There is no pod of ${what} in the namespace ${namespace}.`, {
      code: 'NotFound',
      hint: 'Is it installed? Another namespace is given with --istioNamespace.',
    });
  }
  const names = pods.map((pod) => `${pod.metadata.name} (${phaseOf(pod)})`).join(', ');
  throw new OperatorError(`No pod of ${what} is ready in the namespace ${namespace}: ${names}.`, {
    code: 'NotFound',
    hint: `See kubectl -n ${namespace} describe pod ${first.metadata.name}.`,
  });
}

function isReady(pod: LiveObject): boolean {
  const conditions = valueAt(asJson(pod), 'status', 'conditions');
  const ready = Array.isArray(conditions)
    ? conditions.filter(isObject).find(({ type }) => type === 'Ready')
    : undefined;
  return ready?.status === 'True' && pod.metadata.deletionTimestamp === undefined;
}

function phaseOf(pod: LiveObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  const phase = valueAt(asJson(pod), 'status', 'phase');
  return phase === 'Running' ? 'running, not ready' : String(phase ?? 'unknown').toLowerCase();
}
