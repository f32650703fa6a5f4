import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { startCluster, type TestCluster } from '../cluster/index.ts';
import { CACHE_DIR } from '../cluster/paths.ts';
import { builtHelm } from '../deploy/helm.ts';
import { ROOT } from './markdown.ts';
import { OperatorPods } from './operator-pods.ts';
import { Shell } from './shell.ts';
import { missingLines, type Step } from './steps.ts';

const run = promisify(execFile);

/** Not part of a clone: made by commands, or linked. */
const NOT_CLONED = ['.git', '.cache', 'node_modules', 'dist', 'coverage'];

/** A reader at work: a clone of the project, the commands that the page expects, a shell, and a cluster where it needs one. */
export class Session implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly #folder: string;
  readonly #shell: Shell;
  readonly #cluster: TestCluster | undefined;
  readonly #operators: OperatorPods | undefined;

  /**
   * @param steps - what is going to be done: no cluster is started and no Helm is built for nothing.
   * @param dist - the folder of the bundle.
   */
  static async start(steps: readonly Step[], dist: string): Promise<Session> {
    await using stack = new AsyncDisposableStack();
    const folder = await cloned(dist);
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    stack.defer(() => stopDemo(folder));
    const bin = await commands(
      folder,
      steps.some(({ text }) => /^helm /m.test(text)),
    );
    const usesCluster = steps.some((step) => step.kind === 'run' && step.usesCluster);
    const cluster = usesCluster
      ? stack.use(await startCluster({ kubelet: true, stages: true }, new AbortController().signal))
      : undefined;
    if (cluster !== undefined) await symlink(cluster.kubectlPath, join(bin, 'kubectl'));
    const bundle = join(folder, 'dist', 'cli.js');
    const operators = cluster && stack.use(await OperatorPods.watch(cluster, bundle));
    const shell = stack.use(new Shell(folder, environment(folder, bin)));
    return new Session({ folder, shell, cluster, operators, stack: stack.move() });
  }

  private constructor(parts: {
    folder: string;
    shell: Shell;
    cluster: TestCluster | undefined;
    operators: OperatorPods | undefined;
    stack: AsyncDisposableStack;
  }) {
    this.#folder = parts.folder;
    this.#shell = parts.shell;
    this.#cluster = parts.cluster;
    this.#operators = parts.operators;
    this.#stack = parts.stack;
  }

  /** @throws when a command fails or its output is not the one on the page; nothing can be done after that. */
  async do(step: Step): Promise<void> {
    if (step.kind === 'run') return await this.#run(step);
    const file = join(this.#folder, step.name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, step.text);
  }

  async #run(step: Extract<Step, { kind: 'run' }>): Promise<void> {
    const kubeconfig = step.usesCluster ? this.#cluster?.kubeconfigPath : undefined;
    const output = await this.#shell
      .run(step.text, { ...step, env: { KUBECONFIG: kubeconfig ?? '/dev/null' } })
      .catch(async (error: Error) => {
        throw new Error(`${step.at}\n${error.message}\n${(await this.#operators?.logs()) ?? ''}`);
      });
    const missing = missingLines(step.expected, output);
    if (missing.length > 0) throw new Error(`${step.at}\nnot printed:\n${missing.join('\n')}\n\nbut:\n${output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** What the page has started and not stopped, because something has failed in between. */
async function stopDemo(folder: string): Promise<void> {
  if (existsSync(join(folder, '.cache', 'demo'))) await run('npm', ['run', 'demo', '--', 'stop'], { cwd: folder });
}

/** A copy of the project, with the packages and the built commands of the test cluster. @returns its folder. */
async function cloned(dist: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'istio-operator-docs-'));
  const names = (await readdir(ROOT)).filter((name) => !NOT_CLONED.includes(name));
  await Promise.all(names.map((name) => cp(join(ROOT, name), join(folder, name), { recursive: true })));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, '.cache', 'cluster'), { recursive: true });
  const built = (await readdir(CACHE_DIR)).filter((name) => name.startsWith('bin-'));
  for (const name of built) await symlink(join(CACHE_DIR, name), join(folder, '.cache', 'cluster', name));
  await cp(dist, join(folder, 'dist'), { recursive: true });
  return folder;
}

/** A folder with the commands that a reader has: iop as it is built here, docker and npm as far as they can be had. */
async function commands(folder: string, needsHelm: boolean): Promise<string> {
  const bin = join(folder, '.cache', 'bin');
  await mkdir(bin);
  await symlink(join(folder, 'dist', 'cli.js'), join(bin, 'iop'));
  await symlink(join(ROOT, 'test', 'docs', 'stand-ins', 'docker.ts'), join(bin, 'docker'));
  await symlink(join(ROOT, 'test', 'docs', 'stand-ins', 'npm.sh'), join(bin, 'npm'));
  if (needsHelm) await symlink(await builtHelm(), join(bin, 'helm'));
  return bin;
}

/** Nothing of whoever runs the tests: no kubeconfig, no settings of theirs. The editor changes nothing. */
function environment(folder: string, bin: string): Record<string, string> {
  const path = [bin, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
  return { PATH: path, HOME: join(folder, '.cache'), EDITOR: 'true' };
}
