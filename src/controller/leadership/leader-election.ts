import { addAbortListener } from 'node:events';
import type { Cluster, LiveObject, ObjectRef } from '../../apply/index.ts';
import { type Clock, isAbort, Latch, OperatorError, pause, type Scope, withDeadline } from '../../core/index.ts';
import { freeSpec, heldSpec, LEASE_WRITE, leaseRef, newLease, readLease } from './lease.ts';

/** Which lease, whose, and how patient. */
export interface LeaderElectionOptions {
  readonly namespace: string;
  readonly name: string;
  /** No two processes may have the same, not even one after the other. */
  readonly identity: string;
  /** How long after the last renewal a leader stops by itself. Others take over after half as long again. Default 10,000. */
  readonly renewDeadlineMs?: number;
  /** Between renewals, and between attempts when the API server is out of reach. Default 2,000. */
  readonly retryMs?: number;
}

/** Collaborators of an election. */
export interface LeaderElectionDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Told when this process becomes the leader, and when it no longer is or sees that another one is. */
  readonly onChange?: (role: 'leader' | 'follower') => void;
}

/** What one look at the lease came to. */
type Attempt =
  | { readonly kind: 'held' }
  | { readonly kind: 'taken'; readonly freeInMs: number }
  | { readonly kind: 'failed' };

/** A release that takes longer is left to the lease's end: the process is wanted gone. */
const RELEASE_MS = 1_500;

/** The lock of an operator; one that looks after a single revision has a lock of its own. Upstream's names. */
export function lockName(revision: string | undefined): string {
  return revision === undefined || revision === '' ? 'istio-operator-lock' : `istio-operator-lock-${revision}`;
}

/**
 * Lets one of several processes work at a time, by a Lease that it has to renew. Nothing depends on clocks that agree:
 * a follower counts from when it saw the last renewal, a leader from when it sent it, both on their own monotonic clock.
 */
export class LeaderElection {
  readonly #options: Required<LeaderElectionOptions>;
  readonly #deps: LeaderElectionDeps;
  readonly #ref: ObjectRef;
  /** The lease as we wrote it last; undefined when the server may have another version. */
  #own: LiveObject | undefined;
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  #hasCompeted = false;
  #lead: AbortController | undefined;
  /** The last version that another holder wrote, and when it was seen. */
  #seen: { readonly version: string; readonly atMs: number } | undefined;
  /** Whom we have seen holding it last, for the log. */
  #leader: string | undefined;
  #isFailing = false;
  /** Wakes a follower when a watch shows the lease free. */
  readonly #freed: Latch;

  constructor(options: LeaderElectionOptions, deps: LeaderElectionDeps) {
    this.#options = { renewDeadlineMs: 10_000, retryMs: 2_000, ...options };
    this.#deps = deps;
    this.#freed = new Latch(deps.clock);
    this.#ref = leaseRef(options.namespace, options.name);
  }

