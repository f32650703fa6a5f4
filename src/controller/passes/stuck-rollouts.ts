import {
  type Cluster,
  type ComponentState,
  findRolloutReason,
  mapConcurrently,
  type ObjectHealth,
} from '../../apply/index.ts';
import { type Clock, type ComponentName, idKey, type ObjectId, type Scope } from '../../core/index.ts';

/** Collaborators of the look at pods. */
export interface StuckRolloutsDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

/** A workload that does not become ready, and why. */
export interface StuckRollout {
  readonly component: ComponentName;
  readonly id: ObjectId;
  readonly why: string;
}

/** What is known of the components' rollouts. */
export interface Explained {
  /** The same components; what is not ready says why, as far as that is known. */
  readonly components: readonly ComponentState[];
  readonly stuck: readonly StuckRollout[];
  /** When to look again; absent when everything is ready. */
  readonly nextMs?: number;
}

/** A rollout needs some seconds anyway; pods are looked at when it takes longer. */
const PATIENCE_MS = 3_000;

/** The time between two looks at a workload grows with how long it has not been ready, within these bounds. */
const LEAST_INTERVAL_MS = 5_000;
const MOST_INTERVAL_MS = 60_000;

interface Unready {
  readonly sinceMs: number;
  dueMs: number;
  why?: string | undefined;
}

/** Remembers, for one CR, since when workloads have not been ready, and what their pods said when they were last looked at. */
export class StuckRollouts {
  readonly #unready = new Map<string, Unready>();

  /** Looks at the pods of the workloads whose time has come, and adds to the components what is known. */
  async explain(components: readonly ComponentState[], deps: StuckRolloutsDeps, scope: Scope): Promise<Explained> {
    const nowMs = deps.clock.monotonicMs();
    const waiting = components.filter(({ phase }) => phase === 'progressing').flatMap(({ objects }) => objects);
    const workloads = waiting.filter(isStuckWorkload);
    this.#keepOnly(workloads, nowMs);
    const due = workloads.filter(({ id }) => (this.#unready.get(idKey(id))?.dueMs ?? nowMs) <= nowMs);
    await mapConcurrently(due, 4, ({ id }) => this.#look(id, deps, scope));
    const stuck = components.flatMap(({ component, objects }) =>
      objects.flatMap(({ id }) => this.#stuck(component, id)),
    );
    const next = Math.min(...[...this.#unready.values()].map(({ dueMs }) => dueMs)) - nowMs;
    return {
      components: components.map((state) => ({ ...state, objects: state.objects.map((object) => this.#told(object)) })),
      stuck,
      ...(Number.isFinite(next) ? { nextMs: next } : {}),
    };
  }

  #keepOnly(workloads: readonly ObjectHealth[], nowMs: number): void {
    const keys = new Set(workloads.map(({ id }) => idKey(id)));
    for (const key of this.#unready.keys()) if (!keys.has(key)) this.#unready.delete(key);
    for (const key of keys) {
      if (!this.#unready.has(key)) this.#unready.set(key, { sinceMs: nowMs, dueMs: nowMs + PATIENCE_MS });
    }
  }

  async #look(id: ObjectId, { cluster, clock }: StuckRolloutsDeps, scope: Scope): Promise<void> {
    const known = this.#unready.get(idKey(id));
    if (known === undefined) return;
    const nowMs = clock.monotonicMs();
    const intervalMs = Math.min(MOST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, (nowMs - known.sinceMs) / 2));
    known.dueMs = nowMs + intervalMs;
    known.why = await findRolloutReason({ ...id, apiVersion: 'apps/v1' }, cluster, scope);
  }

  #stuck(component: ComponentName, id: ObjectId): readonly StuckRollout[] {
    const why = this.#unready.get(idKey(id))?.why;
    return why === undefined ? [] : [{ component, id, why }];
  }

  #told(object: ObjectHealth): ObjectHealth {
    const why = this.#unready.get(idKey(object.id))?.why;
    if (why === undefined) return object;
    const { message } = object;
    return { ...object, message: message === undefined || why.includes(message) ? why : `${message}: ${why}` };
  }
}

/** Only workloads have pods; one that is missing or being deleted has its reason already. */
function isStuckWorkload({ ready, desired, reason }: ObjectHealth): boolean {
  return !ready && desired !== undefined && reason !== 'Terminating';
}
