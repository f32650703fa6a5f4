import { asJson, isObject, type Json, type JsonObject, valueAt } from '../core/index.ts';
import type { LiveObject } from './cluster.ts';

/** What keeps a rollout from going on, and whose Events may know better. */
export interface Diagnosis {
  readonly text?: string;
  /** `uid` of the pod or workload; absent when its own state says it all. */
  readonly askEventsOf?: string;
}

/** Something that is wrong with a pod. The lower the rank, the more it explains. */
interface Finding extends Diagnosis {
  readonly rank: number;
  readonly text: string;
}

const RANK = { cannotStart: 0, crashes: 1, unschedulable: 2, notReady: 3, starting: 4, failed: 5 } as const;

const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** Waiting for these is what every container does for a while. */
const STARTING: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

/** Status and Events are read by people, and etcd keeps every one of them. */
const MAX_LENGTH = 300;

/**
 * Why a workload does not become ready, in plain words: what its newest pods wait for, or why it gets none.
 * @param pods - of the workload; a few are enough.
 * @param events - warnings about what `diagnoseRollout` asked for, in any order.
 * @returns undefined when nothing is wrong that can be seen from here.
 */
export function rolloutReason(
  workload: LiveObject,
  pods: readonly LiveObject[],
  events: readonly LiveObject[] = [],
): string | undefined {
  const { text, askEventsOf } = diagnoseRollout(workload, pods);
  const told = askEventsOf === undefined ? undefined : newestMessage(events, askEventsOf);
  if (told === undefined) return text;
  if (askEventsOf === workload.metadata.uid) return `pods cannot be created: ${told}`;
  return text === undefined ? told : `${text}: ${told}`;
}

/** What the objects say by themselves, and where to ask when that is not enough. */
export function diagnoseRollout(workload: LiveObject, pods: readonly LiveObject[]): Diagnosis {
  const refusal = conditionOf(asJson(workload), 'ReplicaFailure');
  if (refusal?.status === 'True') return { text: `pods cannot be created: ${shorten(refusal.message)}` };
  for (const group of newestFirst(pods)) {
    const [worst] = group.flatMap(findingsIn).sort((a, b) => a.rank - b.rank);
    if (worst !== undefined) return worst;
  }
  return pods.length < desiredCount(workload) ? { askEventsOf: workload.metadata.uid } : {};
}

function desiredCount(workload: LiveObject): number {
  const desired =
    valueAt(asJson(workload), 'status', 'desiredNumberScheduled') ?? valueAt(asJson(workload), 'spec', 'replicas');
  return typeof desired === 'number' ? desired : 1;
}

/** The pods by version of their template, the version that appeared last first. */
function newestFirst(pods: readonly LiveObject[]): readonly (readonly LiveObject[])[] {
  const present = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const byName = [...present].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const groups = [...Map.groupBy(byName, templateOf).values()];
  return groups.sort((a, b) => (firstCreated(a) < firstCreated(b) ? 1 : -1));
}

function templateOf({ metadata: { labels = {} } }: LiveObject): string {
  return labels['pod-template-hash'] ?? labels['controller-revision-hash'] ?? '';
}

function firstCreated(pods: readonly LiveObject[]): string {
  return pods.map(({ metadata }) => metadata.creationTimestamp ?? '').sort()[0] ?? '';
}

function findingsIn(pod: LiveObject): readonly Finding[] {
  const json = asJson(pod);
  const scheduled = conditionOf(json, 'PodScheduled');
  if (scheduled?.status === 'False') {
    const [message = ''] = shorten(scheduled.message).split(/,? (?:no new claims to deallocate|preemption:)/, 1);
    return [{ rank: RANK.unschedulable, text: `no node takes the pod: ${message}` }];
  }
  if (valueAt(json, 'status', 'phase') === 'Failed') {
    // evicted ones stay around after they were replaced
    const why = [valueAt(json, 'status', 'reason'), valueAt(json, 'status', 'message')].filter(isText);
    return [{ rank: RANK.failed, text: `the pod failed: ${shorten(why.join(': '))}` }];
  }
  const containers = [
    ...listAt(json, 'status', 'initContainerStatuses'),
    ...listAt(json, 'status', 'containerStatuses'),
  ];
  return containers.flatMap((container) => findingIn(container, pod));
}

