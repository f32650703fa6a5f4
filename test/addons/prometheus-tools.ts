import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ClusterError } from '../cluster/cluster-error.ts';
import { goEnvironment } from '../cluster/go.ts';
import { acquireLock } from '../cluster/lock.ts';

const MODULE_DIR = join(import.meta.dirname, 'modules', 'prometheus');
const CACHE_DIR = join(import.meta.dirname, '..', '..', '.cache', 'addons');

/** The commands, in the order in which they are built: the later ones need most of what the first one compiles. */
const PACKAGES = {
  promtool: 'github.com/prometheus/prometheus/cmd/promtool',
  /** Parses expressions and says which metrics they select; see `modules/prometheus/queries`. */
  queries: './queries',
  prometheus: 'github.com/prometheus/prometheus/cmd/prometheus',
} as const;

type Tool = keyof typeof PACKAGES;

/** The path of each command. */
export type PrometheusTools = Readonly<Record<Tool, string>>;

/** Of the two dozen ways to discover targets, only the one that the add-on uses: the others are two thirds of the build. */
const TAGS = 'remove_all_sd,enable_kubernetes_sd';

/**
 * The commands of Prometheus, built from its Go module where the cache lacks them; the first time that takes some eight
 * minutes on two cores, and of several processes that ask at once only one builds.
 * @throws {ClusterError} when Go is missing or the build fails.
 */
export async function prometheusTools(signal: AbortSignal): Promise<PrometheusTools> {
  const dir = join(CACHE_DIR, `bin-${await recipeHash()}`);
  const tools = Object.keys(PACKAGES) as Tool[];
  if (!tools.every((tool) => existsSync(join(dir, tool)))) {
    await using _lock = await acquireLock('build-addons', () => {}, signal);
    await mkdir(dir, { recursive: true });
    for (const tool of tools) if (!existsSync(join(dir, tool))) await build(tool, dir, signal);
  }
  return { promtool: join(dir, 'promtool'), queries: join(dir, 'queries'), prometheus: join(dir, 'prometheus') };
}

/** The command goes to its place by a rename when it is whole. */
async function build(tool: Tool, dir: string, signal: AbortSignal): Promise<void> {
  const unfinished = join(dir, `.${tool}`);
  try {
    await promisify(execFile)('go', buildArguments(tool, unfinished), {
      cwd: MODULE_DIR,
      env: goEnvironment(),
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const output = error instanceof Object && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new ClusterError(`Cannot build ${tool}: ${output.split('\n').at(-1)}`);
  }
  await rename(unfinished, join(dir, tool));
}

function buildArguments(tool: Tool, output: string): string[] {
  return ['build', '-trimpath', '-buildvcs=false', '-tags', TAGS, '-ldflags', '-s -w', '-o', output, PACKAGES[tool]];
}

/** Changes with everything that decides what a build makes. */
async function recipeHash(): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${TAGS}\n`);
  for (const file of ['go.mod', 'go.sum', join('queries', 'main.go')])
    hash.update(await readFile(join(MODULE_DIR, file)));
  return hash.digest('hex').slice(0, 12);
}

/** Runs a command to its end and returns what it printed, on both streams. */
export async function runTool(path: string, args: readonly string[], input = ''): Promise<string> {
  const running = promisify(execFile)(path, [...args], { maxBuffer: 1 << 24 });
  running.child.stdin?.end(input);
  const { stdout, stderr } = await running;
  return `${stdout}${stderr}`;
}
