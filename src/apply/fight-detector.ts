import {
  type Clock,
  type ErrorCode,
  formatId,
  idKey,
  type ObjectId,
  OperatorError,
  type Scope,
} from '../core/index.ts';
import { autoscaledIn } from './autoscalers.ts';
import type { Cluster, LiveObject } from './cluster.ts';
import { FIELD_MANAGER, hasNamesake, ownedFieldsOf } from './fingerprint.ts';
import { HANDOVER_MANAGER, isPerson, withoutTakenFields } from './handover.ts';
import type { Cause, PlannedObject } from './plan.ts';

/**
 * Repairs of one object in `WINDOW_MS` that are taken for what people do; what comes after them is a fight. A deletion does not
 * tell who it was, so more of them are put up with.
 */
const REPAIRS = { drifted: 2, missing: 5 } as const;
const WINDOW_MS = 60_000;

/** What an object fails with that somebody else keeps changing or deleting. */
const CONTESTED: ReadonlySet<ErrorCode> = new Set(['FieldConflict', 'DeletionConflict']);

/** How long an object is left alone; doubles with each rest up to the longest. */
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 30 * 60_000;

/** After this time without a repair a fight is over. */
const FORGET_MS = 2 * LONGEST_REST_MS;

interface Fight {
  readonly repairsMs: readonly number[];
  readonly rests: number;
  readonly restUntilMs: number;
  readonly reason?: OperatorError;
}

const PEACE: Fight = { repairsMs: [], rests: 0, restUntilMs: 0 };

/**
 * Tells a fight with another writer from edits that are undone once. Whoever fights is left alone for a while, each time
 * longer, so that two writers never overwrite each other in a loop.
 */
export class FightDetector {
  readonly #clock: Clock;
  readonly #fights = new Map<string, Fight>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many objects it remembers. */
  get size(): number {
    return this.#fights.size;
  }

  /** Notes a repair; `key` says of what. */
  repaired(key: string): void {
    const nowMs = this.#clock.monotonicMs();
    for (const other of this.#fights.keys()) this.#fightOver(other, nowMs); // those that are over are forgotten
    const fight = this.#fightOver(key, nowMs);
    this.#fights.set(key, { ...fight, repairsMs: [...fight.repairsMs, nowMs].slice(-REPAIRS.missing) });
  }

  /** Why something is left alone at present; undefined when it is not. */
  resting(key: string): OperatorError | undefined {
    const nowMs = this.#clock.monotonicMs();
    const { restUntilMs, reason } = this.#fightOver(key, nowMs);
    return nowMs < restUntilMs ? reason : undefined;
  }

  /**
   * True when something was repaired so often lately that somebody seems to undo it each time.
   * @param harmless - so many repairs are none; after a rest a single one is enough.
   */
  isSuspicious(key: string, harmless: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const { repairsMs, rests, restUntilMs } = this.#fightOver(key, nowMs);
    const recent = repairsMs.filter((atMs) => atMs >= restUntilMs && nowMs - atMs <= WINDOW_MS).length;
    return recent >= (rests > 0 ? 1 : harmless);
  }

  /** Leaves something alone for a while. @returns `reason`, for the caller to throw. */
  rest(key: string, reason: OperatorError): OperatorError {
    const nowMs = this.#clock.monotonicMs();
    const fight = this.#fightOver(key, nowMs);
    const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** fight.rests);
    this.#fights.set(key, { ...fight, rests: fight.rests + 1, restUntilMs: nowMs + restMs, reason });
    return reason;
  }

  #fightOver(key: string, nowMs: number): Fight {
    const fight = this.#fights.get(key) ?? PEACE;
    const lastMs = Math.max(fight.restUntilMs, fight.repairsMs.at(-1) ?? 0);
    if (fight === PEACE || nowMs - lastMs <= FORGET_MS) return fight;
    this.#fights.delete(key);
    return PEACE;
  }
}

/** True for the code of what others fight over with us: it goes on for as long as they do, and nothing else waits for it. */
export function isContested(code: ErrorCode): boolean {
  return CONTESTED.has(code);
}

