// The demo of the README: a cluster, the operator, the example CR, and what came of it.
import process from 'node:process';
import { Command } from 'commander';
import { startDemo, stopDemo } from './demo.ts';

const stop = new AbortController();
for (const [name, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(name, () => {
    process.exitCode = 128 + number;
    stop.abort(new Error(`stopped by ${name}`));
  });
}

const program = new Command('demo')
  .description('Start a test cluster and the operator, apply the example and show what came of it.')
  .option('--name <name>', 'name of the cluster', 'demo')
  .action(async ({ name }: { name: string }) => {
    await startDemo(name, process.stdout, stop.signal);
  });
program
  .command('stop')
  .description('Stop the operator and the cluster.')
  .action(async () => {
    await stopDemo(program.opts<{ name: string }>().name, process.stdout);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!stop.signal.aborted) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
