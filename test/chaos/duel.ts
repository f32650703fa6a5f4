import { setTimeout as sleep } from 'node:timers/promises';
import { type Arena, heal } from './arena.ts';
import type { OperatorProcess } from './operator-process.ts';

/** How a second leader ends, after the first one was paused. */
export const ENDINGS = ['SIGTERM', 'SIGKILL'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Six seconds after the last renewal, and what a loaded machine and a few injected faults add. */
const TAKEOVER_MS = 40_000;
const FAULT_RATE = 0.05;
/** How long a leader that wakes up has to do harm. */
const HARM_MS = 1_000;
/** A leader that has nothing to write is paused after this time. */
const TRAP_MS = 1_500;

/**
 * Two operators share a lease. The leader is held in the middle of its work until the other one has taken over, and wakes
 * up believing that it leads; then the other one ends. All along, only who holds the lease may write.
 * @param work - gives the leader something to write.
 * @param count - the write at which it is held.
 */
export async function duel(arena: Arena, work: () => Promise<void>, count: number, ending: Ending): Promise<void> {
  const { operator, rival, proxy, leadership } = arena;
  proxy.heal();
  await operator.terminate();
  leadership.guard(true);
  for (const one of [operator, rival]) one.start('with lease');
  const first = await nextLeader(arena, undefined);
  proxy.inject(FAULT_RATE);
  const isHeld = holdAtWrite(arena, first, count);
  await work();
  await isHeld;
  const second = await nextLeader(arena, first);
  first.resume();
  await sleep(HARM_MS);
  if (ending === 'SIGTERM') await second.terminate();
  else await second.kill();
  await nextLeader(arena, second);
  for (const one of [operator, rival]) await one.terminate();
  leadership.guard(false);
  await heal(arena);
}

async function holdAtWrite({ proxy }: Arena, leader: OperatorProcess, count: number): Promise<void> {
  const snapped = Promise.withResolvers<void>();
  const forget = proxy.atWrite(count, 'after', () => snapped.resolve());
  await Promise.race([snapped.promise, sleep(TRAP_MS)]);
  forget();
  leader.pause();
}

/** Waits for another leader than this one. @throws when nobody takes over. */
async function nextLeader(
  { operator, rival, leadership }: Arena,
  before: OperatorProcess | undefined,
): Promise<OperatorProcess> {
  const deadline = performance.now() + TAKEOVER_MS;
  while (performance.now() < deadline) {
    const leader = [operator, rival].find(({ authorization }) => authorization === leadership.holder);
    if (leader !== undefined && leader !== before) return leader;
    await sleep(20);
  }
  throw new Error('No operator has taken over the lease.');
}
