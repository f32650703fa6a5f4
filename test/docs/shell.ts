import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a block is run. */
export interface RunOptions {
  /** Variables of this block only. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that goes on until somebody stops it is interrupted, as by Ctrl-C, when it has printed this. */
  readonly until?: string | undefined;
  /** The exit code that the last command has to have. Default: 0. */
  readonly exitCode?: number;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 100_000;

/** A bash into which blocks are pasted one after the other: variables, functions and the folder carry over. */
export class Shell implements AsyncDisposable {
  readonly #bash: ChildProcessWithoutNullStreams;
  #output = '';
  #onOutput = () => {};

  /** @param env - the whole environment. */
  constructor(cwd: string, env: Readonly<Record<string, string>>) {
    // a process group of its own, so that what runs in it can be interrupted
    this.#bash = spawn('bash', ['--noprofile', '--norc'], { cwd, env, detached: true });
    for (const stream of [this.#bash.stdout, this.#bash.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#onOutput();
      });
    }
    this.#bash.stdin.on('error', () => {}); // it has ended: the next block finds out
    this.#bash.once('exit', () => this.#onOutput());
    this.#send('set -o pipefail; shopt -s expand_aliases; trap : INT; exec 2>&1');
  }

  /**
   * Runs a block until its end or its first command that fails.
   * @returns what it has printed.
   * @throws with that and the command that failed.
   */
  async run(text: string, options: RunOptions = {}): Promise<string> {
    const end = `end-${randomBytes(8).toString('hex')}`;
    const file = join(tmpdir(), `block-${randomBytes(8).toString('hex')}.sh`); // bash names it in what it says of errors
    await writeFile(file, text);
    this.#output = '';
    for (const [name, value] of Object.entries(options.env ?? {})) this.#send(`export ${name}='${value}'`);
    this.#send(`${sourcing(file, options)}; rm -f ${file}; echo ${end}`);
    const ended = () => this.#output.includes(`${end}\n`) || this.#hasEnded;
    if (options.until !== undefined) {
      const { until } = options;
      await this.#waitFor(() => this.#output.includes(until) || ended(), options);
      if (ended()) throw new Error(`It ended and has not printed "${until}":\n${this.#output}`);
      this.#signal('SIGINT');
    }
    await this.#waitFor(ended, options);
    const output = this.#output.replace(`${end}\n`, '');
    if (this.#hasEnded) throw new Error(`${text}\n${output}`);
    return output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal('SIGKILL');
  }

  get #hasEnded(): boolean {
    return this.#bash.exitCode !== null || this.#bash.signalCode !== null;
  }

  #send(line: string): void {
    this.#bash.stdin.write(`${line}\n`);
  }

  #signal(name: 'SIGINT' | 'SIGKILL'): void {
    if (this.#bash.pid !== undefined && !this.#hasEnded) process.kill(-this.#bash.pid, name);
  }

  async #waitFor(isTrue: () => boolean, { timeoutMs = TIMEOUT_MS }: RunOptions): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`After ${timeoutMs / 1_000} s:\n${this.#output}`)), timeoutMs);
    this.#onOutput = () => isTrue() && resolve();
    this.#onOutput();
    await promise.finally(() => clearTimeout(timer));
  }
}

/** The line that runs a file in the shell itself, with nothing to read. */
function sourcing(file: string, { until, exitCode = 0 }: RunOptions): string {
  if (until !== undefined) return `source ${file} </dev/null || true`;
  if (exitCode === 0) {
    const say = 'echo "exit code $?: $BASH_COMMAND"';
    return `trap '${say}' ERR; set -e; source ${file} </dev/null; set +e; trap - ERR`;
  }
  return `source ${file} </dev/null; code=$?; [ $code = ${exitCode} ] || { echo "exit code $code, not ${exitCode}"; exit 1; }`;
}