/** Remembers the repair of an object that is what it should be again. */
export function noteRepair({ cause, id }: PlannedObject, fights: FightDetector): void {
  if (isUndoing(cause)) fights.repaired(keyOf(cause, id));
}

/**
 * Keeps out of a fight over an object that is about to be repaired.
 * @throws {OperatorError} while the object is left alone: `FieldConflict`, naming the fields and their managers, or
 * `DeletionConflict`.
 */
export async function standBack(
  planned: PlannedObject,
  { cluster, fights }: { readonly cluster: Cluster; readonly fights: FightDetector },
  scope: Scope,
): Promise<void> {
  const { cause, id } = planned;
  if (!isUndoing(cause)) return;
  const key = keyOf(cause, id);
  const reason = fights.resting(key);
  if (reason !== undefined) throw reason;
  if (!fights.isSuspicious(key, REPAIRS[cause])) return;
  const conflict = await findConflict(planned, cluster, scope);
  if (conflict !== undefined) throw fights.rest(key, conflict);
}

/** True for a repair, which undoes what somebody did. What the author of the resource has changed is sent in any case. */
function isUndoing(cause: Cause | undefined): cause is keyof typeof REPAIRS {
  return cause === 'drifted' || cause === 'missing';
}

/** Who changes an object need not be who deletes it. */
function keyOf(cause: Cause, id: ObjectId): string {
  return `${cause} ${idKey(id)}`;
}

/**
 * What the API server says against our fields, where a program has them; a person who tries things is no rival. What is gone has
 * been deleted; what is there and seemed to be gone has lost the label by which we know it.
 */
async function findConflict(
  planned: PlannedObject,
  cluster: Cluster,
  scope: Scope,
): Promise<OperatorError | undefined> {
  const { id, object, cause, entry } = planned;
  const live = await cluster.get({ ...id, apiVersion: object.apiVersion }, scope);
  if (live === undefined) return cause === 'missing' ? keepsDeleting(id) : undefined;
  if (hasNamesake(entry?.ownedFields, ownedFieldsOf(live.metadata))) return writesAsWeDo(id);
  if (isPerson(lastWriterOf(live))) return undefined;
  try {
    const options = { fieldManager: FIELD_MANAGER, force: false, dryRun: true };
    await cluster.apply(await withoutTakenFields(planned, live, autoscaledIn(cluster, scope)), options, scope);
    return undefined;
  } catch (error) {
    if (!(error instanceof OperatorError) || error.detail.code !== 'FieldConflict') throw error;
    return new OperatorError(
      `Somebody else keeps changing ${formatId(id)}: ${error.message}`,
      {
        code: 'FieldConflict',
        hint: 'It is left alone for a while. Stop the other writer, or set the field as it wants it with an overlay.',
        objects: [id],
      },
      error,
    );
  }
}

/** An object that is gone does not tell who deleted it. */
function keepsDeleting(id: ObjectId): OperatorError {
  return new OperatorError(`Somebody keeps deleting ${formatId(id)}: it is gone whenever it has been put back.`, {
    code: 'DeletionConflict',
    hint: 'It is put back after a while, each time a longer one. Find in the audit log of the API server who deletes it, and stop that.',
    objects: [id],
  });
}

/** Between two that write under one name the API server sees no conflict. */
function writesAsWeDo(id: ObjectId): OperatorError {
  return new OperatorError(
    `Somebody else keeps changing ${formatId(id)}, under the name of this operator: ${FIELD_MANAGER}.`,
    {
      code: 'FieldConflict',
      hint: 'It is left alone for a while. Stop the other operator or installer that looks after the same mesh.',
      objects: [id],
    },
  );
}

/** Who wrote the object last, apart from us and from those who report on it. */
function lastWriterOf({ metadata }: LiveObject): string {
  const others = (metadata.managedFields ?? []).filter(
    ({ manager, subresource }) => manager !== FIELD_MANAGER && manager !== HANDOVER_MANAGER && subresource !== 'status',
  );
  const [last] = others.sort((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).slice(-1);
  return last?.manager ?? '';
}
