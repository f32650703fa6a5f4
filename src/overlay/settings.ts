import {
  asJson,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type Notice,
  valueAt,
  withoutUndefined,
} from '../core/index.ts';
import { modernAutoscalerSpec } from './autoscaler-metrics.ts';
import { strategicMerge } from './strategic-merge.ts';

/** What the `k8s` block of a component acts on. */
export interface SettingsTarget {
  readonly kind: 'Deployment' | 'DaemonSet';
  /** The name of the workload, and of its Service, autoscaler and disruption budget. */
  readonly name: string;
  readonly container: string;
  /** The name of its Service, where that is another. */
  readonly service?: string;
  /** True where the builder has already taken `service.ports` (gateways): they are not merged again. */
  readonly hasOwnPorts?: boolean;
}

/** Objects after a change, and what the author of the change should know. */
export interface Changed {
  readonly objects: readonly KubernetesObject[];
  readonly notices: readonly Notice[];
}

const POD_FIELDS = [
  'affinity',
  'nodeSelector',
  'tolerations',
  'priorityClassName',
  'securityContext',
  'volumes',
] as const;
const CONTAINER_FIELDS = ['env', 'imagePullPolicy', 'readinessProbe', 'resources', 'volumeMounts'] as const;

const WORKLOAD_FIELDS: readonly string[] = [
  ...POD_FIELDS,
  ...CONTAINER_FIELDS,
  'podAnnotations',
  'replicaCount',
  'strategy',
];

/** A patch for the objects of one kind, with the setting that it comes from. */
interface SettingPatch {
  readonly field: string;
  readonly kind: string;
  readonly patch: JsonObject;
}

/**
 * Applies a component's `k8s` block (all but `overlays`) to its rendered objects, as strategic merge patches. Settings
 * that are null count as not given; a setting whose object is not rendered is reported and has no effect.
 * @param target - undefined for a component without a workload.
 * @param path - where the block stands in the user's document: `spec.components.pilot.k8s`.
 */
export function applySettings(
  objects: readonly KubernetesObject[],
  settings: JsonObject,
  target: SettingsTarget | undefined,
  path: string,
): Changed {
  const given = Object.keys(settings).filter((field) => field !== 'overlays' && isGiven(settings[field]));
  if (given.length === 0) return { objects, notices: [] };
  if (target === undefined) {
    return { objects, notices: given.map((field) => ignored(path, field, 'the component has no workload of its own')) };
  }
  const notices: Notice[] = [];
  let changed = objects;
  for (const { field, kind, patch } of relatedPatches(settings, target, path, notices)) {
    const name = kind === 'Service' ? (target.service ?? target.name) : target.name;
    changed = patched(changed, { kind, name, patch }, () =>
      notices.push(ignored(path, field, `no ${kind} ${name} is rendered`, HINTS[kind])),
    );
  }
  const workload = workloadPatch(settings, target, isAutoscaled(changed, target), path, notices);
  changed = patched(changed, { kind: target.kind, name: target.name, patch: workload }, () => {
    const missing = WORKLOAD_FIELDS.filter((field) => given.includes(field));
    notices.push(...missing.map((field) => ignored(path, field, `no ${target.kind} ${target.name} is rendered`)));
  });
  return { objects: changed, notices };
}

const HINTS: Readonly<Record<string, string>> = {
  HorizontalPodAutoscaler:
    "It is rendered where the component's values have autoscaleEnabled, autoscaleMin and autoscaleMax.",
  PodDisruptionBudget:
    "It is rendered where the component's values ask for more than one pod: autoscaleMin, or replicaCount without autoscaling.",
};

/** The patches of the objects beside the workload. The autoscaler comes first: replicas depend on it. */
function relatedPatches(
  settings: JsonObject,
  target: SettingsTarget,
  path: string,
  notices: Notice[],
): readonly SettingPatch[] {
  const patches: SettingPatch[] = [];
  const { hpaSpec, podDisruptionBudget, serviceAnnotations, service } = settings;
  if (isObject(hpaSpec)) {
    const spec = modernAutoscalerSpec(hpaSpec);
    if (spec !== hpaSpec) {
      notices.push({
        code: 'ConvertedField',
        path: `${path}.hpaSpec.metrics`,
        message: 'The metrics are in the form of autoscaling/v2beta1, which Kubernetes removed; they were translated.',
        hint: 'Write them as autoscaling/v2: target: {type: Utilization, averageUtilization: 80}.',
      });
    }
    patches.push({ field: 'hpaSpec', kind: 'HorizontalPodAutoscaler', patch: { spec } });
  }
  if (isObject(podDisruptionBudget)) {
    patches.push({
      field: 'podDisruptionBudget',
      kind: 'PodDisruptionBudget',
      patch: { spec: budgetOf(podDisruptionBudget, path, notices) },
    });
  }
  if (isObject(serviceAnnotations)) {
    patches.push({
      field: 'serviceAnnotations',
      kind: 'Service',
      patch: { metadata: { annotations: serviceAnnotations } },
    });
  }
  if (isObject(service)) {
    const spec = target.hasOwnPorts === true ? withoutUndefined({ ...service, ports: undefined }) : service;
    patches.push({ field: 'service', kind: 'Service', patch: { spec } });
  }
  return patches;
}

