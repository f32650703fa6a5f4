import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterError } from './cluster-error.ts';
import { goBuildArguments, goEnvironment, requireGo } from './go.ts';
import { acquireLock } from './lock.ts';
import { sendSignal } from './process-table.ts';
import type { OnProgress } from './progress.ts';
import { BINARIES, type Binary, type ModuleName, moduleDir, SOURCES } from './versions.ts';
import { startWatchdog, type Watchdog } from './watchdog-handle.ts';

/** More would not be faster: Go uses every core for one build already. */
const CONCURRENT_BUILDS = 2;
const PROGRESS_INTERVAL_MS = 1_000;

interface BuildContext {
  readonly dir: string;
  /** Go works here and not in the system's folder, because a build that is killed does not tidy up. */
  readonly temporaryDir: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** The process groups of the builds that run now. */
  readonly groups: Set<number>;
  readonly watchdog: Watchdog;
}

/**
 * Builds those of the wanted commands that `dir` lacks. Two callers at once do not build twice.
 *
 * Each command goes to its place by a rename when it is whole, so an interrupted build goes on where it was.
 * @throws {ClusterError} without a suitable Go, and when a build fails.
 */
export async function buildBinaries(
  dir: string,
  wanted: readonly Binary[],
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const missing = () => BINARIES.filter((binary) => wanted.includes(binary) && !existsSync(join(dir, binary)));
  if (missing().length === 0) return;
  const onWait = (pid: number) =>
    onProgress({ kind: 'step', text: `Process ${pid} is building the same commands: waiting for it.` });
  await using _lock = await acquireLock('build', onWait, signal);
  const toBuild = missing();
  if (toBuild.length === 0) return;

  const lanes = Map.groupBy(toBuild, (binary) => SOURCES[binary].module);
  await requireGo([...lanes.keys()], toBuild);
  onProgress({ kind: 'step', text: `Building ${toBuild.length} commands from source, once: ${toBuild.join(', ')}.` });
  const temporaryDir = join(dir, '.build');
  await rm(temporaryDir, { recursive: true, force: true }); // of a build that was killed
  await mkdir(temporaryDir, { recursive: true });

  const watchdog = startWatchdog();
  const failure = new AbortController(); // a build that fails ends the other one
  const onAbort = () => failure.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await runLanes(
      lanes,
      { dir, temporaryDir, onProgress, signal: failure.signal, groups: new Set(), watchdog },
      failure,
    );
  } finally {
    signal.removeEventListener('abort', onAbort);
    watchdog.release();
    await rm(temporaryDir, { recursive: true, force: true });
  }
}

/**
 * The commands of one module are built one after the other, because they share most of their packages and two builds at
 * once would compile these twice. Modules are built side by side.
 */
async function runLanes(
  lanes: ReadonlyMap<ModuleName, readonly Binary[]>,
  context: BuildContext,
  failure: AbortController,
): Promise<void> {
  const expected = (binaries: readonly Binary[]) => binaries.reduce((sum, b) => sum + SOURCES[b].expectedSeconds, 0);
  const queue = [...lanes.values()].sort((a, b) => expected(b) - expected(a)); // the longest first
  for (const binary of queue.flat()) report(binary, 'waiting', 0, context);
  const worker = async () => {
    for (let lane = queue.shift(); lane !== undefined; lane = queue.shift()) {
      for (const binary of lane) await buildOne(binary, context);
    }
  };
  const workers = Array.from({ length: CONCURRENT_BUILDS }, worker);
  for (const running of workers) running.catch((error: unknown) => failure.abort(error));
  await Promise.allSettled(workers); // nothing runs any more when this function ends
  await Promise.all(workers).catch(() => failure.signal.throwIfAborted());
}

async function buildOne(binary: Binary, context: BuildContext): Promise<void> {
  context.signal.throwIfAborted();
  const startMs = performance.now();
  const show = (state: 'building' | 'built') => report(binary, state, performance.now() - startMs, context);
  show('building');
  const timer = setInterval(() => show('building'), PROGRESS_INTERVAL_MS);
  const unfinished = join(context.temporaryDir, binary);
  try {
    await runGo(binary, unfinished, context);
    await rename(unfinished, join(context.dir, binary));
  } finally {
    clearInterval(timer);
  }
  show('built');
}

/** Runs `go build` in a process group of its own, which is ended as a whole: Go starts a compiler for each package. */
async function runGo(binary: Binary, output: string, context: BuildContext): Promise<void> {
  const child = spawn('go', goBuildArguments(binary, output), {
    cwd: moduleDir(SOURCES[binary].module),
    env: { ...goEnvironment(), GOTMPDIR: context.temporaryDir },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  let lastLine = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastLine = text.trim().split('\n').pop() ?? lastLine;
  });
  const group = child.pid;
  const kill = () => group !== undefined && sendSignal(-group, 'SIGKILL');
  context.signal.addEventListener('abort', kill, { once: true });
  watch(context, group, 'add');
  try {
    const code = await promise;
    context.signal.throwIfAborted();
    if (code !== 0) throw new ClusterError(`Cannot build ${binary}: ${lastLine || `go ended with code ${code}`}`);
  } finally {
    context.signal.removeEventListener('abort', kill);
    watch(context, group, 'delete');
  }
}

function watch({ groups, watchdog }: BuildContext, group: number | undefined, change: 'add' | 'delete'): void {
  if (group === undefined) return;
  groups[change](group);
  watchdog.setDuty({ groups: [...groups] });
}

function report(
  binary: Binary,
  state: 'waiting' | 'building' | 'built',
  elapsedMs: number,
  { onProgress }: BuildContext,
): void {
  onProgress({ kind: 'build', binary, state, elapsedMs, expectedMs: SOURCES[binary].expectedSeconds * 1_000 });
}
