// Kills, cuts, edits and deletes at random, and looks whether everything ends as it should.
import process from 'node:process';
import { Command } from 'commander';
import { runChaos } from './chaos.ts';
import { runSoak } from './soak.ts';

const count = (text: string) => Number.parseInt(text, 10);

const options = new Command('chaos')
  .description('Disturb the operator and its cluster at random; exits with 1 when something does not end as it should.')
  .option('--seed <number>', 'repeats the steps of an earlier run', count, Date.now() % 1_000_000)
  .option('--rounds <count>', 'rounds; after each everything has to converge', count, 40)
  .option('--kills <count>', 'kills of the operator in each round', count, 5)
  .option('--steps <count>', 'other steps in each round', count, 10)
  .option('--minutes <count>', 'begin no round after this time', count)
  .option('--soak <count>', 'instead of all that: so many changes of specs, and a look at the memory', count)
  .option('--snapshots <folder>', 'where a soak leaves heap snapshots')
  .parse()
  .opts<{
    seed: number;
    rounds: number;
    kills: number;
    steps: number;
    minutes?: number;
    soak?: number;
    snapshots?: string;
  }>();

/** kwok takes the nodes of one that lost them after 40 s, and on a loaded machine everything takes longer. */
const CONVERGE_MS = 150_000;

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error('interrupted')));

const onProgress = (line: string) => void process.stdout.write(`${line}\n`);
const { seed, soak, snapshots } = options;
onProgress(`seed ${seed}`);

try {
  const result = await (soak === undefined
    ? chaos()
    : runSoak(
        {
          seed,
          changes: soak,
          convergeMs: CONVERGE_MS,
          onProgress,
          ...(snapshots === undefined ? {} : { snapshotFolder: snapshots }),
        },
        stop.signal,
      ));
  if (result.failure === undefined) onProgress(JSON.stringify(result));
  else {
    process.stderr.write(`${result.failure}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.exitCode = 130;
}

async function chaos() {
  const { rounds, kills: killsPerRound, steps: stepsPerRound, minutes } = options;
  const limit = minutes === undefined ? {} : { limitMs: minutes * 60_000 };
  return await runChaos(
    { seed, rounds, killsPerRound, stepsPerRound, convergeMs: CONVERGE_MS, onProgress, ...limit },
    stop.signal,
  );
}