  /** True while nobody else can hold the lease. Finding it expired ends the work, before any timer does. */
  isHeld(): boolean {
    if (this.#deps.clock.monotonicMs() < this.#heldUntilMs) return true;
    this.#lose();
    return false;
  }

  /**
   * Competes for the lease until the scope is aborted, and runs `work` while it is held. When the lease is lost, the scope
   * of the work is aborted; once the work has ended, competing begins again. At the end the lease is given up.
   * @param work - goes on until its scope is aborted, and resolves only when nothing of it is under way any more.
   */
  async run(work: (scope: Scope) => Promise<void>, scope: Scope): Promise<void> {
    try {
      for (;;) {
        await this.#acquire(scope);
        await this.#workAsLeader(work, scope);
        scope.signal.throwIfAborted();
      }
    } catch (error) {
      if (!isAbort(error, scope.signal)) throw error;
    } finally {
      await this.#release(scope);
    }
  }

  async #workAsLeader(work: (scope: Scope) => Promise<void>, scope: Scope): Promise<void> {
    const lead = new AbortController();
    using _outer = addAbortListener(scope.signal, () => lead.abort(scope.signal.reason));
    this.#lead = lead;
    const inner = { ...scope, signal: lead.signal };
    scope.log.info({ object: this.#options.name, action: 'acquired' }, 'leading');
    this.#deps.onChange?.('leader');
    const renewing = this.#renewUntilLost(inner).catch(unlessAborted(inner));
    try {
      await work(inner).catch(unlessAborted(inner));
    } finally {
      lead.abort();
      await renewing;
      this.#lead = undefined;
      this.#deps.onChange?.('follower');
    }
    if (!scope.signal.aborted) scope.log.warn({ object: this.#options.name, action: 'lost' }, 'no longer leading');
  }

  async #renewUntilLost(scope: Scope): Promise<void> {
    const { clock } = this.#deps;
    while (this.isHeld()) {
      // One more, because timers may be early by a fraction and this one has to find the lease expired.
      using _deadline = clock.after(this.#heldUntilMs - clock.monotonicMs() + 1, () => void this.isHeld());
      await pause(this.#options.retryMs, clock, scope);
      const { kind } = await this.#try(scope);
      if (kind === 'taken') this.#lose();
    }
  }

  #lose(): void {
    this.#heldUntilMs = Number.NEGATIVE_INFINITY;
    this.#own = undefined;
    this.#lead?.abort(new OperatorError('The lease is lost, so the work on it ends.', { code: 'LeaseLost' }));
  }

  async #acquire(scope: Scope): Promise<void> {
    const first = await this.#try(scope);
    if (first.kind !== 'held') await this.#follow(first, scope);
  }

  /** Waits until the lease is free, by a watch that shows when it is given up, and by its end at the latest. */
  async #follow(first: Attempt, scope: Scope): Promise<void> {
    const stop = new AbortController();
    using _outer = addAbortListener(scope.signal, () => stop.abort(scope.signal.reason));
    const watching = this.#watch({ ...scope, signal: stop.signal });
    try {
      for (let last = first; last.kind !== 'held'; last = await this.#try(scope)) {
        await this.#freed.wait(last.kind === 'taken' ? last.freeInMs : this.#options.retryMs, scope);
        scope.signal.throwIfAborted();
      }
    } finally {
      stop.abort();
      await watching;
    }
  }

  #watch(scope: Scope): Promise<void> {
    const { namespace, apiVersion, kind, name } = this.#ref;
    const see = (lease: LiveObject) => {
      if (this.#freeInMs(lease) <= 0) this.#freed.wake();
    };
    const handler = {
      onSync: (leases: readonly LiveObject[]) => (leases.length === 0 ? this.#freed.wake() : leases.forEach(see)),
      onEvent: (type: string, lease: LiveObject) => (type === 'DELETED' ? this.#freed.wake() : see(lease)),
    };
    const selection = { namespace, fieldSelector: `metadata.name=${name}` };
    return this.#deps.cluster.watch({ apiVersion, kind }, selection, handler, scope);
  }

  /** One attempt to take or renew the lease; what keeps it from succeeding is logged, once until it has passed. */
  async #try(scope: Scope): Promise<Attempt> {
    const timeoutMs = this.#options.renewDeadlineMs / 2;
    const timedOut = () => new OperatorError('The API server did not answer in time.', { code: 'ApiTimeout' });
    try {
      const attempt = await withDeadline(
        { timeoutMs, clock: this.#deps.clock, timedOut },
        (inner) => this.#attempt(inner),
        scope,
      );
      this.#isFailing = false;
      return attempt;
    } catch (error) {
      if (isAbort(error, scope.signal) || !(error instanceof OperatorError)) throw error;
      const { code } = error.detail;
      const wasFaster = code === 'WriteConflict' || code === 'AlreadyExists';
      if (!wasFaster && !this.#isFailing) scope.log.warn({ object: this.#ref.name, code }, 'lease not renewed');
      this.#isFailing = !wasFaster;
      return { kind: 'failed' };
    }
  }

  async #attempt(scope: Scope): Promise<Attempt> {
    const lease = this.#own ?? (await this.#deps.cluster.get(this.#ref, scope));
    const freeInMs = lease === undefined ? 0 : this.#freeInMs(lease);
    if (lease === undefined || freeInMs <= 0) {
      await this.#take(lease, scope);
      return { kind: 'held' };
    }
    const { holder } = readLease(lease);
    if (holder !== this.#leader) scope.log.info({ object: this.#ref.name, holder }, 'another operator leads');
    this.#leader = holder;
    this.#deps.onChange?.('follower');
    return { kind: 'taken', freeInMs };
  }

  /** Milliseconds until the lease can be taken: none when it is ours or nobody's. */
  #freeInMs(lease: LiveObject): number {
    const { holder, durationMs } = readLease(lease);
    if (holder === '' || holder === this.#options.identity) return 0;
    const nowMs = this.#deps.clock.monotonicMs();
    const version = lease.metadata.resourceVersion;
    if (this.#seen?.version !== version) this.#seen = { version, atMs: nowMs };
    return this.#seen.atMs + durationMs - nowMs;
  }

  /** The time counts from before the request: others may see the renewal as soon as it is sent. */
  async #take(lease: LiveObject | undefined, scope: Scope): Promise<void> {
    const { cluster, clock } = this.#deps;
    const { identity, renewDeadlineMs } = this.#options;
    const sentMs = clock.monotonicMs();
    const before = lease === undefined ? undefined : readLease(lease);
    const spec = heldSpec(before, { identity, durationMs: renewDeadlineMs * 1.5, now: clock.now() });
    this.#own = undefined;
    this.#hasCompeted = true;
    this.#own =
      lease === undefined
        ? await cluster.create(newLease(this.#ref, spec), LEASE_WRITE, scope)
        : await cluster.replace({ ...lease, spec }, LEASE_WRITE, scope);
    this.#heldUntilMs = sentMs + renewDeadlineMs;
  }

  /** Clears the holder, so that a follower need not wait for the end of the lease. The scope is aborted by now. */
  async #release(scope: Scope): Promise<void> {
    if (!this.#hasCompeted) return;
    const timedOut = () => new OperatorError('The API server did not answer in time.', { code: 'ApiTimeout' });
    const options = { timeoutMs: RELEASE_MS, clock: this.#deps.clock, timedOut };
    this.#lose();
    try {
      await withDeadline(options, (inner) => this.#giveUp(inner), { ...scope, signal: new AbortController().signal });
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      scope.log.warn({ object: this.#ref.name, code: error.detail.code }, 'lease not released');
    }
  }

  /** Twice, because a renewal that was cut off may have gone through in between. */
  async #giveUp(scope: Scope, isLast = false): Promise<void> {
    const { cluster, clock } = this.#deps;
    const lease = await cluster.get(this.#ref, scope);
    if (lease === undefined || readLease(lease).holder !== this.#options.identity) return;
    try {
      await cluster.replace({ ...lease, spec: freeSpec(readLease(lease), clock.now()) }, LEASE_WRITE, scope);
      scope.log.info({ object: this.#ref.name, action: 'released' }, 'lease released');
    } catch (error) {
      if (isLast || !(error instanceof OperatorError) || error.detail.code !== 'WriteConflict') throw error;
      await this.#giveUp(scope, true);
    }
  }
}

/** Swallows the end of a scope, and nothing else. */
function unlessAborted(scope: Scope): (error: unknown) => void {
  return (error) => {
    if (!isAbort(error, scope.signal)) throw error;
  };
}
