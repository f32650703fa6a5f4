import { type Clock, formatId, idKey, OperatorError, type Scope } from '../core/index.ts';
import type { Cluster, LiveObject } from './cluster.ts';
import { FIELD_MANAGER } from './fingerprint.ts';
import { HANDOVER_MANAGER, isPerson, withoutTakenFields } from './handover.ts';
import type { PlannedObject } from './plan.ts';

/** Repairs of one object in `WINDOW_MS` that are taken for somebody's edits; what comes after them is a fight. */
const REPAIRS = 2;
const WINDOW_MS = 60_000;

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

  /** Notes that fields of an object (its `idKey`) were taken back from somebody. */
  repaired(key: string): void {
    const nowMs = this.#clock.monotonicMs();
    for (const other of this.#fights.keys()) this.#fightOver(other, nowMs); // those that are over are forgotten
    const fight = this.#fightOver(key, nowMs);
    this.#fights.set(key, { ...fight, repairsMs: [...fight.repairsMs, nowMs].slice(-REPAIRS) });
  }

  /** Why an object is left alone at present; undefined when it is not. */
  resting(key: string): OperatorError | undefined {
    const nowMs = this.#clock.monotonicMs();
    const { restUntilMs, reason } = this.#fightOver(key, nowMs);
    return nowMs < restUntilMs ? reason : undefined;
  }

  /** True when an object was repaired so often lately that somebody seems to change it back each time. */
  isSuspicious(key: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const { repairsMs, rests } = this.#fightOver(key, nowMs);
    const recent = repairsMs.filter((atMs) => nowMs - atMs <= WINDOW_MS).length;
    return recent >= (rests > 0 ? 1 : REPAIRS);
  }

  /** Leaves an object alone for a while. @returns `reason`, for the caller to throw. */
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

/**
 * Keeps out of a fight over an object that is about to be repaired.
 * @throws {OperatorError} `FieldConflict`, naming the fields and their managers, while the object is left alone.
 */
export async function standBack(
  planned: PlannedObject,
  { cluster, fights }: { readonly cluster: Cluster; readonly fights: FightDetector },
  scope: Scope,
): Promise<void> {
  if (planned.cause !== 'drifted') return;
  const key = idKey(planned.id);
  const reason = fights.resting(key);
  if (reason !== undefined) throw reason;
  if (!fights.isSuspicious(key)) return;
  const conflict = await findConflict(planned, cluster, scope);
  if (conflict !== undefined) throw fights.rest(key, conflict);
}

/** What the API server says against our fields, where a program has them; a person who tries things is no rival. */
async function findConflict(
  planned: PlannedObject,
  cluster: Cluster,
  scope: Scope,
): Promise<OperatorError | undefined> {
  const { id, object } = planned;
  const live = await cluster.get({ ...id, apiVersion: object.apiVersion }, scope);
  if (live === undefined || isPerson(lastWriterOf(live))) return undefined;
  try {
    const options = { fieldManager: FIELD_MANAGER, force: false, dryRun: true };
    await cluster.apply(withoutTakenFields(planned, live), options, scope);
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

/** Who wrote the object last, apart from us and from those who report on it. */
function lastWriterOf({ metadata }: LiveObject): string {
  const others = (metadata.managedFields ?? []).filter(
    ({ manager, subresource }) => manager !== FIELD_MANAGER && manager !== HANDOVER_MANAGER && subresource !== 'status',
  );
  const [last] = others.sort((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).slice(-1);
  return last?.manager ?? '';
}
