import { addAbortListener } from 'node:events';
import { readStatus } from '../api/index.ts';
import { contentIn, FightDetector, type LiveObject } from '../apply/index.ts';
import { isAbort, issuesOf, type ObjectId, OperatorError, type Scope, withFields } from '../core/index.ts';
import { type OtherOperator, OtherOperators } from './leadership/other-operators.ts';
import { deletePass } from './passes/delete-pass.ts';
import { dryRunPass } from './passes/dry-run-pass.ts';
import { type Duty, dutyFor } from './passes/duty.ts';
import { heldPass } from './passes/held-pass.ts';
import { installPass } from './passes/install-pass.ts';
import { Installation } from './passes/installation.ts';
import { Pass, type PassMemory, type ReconcilerDeps } from './passes/pass.ts';
import type { SkipReason } from './passes/skip-reason.ts';
import { keyOf, splitKey } from './watches/resources.ts';
import type { Requeue } from './work-queue.ts';

/** Tuning of the reconciler. */
export interface ReconcilerOptions {
  /** How long a component may take to become ready, in milliseconds. */
  readonly readinessTimeoutMs: number;
  /** Only CRs of this revision are worked on; undefined means all. */
  readonly revision?: string | undefined;
}

/**
 * Brings the cluster to what one CR asks for, one pass at a time: a key goes in, never an event. A pass reads what is
 * known, plans, acts, and reports in the CR's status; it never waits for health, the watches wake it.
 */
export class Reconciler {
  readonly #installations = new Map<string, Installation>();
  readonly #passes = new Map<string, Pass>();
  readonly #memory: PassMemory;
  readonly #others: OtherOperators;
  /** The CRs that were left to other operators when they were last looked at: to which lock, or only for their revision. */
  readonly #leftTo = new Map<string, string | undefined>();
  readonly #options: ReconcilerOptions;
  readonly #deps: ReconcilerDeps;

