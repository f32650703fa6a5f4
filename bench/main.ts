// Measures what users wait for, all in one run: medians, next to what the reference needs on the same kind of machine.
import { execFile } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { measureInstall } from './install.ts';
import { measureInProcess, measureMany, measureProcess } from './render.ts';
import { formatTable, paintFor, type Row } from './report.ts';
import { measureBundle } from './start.ts';

const run = promisify(execFile);

const options = new Command('bench')
  .description('Measure rendering and installing.')
  .option('--json', 'print JSON instead of a table')
  .option('--istioctl <path>', 'a reference istioctl to measure in the same run')
  .option('--runs <count>', 'runs of each process', (text) => Number(text), 11)
  .option('--skip-cluster', 'rendering only')
  .parse()
  .opts<{ json?: boolean; istioctl?: string; runs: number; skipCluster?: boolean }>();

const stop = new AbortController();
process.on('SIGINT', () => stop.abort(new Error('interrupted')));

const [loadBefore = 0] = loadavg();
await run(process.execPath, ['build.ts']);
const rows: Row[] = [
  ...measureBundle(options.runs),
  await measureInProcess(),
  await measureMany(),
  await measureProcess(options.runs, options.istioctl),
  ...(options.skipCluster ? [] : await measureInstall(stop.signal)),
];
if (loadBefore > availableParallelism()) {
  const load = `a load of ${loadBefore.toFixed(1)} on ${availableParallelism()} processors`;
  process.stderr.write(`The machine was busy with other things, ${load}: at rest everything takes less time.\n`);
}
process.stdout.write(options.json ? `${JSON.stringify(rows, null, 2)}\n` : formatTable(rows, paintFor(process.stdout)));
