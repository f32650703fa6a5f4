import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { ROOT } from '../support/kubectl.ts';

const REMEMBERED_LINES = 60;
const TERM_TIMEOUT_MS = 10_000;

/** What an operator is started from. */
export interface OperatorProcessOptions {
  /** The bundle; see `bundleOperator`. */
  readonly entry: string;
  readonly kubeconfigPath: string;
  /** Where the log of all incarnations goes. */
  readonly logPath: string;
}

/** Bundles the operator as it is now, so that a run of many minutes is about one version. @returns the entry point. */
export async function bundleOperator(folder: string): Promise<string> {
  await build({
    entryPoints: { cli: join(ROOT, 'src/cli/main.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  });
  return join(folder, 'cli.mjs');
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

  /** Starts it unless it runs. */
  start(): void {
    if (this.isRunning) return;
    const { entry, kubeconfigPath } = this.#options;
    const args = ['--max-semi-space-size=2', entry, 'operator', 'run', '--kubeconfig', kubeconfigPath];
    const child = spawn(process.execPath, [...args, '--watch-namespace', '', '--monitoring-port', '0'], {
      cwd: ROOT,
      env: { HOME: '/nonexistent' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
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
