import {
  type Cluster,
  type LiveObject,
  REFERENCE_SOURCES,
  type ReferenceSource,
  type RevisionReference,
  type RevisionUsers,
  resolver,
  usersOf,
} from '../../apply/index.ts';
import { type Clock, OperatorError, type Scope, untilAborted } from '../../core/index.ts';
import { FirstList } from './first-list.ts';

/** What the watch needs. */
export interface RevisionWatchDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Told of revisions whose users have changed, all at once and not more often than every `PACE_MS`. */
  readonly onChange: (revisions: ReadonlySet<string>) => void;
}

/** Pods come and go all the time where there are many; nobody has to know each time. */
const PACE_MS = 5_000;

/**
 * Knows who uses which revision. It watches from when it is first asked, and keeps a line for each user, so that a
 * cluster without revisions pays nothing and one with many pods little.
 */
export class RevisionWatch {
  readonly #deps: RevisionWatchDeps;
  readonly #lifetime: Scope;
  /** The references of each source, by uid. */
  readonly #references = REFERENCE_SOURCES.map(() => new Map<string, RevisionReference>());
  readonly #running: Promise<void>[] = [];
  #lists: readonly FirstList[] | undefined;
  #changed = new Set<string>();
  #pace: Disposable | undefined;

  /** @param lifetime - how long the watches run that the first question starts. */
  constructor(deps: RevisionWatchDeps, lifetime: Scope) {
    this.#deps = deps;
    this.#lifetime = lifetime;
  }

  /**
   * Who uses a revision now.
   * @param isOwn - true for a reference that does not count.
   * @param scope - how long to wait for the first lists; the watches go on.
   * @throws {OperatorError} why it cannot be told.
   */
  async usersOf(
    revision: string,
    isOwn: (reference: RevisionReference) => boolean,
    scope: Scope,
  ): Promise<RevisionUsers> {
    this.#lists ??= REFERENCE_SOURCES.map((source, index) => this.#start(source, index));
    const failed = this.#lists.find(({ failure }) => failure !== undefined);
    if (failed !== undefined) throw failed.failure;
    await untilAborted(Promise.all(this.#lists.map(({ settled }) => settled)), scope.signal);
    return usersOf(revision, this.#all(), isOwn);
  }

  /** Resolves when every watch has stopped, which they do when their lifetime ends. */
  async stopped(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.#pace?.[Symbol.dispose]();
  }

  #all(): readonly RevisionReference[] {
    return this.#references.flatMap((references) => [...references.values()]);
  }

  #start({ kind, selection, read }: ReferenceSource, index: number): FirstList {
    const lifetime = this.#lifetime;
    const list = new FirstList();
    const known = this.#references[index] ?? new Map<string, RevisionReference>();
    const handler = {
      onSync: (objects: readonly LiveObject[]) => {
        const before = new Map(known);
        known.clear();
        for (const object of objects) this.#set(known, object, read(object));
        list.succeed();
        this.#note(...before.values(), ...known.values());
      },
      onEvent: (type: string, object: LiveObject) => {
        const before = known.get(object.metadata.uid);
        this.#set(known, object, type === 'DELETED' ? undefined : read(object));
        const after = known.get(object.metadata.uid);
        if (JSON.stringify(before) !== JSON.stringify(after)) this.#note(before, after);
      },
      onError: (error: Error) => {
        const code = error instanceof OperatorError ? error.detail.code : 'Unexpected';
        lifetime.log.warn({ kind: kind.kind, code }, 'watch of the users of revisions interrupted');
        list.fail(error);
      },
    };
    const run = this.#deps.cluster.watch(kind, selection, handler, lifetime);
    this.#running.push(run.finally(() => list.fail(lifetime.signal.reason)));
    return list;
  }

  #set(
    known: Map<string, RevisionReference>,
    { metadata }: LiveObject,
    reference: RevisionReference | undefined,
  ): void {
    if (reference === undefined) known.delete(metadata.uid);
    else known.set(metadata.uid, reference);
  }

  #note(...references: readonly (RevisionReference | undefined)[]): void {
    for (const reference of references) if (reference !== undefined) this.#changed.add(reference.asksFor);
    if (this.#pace === undefined) this.#tell();
  }

  /** What asked for a tag concerns the revision behind it. A tag that has moved names the one that it has left, too. */
  #tell(): void {
    this.#pace = undefined;
    if (this.#changed.size === 0) return;
    const revisionOf = resolver(this.#all());
    const revisions = [...this.#changed].flatMap((name) => [name, revisionOf({ asksFor: name, isBound: false })]);
    this.#changed = new Set();
    this.#pace = this.#deps.clock.after(PACE_MS, () => this.#tell());
    this.#deps.onChange(new Set(revisions));
  }
}
