import { GROUP } from '../../api/index.ts';
import { diffObjects, isOlderVersion, type LiveObject } from '../../apply/index.ts';
import { type Json, valueAt } from '../../core/index.ts';
import type { Trigger } from './triggers.ts';

/** The key of a CR in queues and maps: `namespace/name`. */
export function keyOf(object: LiveObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** A key taken apart. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The IstioOperators as the watch and our own writes have shown them. */
export class ResourceStore {
  readonly #resources = new Map<string, LiveObject>();
  readonly #onChange: (object: LiveObject, before: LiveObject | undefined) => void;

  /** @param onChange - told of every change that asks for work; of status only its loss does. */
  constructor(onChange: (object: LiveObject, before: LiveObject | undefined) => void) {
    this.#onChange = onChange;
  }

  get(key: string): LiveObject | undefined {
    return this.#resources.get(key);
  }

  keys(): readonly string[] {
    return [...this.#resources.keys()];
  }

  values(): readonly LiveObject[] {
    return [...this.#resources.values()];
  }

  /** Takes in a version of a CR that the watch shows; it may be behind what is known. */
  observe(object: LiveObject): void {
    const before = this.#resources.get(keyOf(object));
    if (before !== undefined && isOlder(object, before)) return;
    this.#resources.set(keyOf(object), object);
    const asksForWork =
      before === undefined || triggerOf(before) !== triggerOf(object) || hasLostStatus(object, before);
    if (asksForWork) this.#onChange(object, before);
  }

  /**
   * Takes in the answer to a write of ours, which may be the first to show what its author did right before. Which CRs there
   * are is for the watch to say: the answer may come after the event of the deletion, and must not bring the CR back.
   */
  observeAnswer(object: LiveObject): void {
    if (this.get(keyOf(object))?.metadata.uid === object.metadata.uid) this.observe(object);
  }

  /** Forgets a CR that is gone. */
  remove(object: LiveObject): void {
    const known = this.#resources.get(keyOf(object));
    if (known?.metadata.uid === object.metadata.uid) this.#resources.delete(keyOf(object));
  }
}

/** What is different in a CR: a word, and the fields that a new generation has changed. */
export function changeOf(object: LiveObject, before: LiveObject | undefined): Pick<Trigger, 'change' | 'fields'> {
  const { metadata } = object;
  if (before === undefined || before.metadata.uid !== metadata.uid) return { change: 'created' };
  if (before.metadata.deletionTimestamp !== metadata.deletionTimestamp) return { change: 'deletion' };
  if (before.metadata.generation !== metadata.generation) {
    return { change: 'spec', fields: changedFields(before.spec, object.spec) };
  }
  return { change: hasLostStatus(object, before) ? 'status' : 'annotations' };
}

function changedFields(before: Json = {}, after: Json = {}): readonly string[] {
  return diffObjects({ spec: before }, { spec: after }).map(({ path }) => path);
}

/** Nobody but us writes the status, but a restore or a person may wipe it; nothing else would make us write it again. */
function hasLostStatus(now: LiveObject, before: LiveObject): boolean {
  return isReported(before) && !isReported(now);
}

function isReported({ status, metadata }: LiveObject): boolean {
  const isCurrent = valueAt(status, 'observedGeneration') === metadata.generation;
  return isCurrent && valueAt(status, 'inventory') !== undefined;
}

/** What a reconcile depends on besides the cluster: a new uid, generation or deletion, and the annotations that steer it. */
function triggerOf(object: LiveObject): string {
  const { uid, generation, deletionTimestamp } = object.metadata;
  return JSON.stringify([uid, generation, deletionTimestamp, steeringOf(object)]);
}

/** The annotations of a CR that steer the operator, in a form in which they can be compared. */
export function steeringOf({ metadata: { annotations = {} } }: LiveObject): string {
  const steering = Object.entries(annotations).filter(([key]) => key.startsWith(`${GROUP}/`));
  return JSON.stringify(steering.sort());
}

function isOlder(object: LiveObject, than: LiveObject): boolean {
  if (object.metadata.uid !== than.metadata.uid) return false;
  return isOlderVersion(object.metadata.resourceVersion, than.metadata.resourceVersion);
}
