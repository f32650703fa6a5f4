import { ANNOTATIONS } from '../api/index.ts';
import { idKey, idOf, type ObjectId } from '../core/index.ts';
import type { LiveMeta, LiveObject } from './cluster.ts';
import { ownedFieldsOf } from './fingerprint.ts';
import { hasForeignReplicas } from './handover.ts';
import { HEALTH_KINDS, type Readiness, readinessOf } from './readiness.ts';

/** What is remembered of a live object: enough to plan from and no more, so that memory does not grow with the cluster. */
export interface Observed {
  readonly id: ObjectId;
  readonly uid: string;
  readonly resourceVersion: string;
  /** The fields that we own in it, and since when; see `ownedFieldsOf`. */
  readonly ownedFields?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly deleting: boolean;
  /** Somebody wants it left alone; see `ANNOTATIONS.ignore`. */
  readonly isIgnored: boolean;
  /** Somebody else has set the replicas of this Deployment. */
  readonly hasForeignReplicas?: true;
  /** Absent where only metadata was seen of a kind whose health matters. */
  readonly readiness?: Readiness;
  /** The version that showed this readiness. Metadata of a newer one, such as our writes are answered with, leaves it as it was. */
  readonly readinessVersion?: string;
}

/** Many more than can be deleted while an answer is on its way. */
const MOST_GONE = 1_000;

/** The live state as the watches and our own writes have shown it. It is fed from outside and never asks the cluster. */
export class LiveStore {
  readonly #objects = new Map<string, Observed>();
  /** The objects that went last, oldest first: with which version each went, by uid. */
  readonly #gone = new Map<string, string>();

  get(id: ObjectId): Observed | undefined {
    return this.#objects.get(idKey(id));
  }

  all(): Iterable<Observed> {
    return this.#objects.values();
  }

  /**
   * Takes in an object that a watch or a write returned.
   * @returns the entry before and after, or undefined when this is older than, or the same as, what is known, or when the
   * object is gone by now: the answer to our write may come after the event of somebody's deletion.
   */
  observe(object: LiveObject): { before: Observed | undefined; after: Observed } | undefined {
    const id = idOf(object);
    const before = this.get(id);
    const { metadata } = object;
    if (this.isGone(metadata)) return undefined;
    const after = observed(id, object, before);
    if (before !== undefined && before.uid === metadata.uid && !addsTo(before, after)) return undefined;
    this.#objects.set(idKey(id), after);
    return { before, after };
  }

  /**
   * Forgets an object that is gone.
   * @returns what was known of it; undefined when it was unknown or another object has taken its name since.
   */
  remove(id: ObjectId, metadata: Pick<LiveMeta, 'uid' | 'resourceVersion'>): Observed | undefined {
    this.#noteGone(metadata.uid, metadata.resourceVersion);
    const known = this.get(id);
    if (known === undefined || known.uid !== metadata.uid) return undefined;
    this.#objects.delete(idKey(id));
    return known;
  }

  /**
   * True for a version of an object that went after it, as was seen not long ago. What only lost the label by which it is
   * selected goes for a watch, too, and may come back.
   */
  isGone({ uid, resourceVersion }: Pick<LiveMeta, 'uid' | 'resourceVersion'>): boolean {
    const lastVersion = this.#gone.get(uid);
    return lastVersion !== undefined && !isOlderVersion(lastVersion, resourceVersion);
  }

  /**
   * Takes in a whole list of one kind: what is no longer in it is forgotten.
   * @param resourceVersion - the state that the list shows; what is not in it was gone by then. Undefined where that is not known.
   * @returns what was forgotten, without what another object has taken the name of.
   */
  replaceKind(
    kind: { group: string; kind: string },
    objects: readonly LiveObject[],
    resourceVersion: string | undefined,
  ): readonly Observed[] {
    const listed = new Set(objects.map(({ metadata }) => metadata.uid));
    const named = new Set(objects.map((object) => idKey(idOf(object))));
    const gone = [...this.#objects.values()].filter(
      ({ id, uid }) => id.group === kind.group && id.kind === kind.kind && !listed.has(uid),
    );
    for (const { id, uid } of gone) {
      this.#objects.delete(idKey(id));
      if (resourceVersion !== undefined) this.#noteGone(uid, resourceVersion);
    }
    for (const object of objects) this.observe(object);
    return gone.filter(({ id }) => !named.has(idKey(id)));
  }

  #noteGone(uid: string, resourceVersion: string): void {
    this.#gone.set(uid, resourceVersion);
    for (const oldest of this.#gone.keys()) if (this.#gone.size > MOST_GONE) this.#gone.delete(oldest);
  }
}

function observed(id: ObjectId, object: LiveObject, before: Observed | undefined): Observed {
  const { metadata } = object;
  const ownedFields = ownedFieldsOf(metadata);
  const health = healthSeen(object, before);
  return {
    id,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    labels: metadata.labels ?? {},
    deleting: metadata.deletionTimestamp !== undefined,
    isIgnored: metadata.annotations?.[ANNOTATIONS.ignore] === 'true',
    ...(ownedFields === undefined ? {} : { ownedFields }),
    ...(object.kind === 'Deployment' && hasForeignReplicas(metadata) ? { hasForeignReplicas: true } : {}),
    ...health,
  };
}

/** Metadata says nothing about health, except that an object is on its way out; then what was known before holds. */
function healthSeen(
  object: LiveObject,
  before: Observed | undefined,
): Pick<Observed, 'readiness' | 'readinessVersion'> {
  const { metadata } = object;
  const hasBody = object.status !== undefined || object.spec !== undefined;
  if (!HEALTH_KINDS.has(object.kind) || hasBody || metadata.deletionTimestamp !== undefined) {
    return { readiness: readinessOf(object), readinessVersion: metadata.resourceVersion };
  }
  if (before?.uid !== metadata.uid || before.readiness === undefined) return {};
  const { readiness, readinessVersion } = before;
  return { readiness, ...(readinessVersion === undefined ? {} : { readinessVersion }) };
}

/** Whether `after` is newer, or shows the health of a version of which only metadata was known. */
function addsTo(before: Observed, after: Observed): boolean {
  if (after.resourceVersion !== before.resourceVersion) {
    return !isOlderVersion(after.resourceVersion, before.resourceVersion);
  }
  return after.readinessVersion === after.resourceVersion && before.readinessVersion !== before.resourceVersion;
}

/**
 * Whether one version of an object is certainly older than another. Resource versions of one object are
 * numbers that grow, as every API server hands them out; where one is not a number, nothing is certain.
 */
export function isOlderVersion(resourceVersion: string, than: string): boolean {
  const number = /^\d{1,20}$/;
  return number.test(resourceVersion) && number.test(than) && BigInt(resourceVersion) < BigInt(than);
}
