import { addAbortListener } from 'node:events';
import type { Cluster } from '../../apply/index.ts';
import { type Clock, OperatorError, type Scope } from '../../core/index.ts';

/** What the fence needs to know. */
export interface FenceDeps {
  readonly clock: Clock;
  /** Asked before every write: true only while nobody else can hold the lease. */
  readonly isHeld: () => boolean;
}

/** Verbs that change nothing. */
const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'discover', 'review']);

/**
 * The last question before a request leaves: the client asks it for every attempt, so that not even one that had to wait
 * for a connection, or is tried again after the process stood still, goes out without the lease. Open until it is guarded.
 */
export class WriteFence {
  #isHeld: () => boolean = () => true;

  /** From now on writes need this to be true. */
  guard(isHeld: () => boolean): void {
    this.#isHeld = isHeld;
  }

  /** @throws {OperatorError} `LeaseLost` for a write without the lease; the lease itself may always be written. */
  check({ verb, resource }: { readonly verb: string; readonly resource: string }): void {
    if (READS.has(verb) || resource === 'leases' || this.#isHeld()) return;
    throw notHeld();
  }
}

/** How long a write that is under way may go on after its scope has ended, in milliseconds. */
const GRACE_MS = 1_000;

/**
 * The same cluster, except that nothing is written unless the lease is surely held. A write that is under way when its
 * scope ends may still get its answer: whoever waits for the end of all work then knows that nothing of it is on its way
 * any more. A write whose lease is lost is cut off at once.
 */
export function fencedCluster(cluster: Cluster, deps: FenceDeps): Cluster {
  const write = <Result>(scope: Scope, send: (scope: Scope) => Promise<Result>) => fenced(send, deps, scope);
  return {
    facts: (scope) => cluster.facts(scope),
    may: (right, scope) => cluster.may(right, scope),
    serves: (kind, scope) => cluster.serves(kind, scope),
    get: (ref, scope) => cluster.get(ref, scope),
    list: (kind, selection, scope) => cluster.list(kind, selection, scope),
    watch: (kind, selection, handler, scope) => cluster.watch(kind, selection, handler, scope),
    apply: (object, options, scope) => write(scope, (inner) => cluster.apply(object, options, inner)),
    create: (object, options, scope) => write(scope, (inner) => cluster.create(object, options, inner)),
    replace: (object, options, scope) => write(scope, (inner) => cluster.replace(object, options, inner)),
    patch: (ref, patch, options, scope) => write(scope, (inner) => cluster.patch(ref, patch, options, inner)),
    delete: (ref, options, scope) => write(scope, (inner) => cluster.delete(ref, options, inner)),
  };
}

async function fenced<Result>(
  send: (scope: Scope) => Promise<Result>,
  { clock, isHeld }: FenceDeps,
  scope: Scope,
): Promise<Result> {
  const held = isHeld(); // asked first: an election that finds its lease expired aborts the scope with that as the reason
  scope.signal.throwIfAborted();
  if (!held) throw notHeld();
  const writing = new AbortController();
  let grace: Disposable | undefined;
  using _listener = addAbortListener(scope.signal, () => {
    const end = () => writing.abort(scope.signal.reason);
    if (isHeld()) grace = clock.after(GRACE_MS, end);
    else end();
  });
  try {
    return await send({ ...scope, signal: writing.signal });
  } finally {
    grace?.[Symbol.dispose]();
  }
}

function notHeld(): OperatorError {
  return new OperatorError('The lease is not held, so nothing is written.', { code: 'LeaseLost' });
}
