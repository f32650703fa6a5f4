import { isObject, type Json, valueAt } from '../../src/core/index.ts';
import type { Write } from '../support/fault-proxy.ts';

/**
 * Who holds the operators' lease, seen from between them and the API server, and who writes without it. Each operator is
 * known by the header that says who it is.
 */
export class Leadership {
  readonly #strays: string[] = [];
  #holder: string | undefined;
  #isGuarded = false;

  /** The `authorization` of whoever holds the lease; undefined when nobody does. */
  get holder(): string | undefined {
    return this.#holder;
  }

  /** From now on, or until now, only the holder may write. */
  guard(isGuarded: boolean): void {
    this.#isGuarded = isGuarded;
    this.#holder = undefined;
  }

  /** Writes of operators that did not hold the lease. Forgotten once read. */
  takeStrays(): readonly string[] {
    return this.#strays.splice(0);
  }

  /** A write has left an operator. */
  onWrite({ authorization, method, path }: Write): void {
    if (this.#isGuarded && !isLease(path) && authorization !== this.#holder) {
      this.#strays.push(`an operator without the lease writes: ${method} ${path}`);
    }
  }

  /** The server has done a write. */
  onWritten({ authorization, path }: Write, answer: Json): void {
    if (!isLease(path) || !isObject(answer) || answer.kind !== 'Lease') return;
    const identity = valueAt(answer, 'spec', 'holderIdentity');
    this.#holder = typeof identity === 'string' && identity !== '' ? authorization : undefined;
  }
}

function isLease(path: string): boolean {
  return path.includes('/leases');
}
