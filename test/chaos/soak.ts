import { setTimeout as sleep } from 'node:timers/promises';
import { RESOURCE_KIND, readStatus } from '../../src/api/index.ts';
import { type Arena, retire, startArena } from './arena.ts';
import { failureOf } from './chaos.ts';
import { type Random, seeded } from './random.ts';
import { settle } from './settle.ts';
import { applyResource } from './steps.ts';
import { CASTS, type Cast } from './world.ts';

/** How long a soak is. */
export interface SoakOptions {
  readonly seed: number;
  /** Changes of specs. */
  readonly changes: number;
  readonly convergeMs: number;
  /** Where heap snapshots go, one for each look; none by default, because making one takes twice the memory. */
  readonly snapshotFolder?: string;
  readonly onProgress: (line: string) => void;
}

/** The operator's memory at rest, all CRs having the same specs at every look. */
export interface Look {
  readonly changes: number;
  readonly residentMb: number;
  /** What a garbage collection leaves. */
  readonly heapMb: number;
}

/** What a soak came to. */
export interface SoakResult {
  readonly failure?: string;
  readonly looks: readonly Look[];
  readonly seconds: number;
}

const LOOKS = 8;
/**
 * How much more than at the end of its first quarter an operator may hold at the end. What is alive after a garbage
 * collection varies by some hundred kilobytes: compiled code, and the Events of which the last fifty of each resource are
 * remembered. In a soak of 2,000 changes 1 MB are 0.7 kB a change; a status or a rendered object that is forgotten has 10 kB
 * and more. Resident memory also has what the allocator keeps for the next peak.
 */
const GROWTH_LIMIT = { heapMb: 1, residentMb: 6 };
const SEEN_TIMEOUT_MS = 30_000;

const CAST = CASTS.filter(({ refusedAs }) => refusedAs === undefined);

/** Changes the specs of several CRs one after another, each as soon as the one before is seen, and looks at the memory. */
export async function runSoak(options: SoakOptions, signal: AbortSignal): Promise<SoakResult> {
  await using arena = await startArena(options.seed, signal, true);
  const { changes, seed } = options;
  const random = seeded(seed);
  const startedMs = performance.now();
  const looks: Look[] = [];
  const wrong: string[] = [];
  arena.operator.start();
  for (let change = 1; change <= changes && wrong.length === 0; change++) {
    signal.throwIfAborted();
    await changeSpec(arena, CAST[change % CAST.length] as Cast, random);
    if (change % Math.ceil(changes / LOOKS) !== 0 && change !== changes) continue;
    wrong.push(...(await returnToStart(arena, options)));
    looks.push({ changes: change, ...(await look(arena, options, looks.length)) });
    options.onProgress(describe(looks));
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  wrong.push(...growth(looks));
  const found = wrong.length > 0 ? wrong : await retire(arena);
  if (found.length === 0) return { looks, seconds };
  return { looks, seconds, failure: await failureOf(seed, [`${changes} changes of ${CAST.length} CRs`], found, arena) };
}

async function changeSpec(arena: Arena, cast: Cast, random: Random): Promise<void> {
  await applyResource(arena, arena.world.want(cast, cast.spec(random)));
  const { client, scope } = arena;
  const { namespace, name } = cast;
  const deadline = performance.now() + SEEN_TIMEOUT_MS;
  for (;;) {
    const live = await client.get({ ...RESOURCE_KIND, namespace, name }, scope);
    if (live !== undefined && readStatus(live.status).observedGeneration === live.metadata.generation) return;
    if (performance.now() > deadline) throw new Error(`The operator has not seen a change of ${namespace}/${name}.`);
    await sleep(10);
  }
}

/** Gives every CR the spec that it has at every look, and waits until all is well. @returns what is not. */
async function returnToStart(arena: Arena, { seed, convergeMs }: SoakOptions): Promise<readonly string[]> {
  for (const cast of CAST) await applyResource(arena, arena.world.want(cast, cast.spec(seeded(seed))));
  return (await settle(arena, convergeMs)).differences;
}

async function look(
  { operator }: Arena,
  { snapshotFolder }: SoakOptions,
  index: number,
): Promise<Omit<Look, 'changes'>> {
  const residentMb = await operator.residentMb(); // first: a garbage collection makes it smaller
  const snapshot = snapshotFolder === undefined ? undefined : `${snapshotFolder}/look-${index + 1}.heapsnapshot`;
  return { residentMb, heapMb: await operator.heapMb(snapshot) };
}

function describe(looks: readonly Look[]): string {
  const { changes = 0, residentMb = 0, heapMb = 0 } = looks.at(-1) ?? {};
  return `${changes} changes: ${residentMb.toFixed(1)} MB resident, ${heapMb.toFixed(2)} MB of heap alive`;
}

function growth(looks: readonly Look[]): string[] {
  const before = looks[LOOKS / 4 - 1];
  const after = looks.at(-1);
  if (before === undefined || after === undefined) return [];
  return (['heapMb', 'residentMb'] as const)
    .filter((measure) => after[measure] - before[measure] > GROWTH_LIMIT[measure])
    .map((measure) => `${measure} grew from ${before[measure].toFixed(2)} to ${after[measure].toFixed(2)}`);
}
