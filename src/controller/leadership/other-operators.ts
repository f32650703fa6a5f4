import { readStatus } from '../../api/index.ts';
import type { Cluster, LiveObject } from '../../apply/index.ts';
import { type Clock, isAbort, OperatorError, type Scope } from '../../core/index.ts';
import { leaseRef, readLease } from './lease.ts';

/** What it takes to find out. */
export interface OtherOperatorsDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

/** Another operator that looks after a CR. */
export interface OtherOperator {
  /** Its lock, as `namespace/name`. */
  readonly lock: string;
  /** When to look again whether it still does, in milliseconds. */
  readonly recheckMs: number;
}

/** A lease that cannot be read is taken to be held for so long. */
const UNREADABLE_MS = 15_000;

/** A look at a lease answers for all the CRs of its operator. */
const FRESH_MS = 3_000;

interface Look {
  readonly version: string;
  /** When this version was first seen. */
  readonly sinceMs: number;
  readonly lookedMs: number;
  readonly isHeld: boolean;
  readonly durationMs: number;
}

/**
 * Replicas of one operator agree by a lease on one that works. Two operators, each with a lease of its own, agree by the
 * CR: whoever comes first writes the name of its lock into the status, and keeps the CR as long as that lock is renewed.
 */
export class OtherOperators {
  readonly #own: string | undefined;
  readonly #deps: OtherOperatorsDeps;
  readonly #looks = new Map<string, Look>();

  /** @param own - the lock of this operator, as `namespace/name`; undefined when it has none. */
  constructor(own: string | undefined, deps: OtherOperatorsDeps) {
    this.#own = own;
    this.#deps = deps;
  }

  /** Whoever else looks after this CR; undefined when it is ours or nobody's. */
  async lookingAfter(resource: LiveObject, scope: Scope): Promise<OtherOperator | undefined> {
    const { operator: lock } = readStatus(resource.status);
    if (lock === undefined || lock === this.#own) return undefined;
    const { isHeld, sinceMs, durationMs } = await this.#lookAt(lock, scope);
    const restMs = sinceMs + durationMs - this.#deps.clock.monotonicMs();
    return isHeld && restMs > 0 ? { lock, recheckMs: restMs } : undefined;
  }

  /** One version of a lease that stays for longer than it is good for belongs to a process that is gone. */
  async #lookAt(lock: string, scope: Scope): Promise<Look> {
    const nowMs = this.#deps.clock.monotonicMs();
    const before = this.#looks.get(lock);
    if (before !== undefined && nowMs - before.lookedMs < FRESH_MS) return before;
    const { version, isHeld, durationMs } = await this.#read(lock, scope);
    const sinceMs = before?.version === version ? before.sinceMs : nowMs;
    const look = { version, isHeld, durationMs, sinceMs, lookedMs: nowMs };
    this.#looks.set(lock, look);
    return look;
  }

  async #read(lock: string, scope: Scope): Promise<Pick<Look, 'version' | 'isHeld' | 'durationMs'>> {
    const [namespace = '', name = ''] = lock.split('/');
    try {
      const lease = await this.#deps.cluster.get(leaseRef(namespace, name), scope);
      if (lease === undefined) return { version: '', isHeld: false, durationMs: 0 };
      const { holder, durationMs } = readLease(lease);
      return { version: lease.metadata.resourceVersion, isHeld: holder !== '', durationMs };
    } catch (error) {
      if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
      scope.log.warn({ object: lock, code: error.detail.code }, 'lock of another operator not readable');
      // another version each time: what cannot be seen must not look like a process that is gone
      return { version: `unread at ${this.#deps.clock.monotonicMs()}`, isHeld: true, durationMs: UNREADABLE_MS };
    }
  }
}