  constructor(options: ReconcilerOptions, deps: ReconcilerDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#others = new OtherOperators(deps.lock, deps);
    this.#memory = {
      namespaces: new Set(),
      fights: new FightDetector(deps.clock),
      wantedBy: (key, id) => this.#wantedBy(key, id),
    };
  }

  /**
   * One pass over the CR with this key. Expected failures end up in its status; aborts and bugs reject. A pass that was
   * superseded ends early without an error: whoever interrupted it has put the key in line again.
   */
  async reconcile(key: string, outer: Scope): Promise<Requeue> {
    const resource = this.#deps.resources.get(key);
    if (resource === undefined) {
      this.#forget(key);
      return { kind: 'done' };
    }
    const fields = { ...splitKey(key), generation: resource.metadata.generation };
    // Whoever looks after it has gone on changing what is installed; the status says what there is by now.
    if (this.#leftTo.has(key)) this.#installations.delete(key);
    const installation = this.#installation(key, resource);
    const pass = new Pass(resource, installation, this.#memory, this.#deps, withFields(outer, fields));
    using _listener = addAbortListener(outer.signal, () => pass.abort(outer.signal.reason));
    this.#passes.set(key, pass);
    const startedMs = this.#deps.clock.monotonicMs();
    try {
      return await this.#run(pass);
    } catch (error) {
      if (pass.scope.signal.aborted && !outer.signal.aborted) return { kind: 'done' };
      if (isAbort(error, pass.scope.signal) || !(error instanceof OperatorError)) throw error;
      return await blocked(pass, error);
    } finally {
      this.#passes.delete(key);
      pass.log(this.#deps.clock.monotonicMs() - startedMs);
    }
  }

  /** Ends the pass that is under way for this CR when it works on another generation, or on one that is being deleted. */
  interrupt(key: string): void {
    const pass = this.#passes.get(key);
    if (pass === undefined) return;
    const { uid, generation, deletionTimestamp } = pass.found.metadata;
    // Nothing supersedes a deletion: its last write makes the resource go, and the answer to that may come after the event.
    if (deletionTimestamp !== undefined) return;
    const current = this.#deps.resources.get(key)?.metadata;
    const isCurrent = current?.uid === uid && current.generation === generation;
    const superseded = !isCurrent || current.deletionTimestamp !== undefined;
    if (superseded) pass.abort(new Error('superseded by a newer version of the resource'));
  }

  /** Makes the inventory of a CR known before its first pass, so that others do not take what it holds. */
  register(resource: LiveObject): void {
    this.#installation(keyOf(resource), resource);
  }

  async #run(pass: Pass): Promise<Requeue> {
    const other = await this.#others.lookingAfter(pass.found, pass.scope);
    if (other !== undefined) return this.#leave(pass, other);
    this.#leftTo.delete(pass.key);
    const duty = this.#dutyFor(pass.found);
    switch (duty.kind) {
      case 'delete':
        return await deletePass(pass);
      case 'skip':
        return await this.#skip(pass, duty.why);
      case 'dryRun':
        return await dryRunPass(pass);
      case 'hold':
        return await heldPass(pass, duty.held);
      case 'install':
        return await installPass(pass, this.#options.readinessTimeoutMs);
    }
  }

  #dutyFor(resource: LiveObject): Duty {
    return dutyFor(resource, { revision: this.#options.revision, usesFinalizer: this.#deps.usesFinalizer });
  }

  /** What the document of a CR asks an object to be, if the CR is worked on. Its own pass may not have come so far. */
  #wantedBy(key: string, id: ObjectId): string | undefined {
    const { resources, render, facts } = this.#deps;
    const resource = resources.get(key);
    if (resource === undefined || this.#leftTo.has(key) || this.#dutyFor(resource).kind !== 'install') return undefined;
    const rendering = this.#installation(key, resource).rendering(resource, render, facts);
    return rendering.kind === 'manifest' ? contentIn(rendering.digested, id) : undefined;
  }

  #leave(pass: Pass, { lock, recheckMs }: OtherOperator): Requeue {
    this.#deps.onForget?.(pass.key);
    if (this.#leftTo.get(pass.key) !== lock) {
      const message = `the operator with the lock ${lock} looks after it; ${this.#deps.lock ?? 'one without a lock'} leaves it alone`;
      pass.scope.log.warn({ object: lock }, 'another operator looks after the resource');
      pass.tell({ report: { kind: 'skipped', reason: 'OtherOperator', message } });
    }
    this.#leftTo.set(pass.key, lock);
    return { kind: 'after', delayMs: recheckMs };
  }

  async #skip(pass: Pass, why: SkipReason): Promise<Requeue> {
    const isOthers = why.reason === 'OtherRevision';
    if (isOthers) {
      this.#leftTo.set(pass.key, undefined);
      this.#deps.onForget?.(pass.key);
    }
    // Where another operator looks after it, its word stands; it may come any moment, so nothing may have changed.
    if (isOthers && readStatus(pass.found.status).conditions !== undefined) return { kind: 'done' };
    const report = { kind: 'skipped', ...why } as const;
    await pass.write(report, isOthers);
    pass.tell({ report });
    return { kind: 'done' };
  }

  #installation(key: string, resource: LiveObject): Installation {
    const known = this.#installations.get(key);
    if (known !== undefined && known.uid === resource.metadata.uid) return known;
    const fresh = new Installation(resource);
    this.#installations.set(key, fresh);
    for (const other of this.#deps.claims.update(key, fresh.inventory)) this.#deps.wake(other);
    return fresh;
  }

  #forget(key: string): void {
    this.#installations.delete(key);
    this.#leftTo.delete(key);
    this.#deps.triggers.take(key);
    this.#deps.onForget?.(key);
    for (const other of this.#deps.claims.update(key, new Map())) this.#deps.wake(other);
  }
}

/** A call that the whole pass depends on failed. The status says so if it can be written at all. */
async function blocked(pass: Pass, error: OperatorError): Promise<Requeue> {
  pass.scope.log.warn({ code: error.detail.code, err: error }, 'reconcile failed');
  if (error.detail.code === 'WriteConflict') return { kind: 'backoff' };
  const report = { kind: 'blocked', issues: issuesOf(error) } as const;
  await pass.write(report).catch((err: unknown) => {
    if (!(err instanceof OperatorError)) throw err;
    pass.scope.log.warn({ code: err.detail.code }, 'status not written');
  });
  pass.tell({ report });
  return { kind: 'backoff' };
}
