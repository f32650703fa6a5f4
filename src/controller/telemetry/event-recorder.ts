import { createHash } from 'node:crypto';
import { type Cluster, FIELD_MANAGER, type LiveObject, type ObjectRef } from '../../apply/index.ts';
import {
  asJson,
  type Clock,
  isAbort,
  type JsonObject,
  Latch,
  OperatorError,
  type Scope,
  valueAt,
} from '../../core/index.ts';

/** Something that people want to know about a CR: `kubectl describe` shows it. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** A word in camel case. */
  readonly reason: string;
  readonly message: string;
}

/** Collaborators of a recorder. */
export interface EventRecorderDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

/** Requests that a CR may cause at once; after that it is one every `REFILL_MS`. */
const BURST = 25;
const REFILL_MS = 10_000;

/** An Event that happens again is counted, and the count is written at most so often. */
const REPEAT_MS = 10_000;

/** What is remembered: CRs, and Events of each. Whatever is forgotten is found in the cluster again. */
const MAX_RESOURCES = 1_000;
const MAX_EVENTS = 50;

/** The API server refuses more. */
const MAX_MESSAGE_LENGTH = 1_024;

/** An Event that happened, and how often without having been written. */
interface Entry {
  readonly ref: ObjectRef;
  readonly note: EventNote;
  readonly first: Date;
  last: Date;
  unsent: number;
  /** Its count in the cluster; 0 until it has been written. */
  sent: number;
  dueMs: number;
}

/** The Events of one CR, by name, and the requests that it has left. */
interface Source {
  /** The CR as Events refer to it; the CR itself would be kept in memory. */
  readonly involvedObject: JsonObject;
  readonly entries: Map<string, Entry>;
  tokens: number;
  refilledMs: number;
}

/**
 * Writes Events about CRs, besides everything else: recording one costs nothing, and one that cannot be written is
 * forgotten. The same Event again is one object with a count, and no CR can cause more than a trickle of requests.
 */
export class EventRecorder {
  readonly #deps: EventRecorderDeps;
  readonly #sources = new Map<string, Source>();
  readonly #latch: Latch;
  #isFailing = false;

  constructor(deps: EventRecorderDeps) {
    this.#deps = deps;
    this.#latch = new Latch(deps.clock);
  }

