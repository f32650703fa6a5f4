import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { TestCluster } from '../cluster/index.ts';
import { ROOT } from '../support/kubectl.ts';
import { imageSettings, preparePod } from '../support/pod-environment.ts';

const REMEMBERED_LINES = 60;
const TERM_TIMEOUT_MS = 10_000;

/** What an operator is started from. */
export interface OperatorProcessOptions {
  /** The bundle; see `buildBundle`. */
  readonly entry: string;
  /** See `podEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The header of its requests that says who it is. */
  readonly authorization: string;
  /** Flags of Node. */
  readonly nodeFlags: readonly string[];
  /** Whether `heapMb` can be asked for. */
  readonly isMeasured: boolean;
  /** Where the log of all incarnations goes. */
  readonly logPath: string;
}

const PROBE = ['--expose-gc', '--import', join(ROOT, 'test/chaos/memory-probe.js')];
/** The whole cluster, metrics on any port. */
const ARGUMENTS = ['operator', 'run', '--watch-namespace', '', '--monitoring-port', '0'];
const ELECTION = {
  /** Nobody waits for the lease of a process that was killed. */
  alone: ['--leader-election-namespace', ''],
  'with lease': ['--renew-deadline', '4s'],
} as const;

/** Where an operator runs, and from what. */
export interface PodOptions {
  /** Of its log and of the folder with its account. */
  readonly name: string;
  readonly folder: string;
  /** See `buildBundle`. */
  readonly entry: string;
  /** What it takes for the API server. Default: the one of the cluster. */
  readonly server?: string;
  /** See `OperatorProcessOptions`. Default: false. */
  readonly isMeasured?: boolean;
}

/** An operator as it would run in a pod of `deploy/`; it is not started yet. */
export async function operatorInPod(
  cluster: TestCluster,
  { name, folder, entry, server, isMeasured = false }: PodOptions,
): Promise<OperatorProcess> {
  const { nodeFlags, environment } = await imageSettings();
  const pod = await preparePod(cluster, join(folder, name), server);
  return new OperatorProcess({
    entry,
    nodeFlags,
    isMeasured,
    environment: { ...environment, ...pod.environment },
    authorization: pod.authorization,
    logPath: join(folder, `${name}.log`),
  });
}

/** An operator in a process of its own that is killed and started again and again. */
export class OperatorProcess implements AsyncDisposable {
  readonly #options: OperatorProcessOptions;
  readonly #log: WriteStream;
  readonly #lines: string[] = [];
  readonly #failures: string[] = [];
  #child: ChildProcess | undefined;
  #starts = 0;

  constructor(options: OperatorProcessOptions) {
    this.#options = options;
    this.#log = createWriteStream(options.logPath);
  }

  get starts(): number {
    return this.#starts;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines of its log. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  /** What it should never do: end by itself, or log a bug. Forgotten once read. */
  takeFailures(): readonly string[] {
    return this.#failures.splice(0);
  }

  get authorization(): string {
    return this.#options.authorization;
  }

  /** Starts it unless it runs. */
  start(election: keyof typeof ELECTION = 'alone'): void {
    if (this.isRunning) return;
    const { entry, environment, nodeFlags, isMeasured } = this.#options;
    const flags = isMeasured ? [...nodeFlags, ...PROBE] : nodeFlags;
    const child = spawn(process.execPath, [...flags, entry, ...ARGUMENTS, ...ELECTION[election]], {
      cwd: ROOT,
      env: { ...environment },
      stdio: ['ignore', 'ignore', 'pipe', ...(isMeasured ? (['ipc'] as const) : [])],
    });
    if (child.stderr === null) throw new Error('the operator has no log');
    this.#starts++;
    this.#child = child;
    this.#remember(`--- start ${this.#starts}: process ${child.pid}`);
    createInterface({ input: child.stderr }).on('line', (line) => this.#remember(line));
    let isUp = false; // until Node has started there is nobody to handle a SIGTERM
    child.stderr.once('data', () => {
      isUp = true;
    });
    child.on('exit', (code, signal) => {
      if (code !== null && code !== 0) this.#failures.push(`the operator ended by itself with code ${code}`);
      else if (signal !== null && signal !== 'SIGKILL' && isUp) this.#failures.push(`the operator died of ${signal}`);
    });
  }

  /** Holds it with SIGSTOP: it does nothing and does not know that time passes. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
    this.#remember('--- SIGSTOP');
  }

  /** Lets it go on. */
  resume(): void {
    this.#remember('--- SIGCONT');
    this.#child?.kill('SIGCONT');
  }

  /** Ends it with SIGKILL, at once; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end; resolves when it has. @throws when it does not within ten seconds. */
  async terminate(): Promise<void> {
    const timer = setTimeout(() => {
      this.#failures.push('the operator did not end within 10 s of SIGTERM');
      this.#child?.kill('SIGKILL');
    }, TERM_TIMEOUT_MS);
    await this.#end('SIGTERM').finally(() => clearTimeout(timer));
  }

  /** Resident memory in MB. */
  async residentMb(): Promise<number> {
    const status = await readFile(`/proc/${this.#child?.pid ?? 0}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_000;
  }

  /** Whether `heapMb` can be asked for; such an operator holds more than others, since snapshots and the like need room. */
  get isMeasured(): boolean {
    return this.#options.isMeasured;
  }

  /** What is alive on its heap after a garbage collection, in MB; also as a snapshot, where a path is given. */
  async heapMb(snapshotPath?: string): Promise<number> {
    const child = this.#child;
    if (child === undefined || !this.#options.isMeasured) throw new Error('the operator is not one that is measured');
    const answer = once(child, 'message');
    child.send({ snapshotPath });
    const [{ heapBytes }] = (await answer) as [{ heapBytes: number }];
    return heapBytes / 1_000_000;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#log.end();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
    this.#remember(`--- ${signal}`);
  }

  #remember(line: string): void {
    this.#log.write(`${line}\n`);
    this.#lines.push(line);
    if (this.#lines.length > REMEMBERED_LINES) this.#lines.shift();
    if (/"level":"(error|fatal)"|"level":(50|60)\b/.test(line)) this.#failures.push(`the operator logged ${line}`);
    if (/^(node:|Error|\w*Error:|\s+at )/.test(line)) this.#failures.push(`the operator printed ${line}`);
  }
}
