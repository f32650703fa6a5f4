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
  readonly onProgress: (line: string) => void;
}

/** What a soak came to. */
export interface SoakResult {
  readonly failure?: string;
  /** Resident memory after each twentieth of the changes, in MB. */
  readonly residentMb: readonly number[];
  readonly seconds: number;
}

const SAMPLES = 20;
/** More than this between the second quarter of a soak and its last is a leak. */
const GROWTH_LIMIT_MB = 8;
const SEEN_TIMEOUT_MS = 30_000;

/** Changes the specs of several CRs one after another, each as soon as the one before is seen, and looks at the memory. */
export async function runSoak(options: SoakOptions, signal: AbortSignal): Promise<SoakResult> {
  await using arena = await startArena(options.seed, signal);
  const random = seeded(options.seed);
  const casts = CASTS.filter(({ refusedAs }) => refusedAs === undefined);
  const startedMs = performance.now();
  const residentMb: number[] = [];
  arena.operator.start();
  for (let change = 1; change <= options.changes; change++) {
    signal.throwIfAborted();
    const cast = casts[change % casts.length];
    if (cast !== undefined) await changeSpec(arena, cast, random);
    if (change % Math.ceil(options.changes / SAMPLES) === 0) {
      residentMb.push(await arena.operator.residentMb());
      options.onProgress(`${change} changes: ${residentMb.at(-1)?.toFixed(1)} MB`);
    }
  }
  const settled = await settle(arena, options.convergeMs);
  const seconds = (performance.now() - startedMs) / 1_000;
  const wrong = [...settled.differences, ...growth(residentMb)];
  const found = wrong.length > 0 ? wrong : await retire(arena);
  if (found.length === 0) return { residentMb, seconds };
  const steps = [`${options.changes} changes of ${casts.length} CRs`];
  return { residentMb, seconds, failure: failureOf(options.seed, steps, found, arena) };
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

function growth(residentMb: readonly number[]): string[] {
  const quarter = Math.floor(residentMb.length / 4);
  if (quarter === 0) return [];
  const before = mean(residentMb.slice(quarter, 2 * quarter));
  const after = mean(residentMb.slice(-quarter));
  if (after - before <= GROWTH_LIMIT_MB) return [];
  return [`the operator's memory grew from ${before.toFixed(1)} to ${after.toFixed(1)} MB`];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