  /** Notes an Event about a CR; `run` writes it. */
  record(resource: LiveObject, note: EventNote): void {
    const source = this.#sourceOf(resource);
    const text =
      note.message.length > MAX_MESSAGE_LENGTH ? `${note.message.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : note.message;
    const name = eventName(resource, note.reason, text);
    const nowMs = this.#deps.clock.monotonicMs();
    const now = this.#deps.clock.now();
    const known = source.entries.get(name);
    const entry = known ?? {
      ref: { apiVersion: 'v1', kind: 'Event', namespace: resource.metadata.namespace ?? '', name },
      note: { ...note, message: text },
      first: now,
      last: now,
      unsent: 0,
      sent: 0,
      dueMs: nowMs,
    };
    entry.unsent++;
    entry.last = now;
    source.entries.delete(name); // to the end: what has not happened for longest is forgotten first
    source.entries.set(name, entry);
    forgetFirst(source.entries, MAX_EVENTS);
    this.#latch.wake();
  }

  /** Writes Events until the scope is aborted. */
  async run(scope: Scope): Promise<void> {
    while (!scope.signal.aborted) {
      const next = this.#next();
      if (next === undefined || next.waitMs > 0) await this.#latch.wait(next?.waitMs, scope);
      else await this.#send(next.source, next.entry, scope);
    }
  }

  #sourceOf(resource: LiveObject): Source {
    const { apiVersion, kind, metadata } = resource;
    const { namespace, name, uid } = metadata;
    const known = this.#sources.get(uid);
    const source = known ?? {
      involvedObject: { apiVersion, kind, namespace, name, uid },
      entries: new Map(),
      tokens: BURST,
      refilledMs: this.#deps.clock.monotonicMs(),
    };
    this.#sources.delete(uid);
    this.#sources.set(uid, source);
    forgetFirst(this.#sources, MAX_RESOURCES);
    return source;
  }

  /** The Event that is due first, and in how many milliseconds; undefined when there is none to be written. */
  #next(): { readonly source: Source; readonly entry: Entry; readonly waitMs: number } | undefined {
    const nowMs = this.#deps.clock.monotonicMs();
    let first: { source: Source; entry: Entry; waitMs: number } | undefined;
    for (const source of this.#sources.values()) {
      const tokenMs = refill(source, nowMs);
      for (const entry of source.entries.values()) {
        const waitMs = Math.max(tokenMs, entry.dueMs - nowMs);
        if (entry.unsent > 0 && waitMs < (first?.waitMs ?? Number.POSITIVE_INFINITY)) first = { source, entry, waitMs };
      }
    }
    return first;
  }

  async #send(source: Source, entry: Entry, scope: Scope): Promise<void> {
    source.tokens--;
    const happened = entry.unsent;
    entry.unsent = 0;
    entry.dueMs = this.#deps.clock.monotonicMs() + REPEAT_MS;
    try {
      entry.sent = await this.#write(source, entry, happened, scope);
      this.#isFailing = false;
    } catch (error) {
      if (isAbort(error, scope.signal)) return;
      if (!(error instanceof OperatorError)) throw error;
      const level = this.#isFailing ? 'debug' : 'warn';
      scope.log[level](
        { object: `Event/${entry.ref.namespace}/${entry.ref.name}`, code: error.detail.code },
        'event not written',
      );
      this.#isFailing = true;
    }
  }

  /** @returns the count of the Event in the cluster. */
  async #write(source: Source, entry: Entry, happened: number, scope: Scope): Promise<number> {
    if (entry.sent === 0) return await this.#create(source, entry, happened, scope);
    const count = entry.sent + happened;
    try {
      await this.#patch(entry, { count }, scope);
      return count;
    } catch (error) {
      if (codeOf(error) !== 'NotFound') throw error; // Events live for an hour
      return await this.#create(source, entry, happened, scope);
    }
  }

  async #create(source: Source, entry: Entry, happened: number, scope: Scope): Promise<number> {
    try {
      await this.#deps.cluster.create(eventFor(source, entry, happened), { fieldManager: FIELD_MANAGER }, scope);
      return happened;
    } catch (error) {
      if (codeOf(error) !== 'AlreadyExists') throw error;
      // One of an earlier process; how often it had happened, the answer to a patch says.
      const before = valueAt(asJson(await this.#patch(entry, {}, scope)), 'count');
      const count = (typeof before === 'number' ? before : 0) + happened;
      await this.#patch(entry, { count }, scope);
      return count;
    }
  }

  #patch({ ref, last }: Entry, fields: JsonObject, scope: Scope): Promise<LiveObject> {
    const patch = { ...fields, lastTimestamp: seconds(last) };
    return this.#deps.cluster.patch(ref, patch, { fieldManager: FIELD_MANAGER }, scope);
  }
}

/** Gives back the requests that time has brought. @returns milliseconds until there is one; 0 when there is. */
function refill(source: Source, nowMs: number): number {
  const gained = Math.floor((nowMs - source.refilledMs) / REFILL_MS);
  source.refilledMs += gained * REFILL_MS;
  source.tokens = Math.min(BURST, source.tokens + gained);
  return source.tokens > 0 ? 0 : source.refilledMs + REFILL_MS - nowMs;
}

/** The same for the same text about the same CR, so that a repetition finds the Event that is there. */
function eventName({ metadata: { name, uid } }: LiveObject, reason: string, message: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([uid, reason, message]))
    .digest('hex')
    .slice(0, 16);
  return `${name.slice(0, 200).replace(/[^a-z0-9]+$/, '')}.${hash}`;
}

function eventFor({ involvedObject }: Source, { ref, note, first, last }: Entry, count: number) {
  return {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace },
    involvedObject,
    ...note,
    count,
    firstTimestamp: seconds(first),
    lastTimestamp: seconds(last),
    source: { component: FIELD_MANAGER },
    reportingComponent: FIELD_MANAGER,
  };
}

function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function forgetFirst(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof OperatorError ? error.detail.code : undefined;
}
