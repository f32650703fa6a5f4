import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Arena, retire, startArena } from './arena.ts';
import { seeded } from './random.ts';
import { settle } from './settle.ts';
import { Planner, type Step } from './steps.ts';

/** A round that takes longer to converge says what it waited for. */
const SLOW_MS = 20_000;

/** How much chaos. */
export interface ChaosOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly killsPerRound: number;
  /** Steps of a round besides the kills. */
  readonly stepsPerRound: number;
  /** How long a round may take to converge once nothing disturbs it any more. */
  readonly convergeMs: number;
  /** No round begins after this time. Default: none. */
  readonly limitMs?: number;
  readonly onProgress: (line: string) => void;
}

/** What a run came to. */
export interface ChaosResult {
  /** Why it failed, with everything that is needed to find out; undefined when it did not. */
  readonly failure?: string;
  readonly rounds: number;
  readonly operatorStarts: number;
  /** The longest time that a round took to converge, in milliseconds. */
  readonly slowestMs: number;
  /** Resident memory of the operator at the end of each round, in MB. */
  readonly residentMb: readonly number[];
}

/**
 * Disturbs the operator and its cluster in rounds, and looks after each whether everything ends as it should. The steps
 * are those of the seed; which request meets which fault is up to the order in which requests come.
 */
export async function runChaos(options: ChaosOptions, signal: AbortSignal): Promise<ChaosResult> {
  await using arena = await startArena(options.seed, signal);
  const planner = new Planner(seeded(options.seed), arena.world);
  const done: string[] = [];
  const residentMb: number[] = [];
  const deadline = performance.now() + (options.limitMs ?? Number.POSITIVE_INFINITY);
  let slowestMs = 0;
  let round = 0;
  const result = (failure?: string): ChaosResult => ({
    rounds: round,
    operatorStarts: arena.operator.starts,
    slowestMs,
    residentMb,
    ...(failure === undefined ? {} : { failure }),
  });
  for (; round <= options.rounds && performance.now() < deadline; round++) {
    signal.throwIfAborted();
    const steps = round === 0 ? planner.opening() : planner.round(options, round);
    done.push(`round ${round}`, ...steps.map(({ text }) => `  ${text}`));
    for (const step of steps) await perform(step, arena);
    const settled = await settle(arena, options.convergeMs);
    if (settled.differences.length > 0) return result(await failureOf(options.seed, done, settled.differences, arena));
    slowestMs = Math.max(slowestMs, settled.ms);
    residentMb.push(await arena.operator.residentMb());
    options.onProgress(
      `round ${round}: ${arena.operator.starts} starts, converged after ${(settled.ms / 1_000).toFixed(1)} s, ` +
        `${residentMb.at(-1)?.toFixed(0)} MB${settled.ms > SLOW_MS ? `; last came ${settled.last.join('; ').slice(0, 500)}` : ''}`,
    );
  }
  const failures = await retire(arena);
  return failures.length === 0 ? result() : result(await failureOf(options.seed, done, failures, arena));
}

async function perform(step: Step, arena: Arena): Promise<void> {
  try {
    await step.run(arena);
  } catch (error) {
    throw new Error(`The step "${step.text}" could not be done.`, { cause: error });
  }
}

/** Everything that is known of a failure; keeps the logs of the cluster beside those of the operator. */
export async function failureOf(
  seed: number,
  steps: readonly string[],
  differences: readonly string[],
  { operator, rival, folder, cluster }: Arena,
): Promise<string> {
  await cp(cluster.logsPath, join(folder, 'cluster'), { recursive: true });
  return [
    `Seed ${seed} failed.`,
    'Steps:',
    ...steps,
    'Differences:',
    ...differences.map((difference) => `  ${difference}`),
    `The operator's last lines (all of them, and the cluster's logs, in ${folder}):`,
    ...operator.lastLines.map((line) => `  ${shortLine(line)}`),
    ...(rival.starts === 0 ? [] : ['Those of its rival:', ...rival.lastLines.map((line) => `  ${shortLine(line)}`)]),
  ].join('\n');
}

/** A line of the log without what is the same in all of them. */
function shortLine(line: string): string {
  if (!line.startsWith('{')) return line;
  const { level, time, controller: _controller, namespace, name, msg, ...fields } = JSON.parse(line);
  return `${String(time).slice(11, 23)} ${level} ${namespace ?? ''}/${name ?? ''} ${msg} ${JSON.stringify(fields).slice(0, 400)}`;
}