/** Kubernetes takes one of the two limits; where both are given, Istio has always kept maxUnavailable. */
function budgetOf(budget: JsonObject, path: string, notices: Notice[]): JsonObject {
  if (!isGiven(budget.minAvailable) || !isGiven(budget.maxUnavailable)) return budget;
  notices.push(
    ignored(`${path}.podDisruptionBudget`, 'minAvailable', 'maxUnavailable is set too', 'Keep one of the two.'),
  );
  return { ...budget, minAvailable: null };
}

function workloadPatch(
  settings: JsonObject,
  target: SettingsTarget,
  autoscaled: boolean,
  path: string,
  notices: Notice[],
): JsonObject {
  const container = picked(settings, CONTAINER_FIELDS);
  const pod = picked(settings, POD_FIELDS);
  const containers = isEmpty(container) ? undefined : [{ name: target.container, ...container }];
  const annotations = isObject(settings.podAnnotations) ? settings.podAnnotations : undefined;
  const template = {
    metadata: annotations === undefined ? undefined : { annotations },
    spec: containers === undefined && isEmpty(pod) ? undefined : { ...pod, containers },
  };
  return withoutUndefined({
    spec: {
      ...replicasPatch(settings.replicaCount, target, autoscaled, path, notices),
      ...strategyPatch(settings.strategy, target, path, notices),
      template,
    },
  });
}

function replicasPatch(
  count: Json | undefined,
  target: SettingsTarget,
  autoscaled: boolean,
  path: string,
  notices: Notice[],
): JsonObject {
  if (target.kind === 'DaemonSet') {
    if (isGiven(count)) notices.push(ignored(path, 'replicaCount', 'a DaemonSet runs one pod on each node'));
    return {};
  }
  if (!autoscaled) return isGiven(count) ? { replicas: count } : {};
  if (isGiven(count)) {
    notices.push({
      code: 'ReplicasWithAutoscaling',
      path: `${path}.replicaCount`,
      message: `replicaCount is left out: the HorizontalPodAutoscaler of ${target.name} decides how many pods run.`,
      hint: 'Set hpaSpec.minReplicas and maxReplicas instead, or switch autoscaling off.',
    });
  }
  // the autoscaler owns the field: sending it would reset its work at every apply
  return { replicas: null };
}

function strategyPatch(
  strategy: Json | undefined,
  target: SettingsTarget,
  path: string,
  notices: Notice[],
): JsonObject {
  if (!isObject(strategy)) return {};
  const { type, rollingUpdate } = strategy;
  if (target.kind === 'DaemonSet' && type === 'Recreate') {
    notices.push(
      ignored(path, 'strategy', 'a DaemonSet cannot be recreated at once', 'Use RollingUpdate or OnDelete.'),
    );
    return {};
  }
  if (target.kind === 'DaemonSet') {
    const limits = isObject(rollingUpdate) ? withOtherLimit(rollingUpdate) : rollingUpdate;
    return { updateStrategy: { ...strategy, rollingUpdate: limits ?? rollingUpdateFor(type) } };
  }
  return { strategy: { ...strategy, rollingUpdate: rollingUpdate ?? rollingUpdateFor(type) } };
}

/** Any other type than a rolling update takes no settings of one: null removes those that are rendered. */
function rollingUpdateFor(type: Json | undefined): null | undefined {
  return type === undefined || type === 'RollingUpdate' ? undefined : null;
}

/** A DaemonSet takes one of the two limits: given one, the other must be 0, whatever is rendered. */
function withOtherLimit(rollingUpdate: JsonObject): JsonObject {
  const { maxSurge, maxUnavailable } = rollingUpdate;
  const isUsed = (limit: Json | undefined) => isGiven(limit) && limit !== 0 && limit !== '0%';
  if (isUsed(maxUnavailable) && !isGiven(maxSurge)) return { ...rollingUpdate, maxSurge: 0 };
  if (isUsed(maxSurge) && !isGiven(maxUnavailable)) return { ...rollingUpdate, maxUnavailable: 0 };
  return rollingUpdate;
}

function isAutoscaled(objects: readonly KubernetesObject[], target: SettingsTarget): boolean {
  return objects.some((object) => {
    const ref =
      object.kind === 'HorizontalPodAutoscaler' ? valueAt(asJson(object), 'spec', 'scaleTargetRef') : undefined;
    return isObject(ref) && ref.kind === target.kind && ref.name === target.name;
  });
}

/** Patches every object of that kind and name; calls `whenMissing` when there is none. */
function patched(
  objects: readonly KubernetesObject[],
  change: { readonly kind: string; readonly name: string; readonly patch: JsonObject },
  whenMissing: () => void,
): readonly KubernetesObject[] {
  let found = false;
  const changed = objects.map((object) => {
    if (object.kind !== change.kind || object.metadata.name !== change.name) return object;
    found = true;
    return strategicMerge(asJson(object), change.patch, change.kind) as unknown as KubernetesObject;
  });
  if (!found) whenMissing();
  return changed;
}

function picked(settings: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.filter((field) => isGiven(settings[field])).map((field) => [field, settings[field]]),
  );
}

function isEmpty(map: JsonObject): boolean {
  return Object.keys(map).length === 0;
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

function ignored(path: string, field: string, reason: string, hint?: string): Notice {
  const message = `${field} has no effect: ${reason}.`;
  return { code: 'IgnoredField', path: `${path}.${field}`, message, ...(hint === undefined ? {} : { hint }) };
}
