import { setTimeout as sleep } from 'node:timers/promises';
import { ANNOTATIONS, RESOURCE_KIND, readStatus } from '../../src/api/index.ts';
import { OperatorError } from '../../src/core/index.ts';
import { type Arena, heal, takeFailures } from './arena.ts';
import { differences } from './invariants.ts';
import { applyResource } from './steps.ts';

const LOOK_MS = 250;

/** What became of the cluster once nothing disturbed it any more. */
export interface Settled {
  /** Empty: all is well. */
  readonly differences: readonly string[];
  /** What was still different when it was looked at for the last time but one: what the others waited for. */
  readonly last: readonly string[];
  readonly ms: number;
}

/** Ends every disturbance and waits until all is as it should be, or until `limitMs` have passed. */
export async function settle(arena: Arena, limitMs: number): Promise<Settled> {
  const failures = takeFailures(arena);
  await heal(arena);
  const startedMs = performance.now();
  for (let last: readonly string[] = []; ; ) {
    await recreateLost(arena).catch(unlessOutOfReach);
    await confirmPrunes(arena).catch(unlessOutOfReach);
    const found = await differences(arena).catch(unlessOutOfReach);
    const ms = performance.now() - startedMs;
    if (found.length === 0 || ms > limitMs) {
      return { ms, last, differences: [...failures, ...takeFailures(arena), ...found] };
    }
    last = found;
    await sleep(LOOK_MS);
  }
}

/** Who deletes a CR and creates it anew at once has changed the old one, which then goes: it takes a second attempt. */
async function recreateLost(arena: Arena): Promise<void> {
  const { client, scope, world } = arena;
  for (const wanted of world.wanted) {
    const { namespace, name } = wanted;
    const live = await client.get({ ...RESOURCE_KIND, namespace, name }, scope);
    if (live === undefined) await applyResource(arena, wanted);
  }
}

/** Whoever wipes a status is asked whether what the spec no longer holds may go, and says yes. */
async function confirmPrunes({ client, scope, world }: Arena): Promise<void> {
  for (const wanted of world.wanted.filter((one) => world.mayBeAsked(one))) {
    const ref = { ...RESOURCE_KIND, namespace: wanted.namespace, name: wanted.name };
    const live = await client.get(ref, scope);
    const ready = readStatus(live?.status).conditions?.find(({ type }) => type === 'Ready');
    const hash = /confirm-prune: "(\w+)"/.exec(ready?.message ?? '')?.[1];
    if (hash === undefined) continue;
    const annotations = { [ANNOTATIONS.confirmPrune]: hash };
    await client.patch(ref, { metadata: { annotations } }, { fieldManager: 'chaos-author' }, scope);
  }
}

function unlessOutOfReach(error: unknown): string[] {
  if (!(error instanceof OperatorError)) throw error;
  return [error.message];
}