function findingIn(container: JsonObject, { metadata: { uid } }: LiveObject): readonly Finding[] {
  const name = String(container.name ?? '');
  const waiting = valueAt(container, 'state', 'waiting');
  const reason = String(valueAt(waiting, 'reason') ?? '');
  if (IMAGE_REASONS.has(reason)) return [{ rank: RANK.cannotStart, text: pullFailure(container, reason) }];
  const crash = crashOf(container, reason);
  if (crash !== undefined) return [{ rank: RANK.crashes, text: `container ${name} ${crash}` }];
  if (isObject(waiting) && !STARTING.has(reason)) {
    const message = shorten(valueAt(waiting, 'message') ?? reason);
    return [{ rank: RANK.cannotStart, text: `container ${name} cannot start: ${message}` }];
  }
  if (isObject(waiting)) {
    return [{ rank: RANK.starting, text: `container ${name} is being created`, askEventsOf: uid }];
  }
  const isRunning = isObject(valueAt(container, 'state', 'running'));
  if (!isRunning || container.ready !== false) return [];
  return [{ rank: RANK.notReady, text: `container ${name} runs, but it is not ready`, askEventsOf: uid }];
}

function pullFailure(container: JsonObject, reason: string): string {
  const message = shorten(valueAt(container, 'state', 'waiting', 'message') ?? '');
  // The kubelet alternates between two reasons; what both have in common is the registry's answer.
  const answer = reason === 'ImagePullBackOff' ? message.split('ErrImagePull: ')[1] : message;
  const image = `the image ${String(container.image ?? '')} cannot be pulled`;
  return answer === undefined || answer === '' ? image : `${image}: ${answer}`;
}

/** How a container that keeps ending ended last, whatever it does at this moment. The count of restarts would never stand still. */
function crashOf(container: JsonObject, reason: string): string | undefined {
  const ended = [valueAt(container, 'state', 'terminated'), valueAt(container, 'lastState', 'terminated')];
  const last = ended.filter(isObject).find(({ exitCode }) => exitCode !== 0);
  const isDone = container.ready === true || valueAt(container, 'state', 'terminated', 'exitCode') === 0;
  if (isDone || (last === undefined && reason !== 'CrashLoopBackOff')) return undefined;
  if (last?.reason === 'OOMKilled') return 'crashes: it needs more memory than its limit allows (OOMKilled)';
  const code = last?.exitCode === undefined ? '' : ` with exit code ${String(last.exitCode)}`;
  const message = shorten(last === undefined ? valueAt(container, 'state', 'waiting', 'message') : last.message);
  return message === '' ? `crashes${code}` : `crashes${code}: ${message}`;
}

function newestMessage(events: readonly LiveObject[], uid: string): string | undefined {
  const about = events.map(asJson).filter((event) => valueAt(event, 'involvedObject', 'uid') === uid);
  const time = (event: JsonObject) =>
    String(event.lastTimestamp ?? event.eventTime ?? valueAt(event, 'metadata', 'creationTimestamp') ?? '');
  const [newest] = about.filter(({ message }) => isText(message)).sort((a, b) => (time(a) < time(b) ? 1 : -1));
  return newest === undefined ? undefined : shorten(newest.message);
}

function conditionOf(object: JsonObject, type: string): JsonObject | undefined {
  return listAt(object, 'status', 'conditions').find((condition) => condition.type === type);
}

function listAt(object: JsonObject, ...path: readonly string[]): readonly JsonObject[] {
  const list = valueAt(object, ...path);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/** In one line, and not too long. */
function shorten(text: Json | undefined): string {
  const line = (isText(text) ? text : '')
    .slice(0, 4 * MAX_LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}
