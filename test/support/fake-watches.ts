import type { LiveObject, ResourceKind, Selection, WatchHandler } from '../../src/apply/index.ts';
import type { Scope } from '../../src/core/index.ts';
import { matches, metadataOf } from './selection.ts';

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

interface Watch {
  readonly kind: ResourceKind;
  readonly selection: Selection;
  readonly handler: WatchHandler;
  /** Objects that the handler knows to be selected. */
  readonly shown: Set<string>;
  isRunning: boolean;
}

/** The watches of a fake cluster. What they report comes in order, and never during the call that caused it. */
export class FakeWatches {
  readonly #select: (kind: ResourceKind, selection: Selection) => readonly LiveObject[] | undefined;
  readonly #version: () => string;
  readonly #watches = new Set<Watch>();

  /**
   * @param select - what is selected now; undefined when the kind is not served.
   * @param version - the version that was given out last.
   */
  constructor(
    select: (kind: ResourceKind, selection: Selection) => readonly LiveObject[] | undefined,
    version: () => string,
  ) {
    this.#select = select;
    this.#version = version;
  }

  get count(): number {
    return this.#watches.size;
  }

  /** Runs a watch until the scope is aborted. */
  async run(kind: ResourceKind, selection: Selection, handler: WatchHandler, scope: Scope): Promise<void> {
    if (scope.signal.aborted) return;
    const watch: Watch = { kind, selection, handler, shown: new Set(), isRunning: true };
    this.#watches.add(watch);
    const { promise, resolve } = Promise.withResolvers<void>();
    scope.signal.addEventListener('abort', () => resolve(), { once: true });
    this.#sync(watch);
    await promise;
    watch.isRunning = false;
    this.#watches.delete(watch);
  }

  /** Tells the watches that are concerned. A new CRD gives watches that wait for its kind their first list. */
  report(type: EventType, object: LiveObject): void {
    for (const watch of this.#watches) {
      if (object.kind === 'CustomResourceDefinition' && type !== 'MODIFIED') this.#resync(watch, object);
      if (watch.kind.kind === object.kind && watch.kind.apiVersion === object.apiVersion)
        this.#event(watch, type, object);
    }
  }

  breakAll(error: Error): void {
    for (const watch of this.#watches) {
      soon(watch, () => watch.handler.onError?.(error));
      this.#sync(watch);
    }
  }

  #resync(watch: Watch, definition: LiveObject): void {
    const group = watch.kind.apiVersion.split('/')[0] ?? '';
    if (definition.metadata.name.endsWith(`.${group}`)) this.#sync(watch);
  }

  #sync(watch: Watch): void {
    soon(watch, () => {
      const selected = this.#select(watch.kind, watch.selection);
      const objects = selected ?? [];
      watch.shown.clear();
      for (const { metadata } of objects) watch.shown.add(metadata.uid);
      watch.handler.onSync(objects, selected === undefined ? undefined : this.#version());
    });
  }

  #event(watch: Watch, type: EventType, object: LiveObject): void {
    soon(watch, () => {
      const { uid } = object.metadata;
      const isSelected = type !== 'DELETED' && matches(object, watch.selection);
      const wasShown = watch.shown.has(uid);
      if (!isSelected && !wasShown) return;
      const shown = watch.selection.metadataOnly === true ? metadataOf(object) : object;
      if (isSelected) watch.shown.add(uid);
      else watch.shown.delete(uid);
      watch.handler.onEvent(isSelected ? (wasShown ? 'MODIFIED' : 'ADDED') : 'DELETED', shown);
    });
  }
}

function soon(watch: Watch, report: () => void): void {
  queueMicrotask(() => {
    if (watch.isRunning) report();
  });
}
