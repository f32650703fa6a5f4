import { isObject, type Json, type JsonObject, OperatorError } from '../core/index.ts';
import { decide } from './decision.ts';
import { injectPod } from './inject-pod.ts';
import type { InjectionContext } from './injection-context.ts';
import { labelsOf, listAt, mapAt, textAt } from './pod-parts.ts';
import type { Owner } from './template-data.ts';
import { typedObject } from './typed-object.ts';

/** An object after injection. `skipped` says of each pod in it that was left alone why. */
export interface InjectedObject {
  readonly object: JsonObject;
  readonly skipped: readonly string[];
}

/** The kinds that pods are in, with the API versions that are known and the way to the pod. */
const WORKLOADS: Readonly<Record<string, { readonly versions: readonly string[]; readonly path: readonly string[] }>> =
  {
    Pod: { versions: ['v1'], path: [] },
    ReplicationController: { versions: ['v1'], path: ['spec', 'template'] },
    Deployment: { versions: ['apps/v1'], path: ['spec', 'template'] },
    StatefulSet: { versions: ['apps/v1'], path: ['spec', 'template'] },
    DaemonSet: { versions: ['apps/v1'], path: ['spec', 'template'] },
    ReplicaSet: { versions: ['apps/v1'], path: ['spec', 'template'] },
    Job: { versions: ['batch/v1'], path: ['spec', 'template'] },
    DeploymentConfig: { versions: ['apps.openshift.io/v1', 'v1'], path: ['spec', 'template'] },
    CronJob: { versions: ['batch/v1'], path: ['spec', 'jobTemplate', 'spec', 'template'] },
  };

/**
 * Injects the pods of an object: a workload, a Pod, or a List of objects. Other objects are returned as they are.
 * @throws {OperatorError} As {@link injectPod}; `InvalidResource` for a workload that is not one.
 */
export function injectObject(object: JsonObject, context: InjectionContext): InjectedObject {
  const kind = textAt(object, 'kind') ?? '';
  if (kind === 'List' && object.apiVersion === 'v1') return injectList(object, context);
  const workload = Object.hasOwn(WORKLOADS, kind) ? WORKLOADS[kind] : undefined;
  if (workload === undefined || !workload.versions.includes(String(object.apiVersion))) return { object, skipped: [] };
  return injectWorkload(typedObject(object, kind), kind, workload.path, context);
}

function injectList(list: JsonObject, context: InjectionContext): InjectedObject {
  const items: readonly Json[] = Array.isArray(list.items) ? list.items : [];
  const results = items.map((item) => (isObject(item) ? injectObject(item, context) : { object: item, skipped: [] }));
  return {
    object: { ...list, metadata: mapAt(list, 'metadata'), items: results.map(({ object }) => object) },
    skipped: results.flatMap(({ skipped }) => skipped),
  };
}

function injectWorkload(
  object: JsonObject,
  kind: string,
  path: readonly string[],
  context: InjectionContext,
): InjectedObject {
  const metadata = mapAt(object, 'metadata');
  const template = kind === 'Pod' ? object : path.reduce(mapAt, object);
  const spec = mapAt(template, 'spec');
  const where = path.join('.');
  if (listAt(spec, 'containers').length === 0) throw withoutContainers(where);
  // istiod takes the metadata of a CronJob's pods from where its jobs have theirs.
  const meta =
    kind === 'CronJob' ? mapAt(mapAt(mapAt(object, 'spec'), 'jobTemplate'), 'metadata') : mapAt(template, 'metadata');
  const pod: JsonObject = { metadata: meta, spec };
  const decision = decide(pod, context.config);
  if (!decision.injects) {
    const name = [metadata.namespace, metadata.name ?? metadata.generateName].filter((part) => part !== undefined);
    return { object, skipped: [`${kind} ${name.join('/')} is not injected because it ${decision.because}.`] };
  }
  const owner = kind === 'Pod' ? ownerOfPod(pod) : ownerOf(kind, object, metadata);
  const injected = injectPod(pod, owner, context, where);
  return { object: placed(object, kind, path, injected), skipped: [] };
}

function placed(object: JsonObject, kind: string, path: readonly string[], injected: JsonObject): JsonObject {
  const { metadata, spec } = injected;
  if (kind === 'Pod') return { ...object, metadata, spec };
  if (kind !== 'CronJob') return replaced(replaced(object, [...path, 'metadata'], metadata), [...path, 'spec'], spec);
  return replaced(replaced(object, ['spec', 'jobTemplate', 'metadata'], metadata), [...path, 'spec'], spec);
}

function replaced(object: JsonObject, [key = '', ...rest]: readonly string[], value: Json | undefined): JsonObject {
  return { ...object, [key]: rest.length === 0 ? value : replaced(mapAt(object, key), rest, value) };
}

function ownerOf(kind: string, { apiVersion }: JsonObject, metadata: JsonObject): Owner {
  return {
    kind,
    apiVersion: String(apiVersion),
    name: textAt(metadata, 'name') ?? '',
    namespace: textAt(metadata, 'namespace') ?? '',
  };
}

/** The workload behind a pod with a generated name: the owner, or what the owner's name says is behind that. */
function ownerOfPod(pod: JsonObject): Owner {
  const metadata = mapAt(pod, 'metadata');
  const own = {
    kind: 'Pod',
    apiVersion: 'v1',
    name: textAt(metadata, 'name') ?? '',
    namespace: textAt(metadata, 'namespace') ?? '',
  };
  const controller = listAt(metadata, 'ownerReferences').find((reference) => reference.controller === true);
  if (textAt(metadata, 'generateName') === undefined || controller === undefined) return own;
  const owner: Owner = {
    ...own,
    kind: textAt(controller, 'kind') ?? '',
    apiVersion: textAt(controller, 'apiVersion') ?? '',
    name: textAt(controller, 'name') ?? '',
  };
  return behindOwner(owner, labelsOf(pod));
}

function behindOwner(owner: Owner, labels: JsonObject): Owner {
  const withoutHash = (label: string) => {
    const hash = textAt(labels, label) ?? '';
    if (hash === '' || !owner.name.endsWith(hash)) return undefined;
    return owner.name.endsWith(`-${hash}`) ? owner.name.slice(0, -hash.length - 1) : owner.name;
  };
  if (owner.kind === 'ReplicaSet') {
    const deployment = withoutHash('pod-template-hash');
    if (deployment !== undefined) return { ...owner, kind: 'Deployment', name: deployment };
    const rollout = withoutHash('rollouts-pod-template-hash');
    if (rollout !== undefined) return { ...owner, kind: 'Rollout', apiVersion: 'v1alpha1', name: rollout };
  }
  const config = textAt(labels, 'deploymentconfig') ?? '';
  if (owner.kind === 'ReplicationController' && config !== '')
    return { ...owner, kind: 'DeploymentConfig', name: config };
  const job = /^(.+)-\d{8,10}$/.exec(owner.name);
  if (owner.kind === 'Job' && job !== null)
    return { ...owner, kind: 'CronJob', apiVersion: 'batch/v1', name: job[1] ?? '' };
  return owner;
}

function withoutContainers(where: string): OperatorError {
  return new OperatorError('The pod has no containers.', {
    code: 'InvalidResource',
    path: `${where === '' ? '' : `${where}.`}spec.containers`,
    hint: "Add the application's container, or remove the object.",
  });
}
